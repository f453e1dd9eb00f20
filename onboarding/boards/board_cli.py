"""board: every consultant on a line, and what the mentors carry."""

import sys
from typing import Annotated

import typer

from onboarding.names import POLES, known_pole
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json, show_rows
from opskit.core.screen import screen_of
from opskit.staff.completion import complete_login

app = group(_("The board."))


@app.command(
    "board",
    help=_("Every consultant on a line: phase, progress, what is late and why, the next review."),
    epilog=examples(
        "opskit onboarding board",
        "opskit onboarding board --late",
        "opskit onboarding board --pole logistics",
        "opskit onboarding board --json",
    ),
)
def board(
    ctx: typer.Context,
    pole: Annotated[
        str | None,
        typer.Option("--pole", autocompletion=choices(POLES), help=_("Only this pole.")),
    ] = None,
    mentor: Annotated[
        str | None,
        typer.Option(
            "--mentor",
            metavar="LOGIN",
            autocompletion=complete_login,
            help=_("Only the newcomers of this mentor."),
        ),
    ] = None,
    only_late: Annotated[
        bool, typer.Option("--late", help=_("Only those of whom something is late."))
    ] = False,
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help=_("What is late on this day."))
    ] = "today",
    as_json: JsonOption = False,
) -> None:
    from onboarding.boards import board as boards
    from onboarding.boards.presenting import SPARED, board_columns, board_row, load_line
    from onboarding.privacy.seeing import narrowed_to
    from opskit.core.dates import parse_date
    from opskit.staff import services as staff

    run = context(ctx)
    day = parse_date(on, today=run.today())
    narrowed = narrowed_to(run.identity())
    with run.snapshot() as session:
        wanted = boards.Wanted(
            pole=None if pole is None else known_pole(pole),
            mentor=None if mentor is None else staff.find(session, mentor).login,
            only_late=only_late,
            entity_id=narrowed,
        )
        lines = boards.board(session, on=day, wanted=wanted)
        loads = boards.mentor_loads(session, lines, on=day)
    rows = [board_row(line) for line in lines]
    if as_json:
        show_json(rows)
        return
    nobody = _nobody(is_narrowed=wanted != boards.EVERYBODY)
    show_rows(rows, board_columns(), empty=nobody, spared=SPARED)
    if screen_of(sys.stdout).width is not None and narrowed is None:
        for load in loads:
            say(load_line(load))


def _nobody(*, is_narrowed: bool) -> str:
    if is_narrowed:
        return _("none of the consultants fits; all of them: opskit onboarding board")
    return _("nobody is on a path; begin with: opskit onboarding start --help")
