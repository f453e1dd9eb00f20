"""export and calendar: the paths for other tools, as much as one may see of them."""

from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.completion import complete_consultant
from opskit.core.cliapp import context, examples, group
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import OutOption, TableFormatOption
from opskit.core.output import say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from onboarding.services import Walk
    from opskit.checklists.exporting import StepTable
    from opskit.core.context import AppContext


app = group(_("For other tools."))


@app.command(
    "export",
    help=_("The board as a table in a file, or the steps of one path or of all."),
    epilog=examples(
        "opskit onboarding export --out board.xlsx",
        'opskit onboarding export "Camille Perret" --out camille.csv',
        "opskit onboarding export --steps --format json --out steps.json",
    ),
)
def export(
    ctx: typer.Context,
    out: OutOption,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            autocompletion=complete_consultant,
            help=_("One consultant's steps; without it everybody."),
        ),
    ] = None,
    steps: Annotated[
        bool, typer.Option("--steps", help=_("Everybody's steps, a row each."))
    ] = False,
    form: TableFormatOption = None,
) -> None:
    from opskit.core.private_files import require_place, write_asked_for
    from opskit.core.table_files import format_of, table_bytes

    if steps and name is not None:
        raise UsageProblemError(
            _("give one consultant, or --steps"), hint="opskit onboarding export --help"
        )
    run = context(ctx)
    wanted = format_of(form, out)
    require_place(out)
    with run.snapshot() as session:
        table = _steps(run, session, name) if steps or name else _board(run, session)
    write_asked_for(out, table_bytes(wanted, table.rows, table.columns))
    say(_("{file} written, rows: {count}").format(file=out, count=len(table.rows)))


def _board(run: "AppContext", session: "Session") -> "StepTable":
    from onboarding.boards import board as boards
    from onboarding.boards.presenting import board_row, export_columns
    from onboarding.privacy.seeing import narrowed_to
    from opskit.checklists.exporting import StepTable

    wanted = boards.Wanted(entity_id=narrowed_to(run.identity()))
    lines = boards.board(session, on=run.today(), wanted=wanted)
    return StepTable([board_row(line) for line in lines], export_columns())


def _steps(run: "AppContext", session: "Session", name: str | None) -> "StepTable":
    from onboarding import services
    from onboarding.privacy.seeing import require_overseer
    from opskit.checklists.exporting import step_table
    from opskit.checklists.ports import People

    names = run.plug(People).names(session)
    asker, found = run.identity(), None
    if name is None:
        require_overseer(asker)
    else:
        found = services.find_to_see(session, name, asker).run
    return step_table(session, kind=services.KIND, on=run.today(), run=found, names=names)


@app.command(
    "calendar",
    help=_("Reviews and due days as a calendar file: your own paths, one path, or all."),
    epilog=examples(
        "opskit onboarding calendar --out mine.ics",
        "opskit onboarding calendar --reviews --all --out reviews.ics",
        'opskit onboarding calendar "Camille Perret" --out camille.ics',
    ),
)
def calendar(
    ctx: typer.Context,
    out: OutOption,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            autocompletion=complete_consultant,
            help=_("One consultant; without it those whom you go along with, and yourself."),
        ),
    ] = None,
    only_reviews: Annotated[
        bool, typer.Option("--reviews", help=_("Only the reviews, not every due day."))
    ] = False,
    everybody: Annotated[
        bool, typer.Option("--all", help=_("Everybody; for managers and admins."))
    ] = False,
) -> None:
    from onboarding.reports.agenda import agenda_of
    from opskit.core.ics import calendar_file
    from opskit.core.private_files import require_place, write_asked_for

    if everybody and name is not None:
        raise UsageProblemError(
            _("give one consultant, or --all"), hint="opskit onboarding calendar --help"
        )
    run = context(ctx)
    require_place(out)
    with run.snapshot() as session:
        walks = _walks(run, session, name, everybody=everybody)
        events = agenda_of(session, walks, at=run.now(), only_reviews=only_reviews)
    title = f"opskit onboarding: {name or run.identity().name}"
    write_asked_for(out, calendar_file(title, events))
    say(_("{file} written, days: {count}").format(file=out, count=len(events)))


def _walks(
    run: "AppContext", session: "Session", name: str | None, *, everybody: bool
) -> "list[Walk]":
    from onboarding import services
    from onboarding.privacy.seeing import require_overseer

    asker = run.identity()
    if name is not None:
        return [services.find_to_see(session, name, asker)]
    if everybody:
        require_overseer(asker)
        return services.walks(session)
    return [
        walk
        for walk in services.walks(session)
        if asker.entity_id in {walk.person.entity_id, walk.mentor.entity_id}
    ]
