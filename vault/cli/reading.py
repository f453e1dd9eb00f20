"""opskit vault get, show: one entry."""

from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import say, show_facts, show_json
from vault.cli.options import ClipOption, RefArgument, refuse_both
from vault.entries import EntryRef
from vault.getting import Wish, find_secret, give_secret, look_up
from vault.kinds import PASSWORD
from vault.presenting import labels
from vault.using.clipboards.ports import LONGEST, SECONDS

app = group(_("One entry of the safe."))


@app.command(
    "get",
    help=_(
        "Print one secret and a newline, nothing else; or put it on the clipboard. "
        "The server's audit log keeps the ticket."
    ),
    epilog=examples(
        "opskit vault get DELEZE/prod/erp-db --ticket CS-1001",
        "opskit vault get DELEZE/common/vpn --field shared-key",
        "opskit vault get DELEZE/prod/erp-db --clip --seconds 20",
    ),
)
def get(
    ctx: typer.Context,
    ref: RefArgument,
    field: Annotated[str, typer.Option("--field", help=_("Which secret."))] = PASSWORD,
    clip: ClipOption = False,
    seconds: Annotated[
        int,
        typer.Option(
            "--seconds", min=1, max=LONGEST, help=_("After how long --clip clears it again.")
        ),
    ] = SECONDS,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    wish = Wish(ref, field, ticket, clip, seconds)
    if as_json:
        refuse_both(clip=clip)
        value = find_secret(context(ctx), wish).reveal()
        path = EntryRef.parse(ref, environments=None).path
        show_json({"ref": path, "field": field, "value": value})
        return
    give_secret(context(ctx), wish)


@app.command(
    "show",
    help=_("Show an entry: all but the secrets."),
    epilog=examples(
        "opskit vault show DELEZE/prod/erp-db", "opskit vault show DELEZE/prod/erp-db --json"
    ),
)
def show(ctx: typer.Context, ref: RefArgument, as_json: JsonOption = False) -> None:
    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    found, guarded = look_up(run, entry)
    if guarded:
        say(_("it is guarded: opskit vault break-glass request {entry}").format(entry=entry))
    row = found.to_row()
    if as_json:
        show_json(row)
    else:
        show_facts(row, labels())
