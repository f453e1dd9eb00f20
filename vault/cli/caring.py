"""opskit vault health, check: are the credentials any good?"""

from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from opskit.clients.completion import complete_client
from opskit.core.cliapp import context, examples, group
from opskit.core.errors import CheckFailedError, DeniedError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import say, show_rows
from opskit.core.refs import ClientCode
from vault.entries import EntryRef
from vault.finding.completion import complete_entry
from vault.getting import not_denied, reason_for
from vault.ports import EntryStore

app = group(_("Looking after the safe."))


@app.command(
    "health",
    help=_("Judge every credential: weak, used twice, too old, expired, incomplete. By client."),
    epilog=examples(
        "opskit vault health",
        "opskit vault health DELEZE --ticket CS-1001",
        "opskit vault health --breached pwned-passwords-sha1-ordered-by-hash.txt",
        "opskit vault health --facts-only --longest 365 --json",
    ),
)
def health(
    ctx: typer.Context,
    client: Annotated[
        str | None,
        typer.Argument(metavar="[CLIENT]", autocompletion=complete_client, help=_("A client.")),
    ] = None,
    longest: Annotated[
        int, typer.Option("--longest", min=1, help=_("After how many days a password is too old."))
    ] = 730,
    breached: Annotated[
        Path | None,
        typer.Option(
            "--breached", metavar="FILE", help=_("A list of breached passwords' SHA-1 hashes.")
        ),
    ] = None,
    facts_only: Annotated[
        bool, typer.Option("--facts-only", help=_("Read no secret: only dates and facts."))
    ] = False,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from vault.caring.breached import BreachedList
    from vault.caring.looking import look_at

    run = context(ctx)
    code = None if client is None else ClientCode.parse(client)
    reason = None if facts_only else reason_for(run, ticket)
    store = run.plug(EntryStore)
    with nullcontext() if breached is None else BreachedList(breached) as known:
        look = look_at(
            store,
            store.list_entries(code),
            at=run.now(),
            longest=timedelta(days=longest),
            ticket=reason,
            breached=known,
            read_secrets=not facts_only,
        )
    rows = [
        {"client": each.ref.client.value, "ref": each.ref.path, "flaw": each.flaw, "why": each.why}
        for each in look.findings
    ]
    columns = {"ref": _("Entry"), "flaw": _("Flaw"), "why": _("Why")}
    show_rows(rows, columns, as_json=as_json, empty=_("no flaw found"))
    flawed = len({each.ref for each in look.findings})
    say(_("entries with flaws: {flawed} of {entries}").format(flawed=flawed, entries=look.entries))
    if look.unseen:
        say(_("passwords not looked at: {count}").format(count=look.unseen))


@app.command(
    "check",
    help=_("Try whether entries work: does the port answer, is the user let in? Once, not more."),
    epilog=examples(
        "opskit vault check DELEZE/prod/erp-db --ticket CS-1001",
        "opskit vault check DELEZE/prod/ssh --host-key SHA256:UksnTCLE4ddbvYAQ4vHvZVdjzhQAlpcwrRz",
    ),
)
def check(
    ctx: typer.Context,
    refs: Annotated[
        list[str],
        typer.Argument(
            metavar="CLIENT/ENV/NAME...", autocompletion=complete_entry, help=_("The entries.")
        ),
    ],
    host_key: Annotated[
        str, typer.Option("--host-key", help=_("The SSH fingerprint to trust, as SHA256:..."))
    ] = "",
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from vault.caring.checking import BAD
    from vault.caring.looking import try_login

    run = context(ctx)
    entries = [EntryRef.parse(ref, environments=None) for ref in refs]
    reason = reason_for(run, ticket)
    store = run.plug(EntryStore)
    rows = []
    for entry in entries:
        try:
            result = try_login(store, entry, at=run.now(), ticket=reason, host_key=host_key)
        except DeniedError as err:
            if other := not_denied(run, entry, err):
                raise other from err
            raise
        rows.append({"ref": entry.path, "check": result.outcome, "why": result.why})
    columns = {"ref": _("Entry"), "check": _("Check"), "why": _("Why")}
    show_rows(rows, columns, as_json=as_json)
    bad = [row for row in rows if row["check"] in BAD]
    if bad:
        raise CheckFailedError(
            _("entries that do not work: {count} of {entries}").format(
                count=len(bad), entries=len(rows)
            ),
            hint=_("is the way open? opskit vault connect {entry}").format(entry=bad[0]["ref"]),
        )
