"""opskit vault find, list: many entries, and never a secret."""

from typing import Annotated

import typer

from opskit.clients.completion import complete_client
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.refs import ClientCode
from vault.ports import EntryStore
from vault.presenting import show_entries

app = group(_("Finding entries."))


@app.command(
    "list",
    help=_("List the entries of the safe, or of one client."),
    epilog=examples("opskit vault list", "opskit vault list DELEZE --json"),
)
def list_all(
    ctx: typer.Context,
    client: Annotated[
        str | None,
        typer.Argument(metavar="[CLIENT]", autocompletion=complete_client, help=_("A client.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    code = None if client is None else ClientCode.parse(client)
    run = context(ctx)
    entries = run.plug(EntryStore).list_entries(code)
    if code is not None and not entries:
        from opskit.clients.services import find

        with run.snapshot() as session:
            find(session, code.value)  # an unknown client is no empty one
    show_entries(entries, as_json=as_json)


@app.command(
    "find",
    help=_("Find entries in which every word occurs, accents and case aside; the best first."),
    epilog=examples("opskit vault find deleze database", "opskit vault find vpn fortinet --json"),
)
def find(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help=_("What to look for."))],
    as_json: JsonOption = False,
) -> None:
    from vault.search import search

    entries = context(ctx).plug(EntryStore).list_entries()
    show_entries(search(entries, words), as_json=as_json)
