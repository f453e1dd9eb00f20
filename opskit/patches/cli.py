"""opskit patch: prepare a client's patch with a checklist that checks itself."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.checklists.completion import complete_run
from opskit.checklists.step_cli import Samples, add_step_commands
from opskit.clients.options import ClientArgument, ClientOption
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.core.screen import screen_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.checklists.models import Run
    from opskit.core.identity import Identity

app = group(_("Prepare a client's patch: nineteen steps, some of which check themselves."))

RunArgument = Annotated[
    str,
    typer.Argument(
        metavar="RUN", autocompletion=complete_run("patch"), help=_("The run's number, such as P7.")
    ),
]


@app.command(
    "prepare",
    help=_("Begin the preparation of a patch."),
    epilog=examples(
        "opskit patch prepare DELEZE --to 12.4 --on 2027-01-20",
        "opskit patch prepare DELEZE --to 12.4 --on +20bd --ticket CS-1003",
    ),
)
def prepare(
    ctx: typer.Context,
    client: ClientArgument,
    version: Annotated[str, typer.Option("--to", metavar="VERSION", help=_("The new version."))],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help=_("The day of the patch."))],
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.checklists.page import summary
    from opskit.checklists.presenting import run_row
    from opskit.clients import services as clients
    from opskit.core.catalog import load_catalog
    from opskit.core.dates import parse_date
    from opskit.core.refs import TicketKey
    from opskit.patches import services

    run = context(ctx)
    today, actor = run.today(), run.identity()
    known_version = load_catalog(run.home).version(version).number
    with run.transaction() as session:
        found = clients.find(session, client)
        made = services.prepare(
            session,
            client=found,
            version=known_version,
            on=parse_date(on, today=today, canton=found.canton),
            ticket=TicketKey.parse(ticket) if ticket else None,
            at=run.now(),
            actor=actor,
        )
        row, line = run_row(made, on=today), summary(made, on=today)
    if as_json:
        show_json(row)
        return
    data(made.name)
    say(line)
    say(_("next: {command}").format(command=f"opskit patch check {made.name}"))


@app.command(
    "check",
    help=_("Ask the register and the safe; exit 8 when a check is not green."),
    epilog=examples("opskit patch check P7"),
)
def check(ctx: typer.Context, number: RunArgument, as_json: JsonOption = False) -> None:
    from opskit.checklists import services as checklists
    from opskit.checklists.checks import Verdict
    from opskit.checklists.presenting import check_columns, check_rows
    from opskit.core.errors import CheckFailedError
    from opskit.patches import services
    from opskit.patches.checks import checks_for
    from opskit.patches.ports import LicenseRegister, Safe

    run = context(ctx)
    actor = run.identity()
    with run.transaction() as session:
        found = services.find_to_change(session, number, actor)
        results = checklists.run_checks(
            session,
            run=found,
            checks=checks_for(session, register=run.plug(LicenseRegister), safe=run.plug(Safe)),
            on=run.today(),
            at=run.now(),
            actor=actor,
        )
    show_rows(check_rows(results), check_columns(), as_json=as_json)
    not_green = [result.key for result in results if result.verdict is not Verdict.OK]
    if not_green:
        raise CheckFailedError(
            _("{run}: {count} of {total} checks are not green: {steps}").format(
                run=found.name, count=len(not_green), total=len(results), steps=", ".join(not_green)
            ),
            hint=_("mend what the proofs name, then: {command}").format(
                command=f"opskit patch check {found.name}"
            ),
        )


@app.command(
    "show",
    help=_("The whole preparation on a page."),
    epilog=examples("opskit patch show P7", "opskit patch show P7 --json"),
)
def show(ctx: typer.Context, number: RunArgument, as_json: JsonOption = False) -> None:
    from opskit.checklists.page import page_lines
    from opskit.checklists.presenting import run_page
    from opskit.patches import services

    run = context(ctx)
    with run.snapshot() as session:
        found = services.find(session, number)
        if as_json:
            show_json(run_page(found, on=run.today()))
        else:
            data("\n".join(page_lines(found, on=run.today(), screen=screen_of(sys.stdout))))


@app.command(
    "list",
    help=_("Every preparation, the open ones first."),
    epilog=examples("opskit patch list", "opskit patch list --client DELEZE --json"),
)
def list_runs(
    ctx: typer.Context,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.checklists import services as checklists
    from opskit.checklists.presenting import run_row
    from opskit.clients import services as clients
    from opskit.patches import services

    run = context(ctx)
    with run.snapshot() as session:
        code = clients.find(session, client).code if client else None
        found = checklists.list_runs(session, kind=services.KIND, client=code)
        rows = [run_row(each, on=run.today()) for each in found]
    rows.sort(key=lambda row: row["state"] != "open")
    columns = {
        "number": _("Run"),
        "subject": _("Client"),
        "version": _("Version"),
        "anchor_on": _("On"),
        "state": _("State"),
        "percent": "%",
        "late": _("Late"),
    }
    show_rows(rows, columns, as_json=as_json)


def _find(session: "Session", number: str, actor: "Identity") -> "Run":
    from opskit.patches import services

    return services.find_to_change(session, number, actor)


add_step_commands(
    app,
    group="patch",
    samples=Samples(
        run="P7",
        tick='1 --answer "12.1 to 12.4"',
        waive='contacts --reason "the client has no deputy"',
        skip='customizations --reason "nothing customised here"',
        reopen='1 --reason "another version after all"',
    ),
    find=_find,
    complete=complete_run("patch"),
)
