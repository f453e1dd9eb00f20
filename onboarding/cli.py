"""opskit onboarding: consultants on their paths, and the board that shows them all."""

from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.completion import complete_consultant
from opskit.checklists.step_cli import Samples, add_step_commands
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.staff.completion import complete_login

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from opskit.checklists.models import Run
    from opskit.core.identity import Identity

app = group(_("New consultants: their paths, their steps, and the board."))


@app.command(
    "start",
    help=_("Put a new consultant on a path; due dates count from the first day."),
    epilog=examples(
        'opskit onboarding start "Camille Perret" --path back-office --start 2026-12-01 '
        "--mentor jmettler15",
    ),
)
def start(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help=_("The person's full name, or the login of a colleague.")
        ),
    ],
    path: Annotated[
        str,
        typer.Option(
            "--path",
            autocompletion=choices(("back-office", "logistics")),
            help=_("back-office or logistics."),
        ),
    ],
    start_on: Annotated[str, typer.Option("--start", metavar="DATE", help=_("The first day."))],
    mentor: Annotated[
        str,
        typer.Option(
            "--mentor", metavar="LOGIN", autocompletion=complete_login, help=_("Who goes along.")
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    from onboarding.presenting import walk_row
    from onboarding.starting import Newcomer, start_newcomer
    from opskit.core.business_days import CalendarSource
    from opskit.core.dates import parse_date
    from opskit.staff.acts import Desk
    from opskit.staff.importing import check_facts
    from opskit.staff.ports import Accounts

    run = context(ctx)
    today = run.today()
    canton = run.settings.canton
    full_name = check_facts(name=name)["name"]
    with run.snapshot() as session:
        calendar = run.plug(CalendarSource).load(session)
    first_day = parse_date(start_on, today=today, canton=canton, calendar=calendar)
    newcomer = Newcomer(name=full_name, path=path, start_on=first_day, mentor=mentor)
    walk = start_newcomer(
        Desk(run.transaction, run.plug(Accounts), run.identity(), run.now()),
        newcomer,
        canton=canton,
        calendar=calendar,
    )
    if as_json:
        show_json(walk_row(walk, on=today))
        return
    data(walk.run.name)
    say(
        _("{name} ({login}) starts on {day}, with {mentor} as mentor").format(
            name=walk.person.name,
            login=walk.person.login,
            day=walk.consultant.start_on,
            mentor=walk.mentor.name,
        )
    )


@app.command(
    "board",
    help=_("Every consultant on a line: phase, progress, what is late, the next review."),
    epilog=examples("opskit onboarding board", "opskit onboarding board --json"),
)
def board(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from onboarding import services
    from onboarding.presenting import board_columns, walk_row

    run = context(ctx)
    with run.snapshot() as session:
        rows = [walk_row(walk, on=run.today()) for walk in services.walks(session)]
    nobody = _("nobody is on a path; begin with: opskit onboarding start --help")
    show_rows(rows, board_columns(), as_json=as_json, empty=nobody)


@app.command(
    "list",
    help=_("Who is on which path, since when, with whom."),
    epilog=examples("opskit onboarding list"),
)
def list_consultants(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from onboarding import services
    from onboarding.presenting import list_columns, walk_row

    run = context(ctx)
    with run.snapshot() as session:
        rows = [walk_row(walk, on=run.today()) for walk in services.walks(session)]
    show_rows(rows, list_columns(), as_json=as_json)


@app.command(
    "show",
    help=_("One consultant's path on a page; accents and case do not matter."),
    epilog=examples('opskit onboarding show "camille perret"', "opskit onboarding show O3 --json"),
)
def show(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            autocompletion=complete_consultant,
            help=_("Name, login or number (O3)."),
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    from onboarding import services
    from onboarding.presenting import walk_row
    from opskit.checklists.presenting import run_page
    from opskit.checklists.showing import show_run

    run = context(ctx)
    today = run.today()
    with run.snapshot() as session:
        walk = services.find(session, name)
        if as_json:
            show_json({**run_page(walk.run, on=today), **walk_row(walk, on=today)})
            return
        data(_("Mentor: {name}").format(name=walk.mentor.name))
        show_run(run, session, walk.run, as_json=False)


@app.command(
    "paths",
    help=_("The paths that a consultant can be put on."),
    epilog=examples("opskit onboarding paths"),
)
def paths(as_json: JsonOption = False) -> None:
    from onboarding.paths import PATHS, load_path
    from opskit.core.i18n import language

    rows = [
        {
            "path": name,
            "title": getattr(load_path(name).title, language()),
            "steps": len(load_path(name).steps),
        }
        for name in PATHS
    ]
    show_rows(rows, {"path": _("Path"), "title": _("Title"), "steps": _("Steps")}, as_json=as_json)


def _find(session: "Session", name: str, actor: "Identity") -> "Run":
    from onboarding import services

    return services.find_to_change(session, name, actor)


def _read(session: "Session", name: str) -> "Run":
    from onboarding import services

    return services.find_run(session, name)


def _moved(session: "Session", run: "Run", /, *, at: "datetime", actor: "Identity") -> None:
    from onboarding import services

    del at, actor  # the move itself is in the log
    services.enter_first_day(session, run)


add_step_commands(
    app,
    group="onboarding",
    samples=Samples(
        run='"Camille Perret"',
        tick='mentor --answer "Maria Keller, backup Paul Rey"',
        waive='ten-calls --reason "came from the hotline of another team"',
        skip='on-call-rehearsal --reason "this pole is never on call"',
        reopen='workstation --reason "a new laptop is on its way"',
        step="workstation",
        version="1",
    ),
    find=_find,
    read=_read,
    complete=complete_consultant,
    moved=_moved,
    gates=False,
)
