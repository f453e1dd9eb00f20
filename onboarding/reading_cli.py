"""list, show, paths: who is on which path, and how far."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.names import POLES, SITES, known, known_pole, known_site
from onboarding.options import NameArgument
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, show_json, show_rows
from opskit.staff.completion import complete_login

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from onboarding.services import Walk

app = group(_("Who is on which path."))

STATES = ("active", "paused", "finished", "left", "undone")
ALL = "all"


@app.command(
    "list",
    help=_("Who is on which path, since when, with whom; a newcomer sees the own line."),
    epilog=examples(
        "opskit onboarding list",
        "opskit onboarding list --mentor jmettler15",
        "opskit onboarding list --state all --pole logistics --json",
    ),
)
def list_consultants(
    ctx: typer.Context,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            autocompletion=choices((*STATES, ALL)),
            help=_("Only active, paused, finished, left or undone; or all. Else those under way."),
        ),
    ] = None,
    pole: Annotated[
        str | None,
        typer.Option("--pole", autocompletion=choices(POLES), help=_("Only of that pole.")),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option("--site", autocompletion=choices(SITES), help=_("Only of that site.")),
    ] = None,
    mentor: Annotated[
        str | None,
        typer.Option(
            "--mentor",
            metavar="LOGIN",
            autocompletion=complete_login,
            help=_("Only the newcomers of that mentor."),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from onboarding.models import UNDER_WAY
    from onboarding.presenting import roll_columns, roll_row, roll_table
    from onboarding.roll import Wanted, roll
    from opskit.staff import services as staff

    run = context(ctx)
    actor = run.identity()
    states = UNDER_WAY if state is None else _states(state)
    at_pole = None if pole is None else known_pole(pole)
    at_site = None if site is None else known_site(site)
    with run.snapshot() as session:
        guide = staff.find(session, mentor).id if mentor else None
        wanted = Wanted(states, at_pole, at_site, guide)
        lines = roll(session, wanted=wanted, actor=actor, on=run.today())
    rows = [roll_row(each) for each in lines] if as_json else roll_table(lines)
    nobody = _("nobody is on a path; begin with: opskit onboarding start --help")
    show_rows(rows, roll_columns(lines), as_json=as_json, empty=nobody)


@app.command(
    "show",
    help=_(
        "One consultant's path on a page, the newcomer's own week first; "
        "accents and case do not matter."
    ),
    epilog=examples('opskit onboarding show "camille perret"', "opskit onboarding show O3 --json"),
)
def show(
    ctx: typer.Context,
    name: NameArgument,
    as_json: JsonOption = False,
) -> None:
    from onboarding import services
    from onboarding.presenting import walk_row, week_facts
    from onboarding.week import week_of
    from opskit.checklists.presenting import run_page
    from opskit.checklists.showing import show_run

    run = context(ctx)
    today, actor = run.today(), run.identity()
    with run.snapshot() as session:
        walk = services.find_to_see(session, name, actor)
        week = week_of(walk.run, login=walk.person.login, on=today)
        if as_json:
            page = {**run_page(walk.run, on=today), **walk_row(session, walk, on=today)}
            show_json({**page, "week": week_facts(week)})
            return
        for line in _head(run, session, walk):
            data(line)
        show_run(run, session, walk.run, as_json=False)


@app.command(
    "paths",
    help=_("The paths that a consultant can be put on."),
    epilog=examples("opskit onboarding paths"),
)
def paths(as_json: JsonOption = False) -> None:
    from onboarding.paths import PATHS, composed_paths, load_path
    from opskit.checklists.page import in_language

    rows = [
        {"path": each.id, "title": in_language(each.title), "steps": len(each.steps)}
        for each in (*map(load_path, PATHS), *composed_paths())
    ]
    show_rows(rows, {"path": _("Path"), "title": _("Title"), "steps": _("Steps")}, as_json=as_json)


def _states(state: str) -> tuple[str, ...]:
    typed = known(state, (*STATES, ALL), _("{name} is no state of a path"))
    return STATES if typed == ALL else (typed,)


def _head(run: AppContext, session: "Session", walk: "Walk") -> list[str]:
    """The week, or why there is none, then what stands above the list."""
    from onboarding.week import week_lines, week_of
    from opskit.checklists.ports import People
    from opskit.core.screen import screen_of
    from opskit.core.words import in_words

    lines = list[str]()
    if walk.consultant.state == "active":
        week = week_of(walk.run, login=walk.person.login, on=run.today())
        names = run.plug(People).names(session)
        lines += [*week_lines(week, names=names, screen=screen_of(sys.stdout)), ""]
    else:
        lines += [_("This path: {state}").format(state=in_words(walk.consultant.state)), ""]
    lines.append(_("Mentor: {name}").format(name=walk.mentor.name))
    if walk.consultant.probation_until is not None:
        lines.append(_("Probation until {day}").format(day=walk.consultant.probation_until))
    return lines
