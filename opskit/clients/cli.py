"""opskit client: the directory of client companies."""

from pathlib import Path
from typing import Annotated

import typer

from opskit.clients import freeze_cli
from opskit.clients.completion import complete_client
from opskit.core.cliapp import context, examples, group
from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption
from opskit.core.output import data, say, show_json, show_rows

app = group(_("The directory of client companies."))
app.add_typer(freeze_cli.app, name="freeze")


@app.command(
    "import",
    help=_(
        "Add and update clients from a CSV file, as a database or Excel exports it. "
        "Rows with an error are reported and put beside the file; the others are stored."
    ),
    epilog=examples(
        "opskit client import clients.csv", "opskit client import --dry-run clients.csv"
    ),
)
def import_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The CSV file."))],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.clients import services
    from opskit.clients.importing import COLUMNS
    from opskit.core import import_output
    from opskit.core.catalog import load_catalog
    from opskit.core.tabular import read_table

    run = context(ctx)
    table = read_table(file, COLUMNS)
    catalog = load_catalog(run.home)
    if dry_run:
        with run.snapshot() as session:
            report = services.preview_import(session, rows=table.rows, catalog=catalog)
            outcome = import_output.keep(table, report, dry_run=True)
    else:
        actor = run.identity()
        with run.transaction() as session:
            before = services.poles(session)
            report = services.import_clients(
                session, rows=table.rows, catalog=catalog, at=run.now(), actor=actor
            )
            outcome = import_output.keep(table, report, dry_run=False)
            has_moved = services.poles(session) != before
        if has_moved:
            _let_rights_follow(run)
    import_output.show(outcome, as_json=as_json)


@app.command(
    "list",
    help=_("List clients by code; every WORD must occur in code, name, city or contact."),
    epilog=examples("opskit client list", "opskit client list delemont --json"),
)
def list_all(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]...", help=_("What to look for."))
    ] = None,
    pole: Annotated[
        str | None, typer.Option("--pole", help=_("Only this pole: back-office or logistics."))
    ] = None,
    canton: Annotated[str | None, typer.Option("--canton", help=_("Only this canton."))] = None,
    lapsed: Annotated[
        bool, typer.Option("--lapsed", help=_("Only those whose maintenance has lapsed."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.clients import services
    from opskit.clients.page import client_facts

    run = context(ctx)
    today = run.today()
    with run.snapshot() as session:
        found = services.list_clients(
            session,
            words=words or (),
            pole=pole,
            canton=None if canton is None else canton.upper(),
            lapsed_on=today if lapsed else None,
        )
    rows = [client_facts(client, on=today) for client in found]
    if not as_json:
        rows = [
            {**row, "until": row["maintenance"]["until"], "state": row["maintenance"]["state"]}
            for row in rows
        ]
    columns = {
        "code": _("Code"),
        "name": _("Name"),
        "city": _("City"),
        "canton": _("Canton"),
        "contract": _("Contract"),
        "until": _("Until"),
        "state": _("Maintenance"),
        "erp_version": _("ERP"),
        "pole": _("Pole"),
    }
    show_rows(rows, columns, as_json=as_json)


@app.command(
    "show",
    help=_("Show all that is known of one client, on one page."),
    epilog=examples("opskit client show DELEZE", "opskit client show deleze --json"),
)
def show(
    ctx: typer.Context,
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE", autocompletion=complete_client, help=_("The client's code.")
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    from opskit.clients import services
    from opskit.clients.page import build_page, page_facts, page_lines
    from opskit.clients.ports import ClientPanels

    run = context(ctx)
    with run.snapshot() as session:
        client = services.find(session, code)
        page = build_page(session, client, panels=run.plug(ClientPanels), on=run.today())
    if as_json:
        show_json(page_facts(page))
        return
    for line in page_lines(page):
        data(line)


def _let_rights_follow(run: AppContext) -> None:
    """The import is done; whether the safe follows now or later does not undo it."""
    from opskit.clients.ports import ClientRights

    try:
        run.plug(ClientRights).follow(run)
    except OpsError as err:
        why = err.message
        say(_("the agents' rights in the safe do not follow yet: {why}").format(why=why))
        say(_("next, an admin types: opskit vault provision"))
