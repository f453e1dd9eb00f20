"""chart: a path, the skills of a person, or the cohorts, in a file or in the terminal."""

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.completion import complete_consultant
from onboarding.options import IntoFileOption
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.output import data, say
from opskit.core.screen import Screen, screen_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from onboarding.charts.drawing import Format
    from opskit.core.context import AppContext

FORMATS = ("svg", "png")

app = group(_("Charts."))


class Kind(StrEnum):
    """What is drawn."""

    TIMELINE = "timeline"
    RADAR = "radar"
    HEAT_MAP = "heat-map"
    COHORTS = "cohorts"


Drawn = tuple["Callable[[Format], bytes]", Callable[[Screen], list[str]]]


@app.command(
    "chart",
    help=_("A path along the calendar, the skills of a person, or all cohorts, as a picture."),
    epilog=examples(
        'opskit onboarding chart "Camille Perret"',
        'opskit onboarding chart "Camille Perret" --out camille.svg',
        'opskit onboarding chart "Camille Perret" --kind radar --out skills.png',
        "opskit onboarding chart --out cohorts.svg",
    ),
)
def chart(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            autocompletion=complete_consultant,
            help=_("Name, login or number (O3); without it the cohorts."),
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            autocompletion=choices(Kind),
            help=_("timeline, radar, heat-map or cohorts."),
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            autocompletion=choices(FORMATS),
            help=_("svg or png; by default what FILE ends in."),
        ),
    ] = None,
    out: IntoFileOption = None,
) -> None:
    from opskit.core.private_files import require_place, write_asked_for

    run = context(ctx)
    wanted = _kind(kind, name)
    written = _format(form, out)
    if out is not None:
        require_place(out)
    with run.snapshot() as session:
        draw, lines = _drawn(run, session, wanted, name)
    if out is None or written is None:
        for line in lines(screen_of(sys.stdout)):
            data(line)
        return
    write_asked_for(out, draw(written))
    say(_("{file} written").format(file=out))


def _kind(kind: str | None, name: str | None) -> Kind:
    """A name means a path, none means everybody.

    Raises:
        InvalidError: it is no kind of chart. UsageProblemError: the name is missing, or too much.
    """
    from opskit.core.choosing import one_of

    if kind is None:
        return Kind.COHORTS if name is None else Kind.TIMELINE
    wanted = one_of(Kind, kind, otherwise=_("{text} is no kind of chart"))
    if (wanted is Kind.COHORTS) != (name is None):
        raise UsageProblemError(
            _("cohorts are of everybody; the other charts of one person"),
            hint='opskit onboarding chart "Camille Perret" --kind timeline',
        )
    return wanted


def _format(form: str | None, out: Path | None) -> "Format | None":
    """What is to be written; the file's ending says it too.

    Raises:
        UsageProblemError: it is no such format, or no file is named for it.
    """
    named = (form or (out.suffix.lstrip(".") if out else "")).lower()
    if form is None and out is None:
        return None
    if named not in FORMATS:
        raise UsageProblemError(
            _("{text} is no format of a chart").format(text=repr(named)), hint=", ".join(FORMATS)
        )
    if out is None:
        raise UsageProblemError(
            _("--format needs a file to write into"), hint=f"--out chart.{named}"
        )
    return "svg" if named == "svg" else "png"


def _drawn(run: "AppContext", session: "Session", kind: Kind, name: str | None) -> Drawn:
    """What draws the chart, and what says it in the terminal; it is read only once."""
    if kind is Kind.COHORTS or name is None:
        return _cohorts(run, session)
    if kind is Kind.TIMELINE:
        return _timeline(run, session, name)
    return _skills(run, session, kind, name)


def _cohorts(run: "AppContext", session: "Session") -> Drawn:
    from onboarding.boards.cohorts import cohorts
    from onboarding.charts import cohort_curves
    from onboarding.privacy.seeing import require_overseer

    require_overseer(run.identity())
    shown = cohort_curves.panels(cohorts(session, on=run.today()).shown)
    return (
        lambda form: cohort_curves.picture(shown, form),
        lambda screen: cohort_curves.terminal_lines(shown, screen),
    )


def _timeline(run: "AppContext", session: "Session", name: str) -> Drawn:
    from onboarding import services
    from onboarding.charts import timeline

    walk = services.find_to_see(session, name, run.identity())
    shown = timeline.timeline(walk.run, on=run.today())
    return (
        lambda form: timeline.picture(shown, form),
        lambda screen: timeline.terminal_lines(shown, screen),
    )


def _skills(run: "AppContext", session: "Session", kind: Kind, name: str) -> Drawn:
    from onboarding.charts import skills
    from onboarding.skills.matrix import matrix
    from onboarding.skills.people import find_learner

    learner = find_learner(session, name)
    found = matrix(session, learner=learner, on=run.today(), asker=run.identity())
    shown = skills.skill_chart(found)
    draw = skills.radar if kind is Kind.RADAR else skills.heat_map
    return (
        lambda form: draw(shown, form),
        lambda screen: skills.terminal_lines(shown, screen),
    )
