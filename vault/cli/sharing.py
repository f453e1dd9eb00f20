"""opskit vault share, receive: a secret handed over, once."""

from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _, colon
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json
from opskit.core.secret import read_secret
from vault.cli.options import RefArgument
from vault.entries import EntryRef
from vault.kinds import PASSWORD
from vault.ports import Login
from vault.presenting import labels

app = group(_("Handing a secret over."))


@app.command(
    "share",
    help=_(
        "Make a one-time token that hands one secret over. Whoever brings it first gets the"
        " secret, without a login; a token that was used already shows that somebody else did."
    ),
    epilog=examples(
        "opskit vault share DELEZE/prod/erp-db --ticket CS-1001",
        "opskit vault share DELEZE/common/vpn --field shared-key --ttl 30m",
    ),
)
def share(
    ctx: typer.Context,
    ref: RefArgument,
    field: Annotated[str, typer.Option("--field", help=_("Which secret."))] = PASSWORD,
    ttl: Annotated[
        str, typer.Option("--ttl", help=_("How long the token can be used: 30m, 1h, 2d."))
    ] = "1h",
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from vault.handover.sharing import share_secret

    entry = EntryRef.parse(ref, environments=None)
    made = share_secret(context(ctx), ref=entry, field=field, ttl=ttl, ticket=ticket)
    token = made.token.reveal()
    if as_json:
        row = {"ref": entry.path, "field": field, "token": token, "expires_at": made.expires_at}
        show_json(row)
        return
    data(token)
    ends = made.expires_at.astimezone().strftime("%Y-%m-%d %H:%M")
    say(_("it opens once, until {time}, with: opskit vault receive").format(time=ends))


@app.command(
    "receive",
    help=_(
        "Open a one-time token and print the secret. Needs no login; the token is asked for, or"
        " comes from a file or stdin."
    ),
    epilog=examples(
        "opskit vault receive",
        "opskit vault receive --token-file -",
        "opskit vault receive --token-file token.txt --json",
    ),
)
def receive(
    ctx: typer.Context,
    token_file: Annotated[
        str | None,
        typer.Option(
            "--token-file", metavar="FILE", help=_("Read the token from FILE, or - for stdin.")
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from vault.handover.wrapping import unwrap
    from vault.store.lean_store import anonymous_http

    connection = context(ctx).plug(Login).connection
    token = read_secret(token_file, prompt=_("One-time token"), option="--token-file")
    with anonymous_http(connection) as http:
        received = unwrap(http, token)
    parcel = received.parcel
    if as_json:
        show_json({**parcel.to_data(), "shared_at": received.shared_at})
        return
    data(parcel.value.reveal())
    say(
        _("{field} of {entry}, shared at {time}").format(
            field=parcel.field,
            entry=parcel.ref,
            time=received.shared_at.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
        )
    )
    known = labels()
    for name in sorted(parcel.facts, key=[*known, *parcel.facts].index):
        say(f"{colon(known.get(name, name))} {parcel.facts[name]}")
