"""cohorts: how long the people of a pole and a year took to work alone."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from onboarding.names import POLES, known_pole
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json, show_rows

if TYPE_CHECKING:
    from onboarding.boards.cohorts import Cohort

app = group(_("Cohorts."))


@app.command(
    "cohorts",
    help=_("After how many days the people of a pole and a year worked alone; five at least."),
    epilog=examples(
        "opskit onboarding cohorts",
        "opskit onboarding cohorts --pole logistics",
        "opskit onboarding cohorts --year 2026 --json",
    ),
)
def cohorts(
    ctx: typer.Context,
    pole: Annotated[
        str | None,
        typer.Option("--pole", autocompletion=choices(POLES), help=_("Only this pole.")),
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", help=_("Only those who started in this year."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from onboarding.boards.cohorts import cohorts as find_cohorts
    from onboarding.privacy.seeing import require_overseer

    run = context(ctx)
    wanted = None if pole is None else known_pole(pole)
    require_overseer(run.identity())
    with run.snapshot() as session:
        found = find_cohorts(session, on=run.today(), pole=wanted, year=year)
    if as_json:
        show_json([_facts(each) for each in found.shown])
    else:
        nobody = _("no cohort has five people yet")
        rows = [_row(each) for each in found.shown]
        show_rows(rows, _columns(), empty=nobody)
    if found.withheld:
        say(
            _("cohorts of fewer than five people, of which nothing is said: {count}").format(
                count=found.withheld
            )
        )


def _facts(cohort: "Cohort") -> dict[str, Any]:
    """Keys: `pole`, `year`, `people`, `milestones` (`milestone`, `reached`, `median_days`; both
    null where fewer than five have reached it).
    """
    return {
        "pole": cohort.pole,
        "year": cohort.year,
        "people": cohort.people,
        "milestones": [
            {"milestone": each.milestone, "reached": each.count, "median_days": each.median_days}
            for each in cohort.reached
        ],
    }


def _row(cohort: "Cohort") -> dict[str, Any]:
    days = {each.milestone: each.median_days for each in cohort.reached}
    return {"pole": cohort.pole, "year": cohort.year, "people": cohort.people, **days}


def _columns() -> dict[str, str]:
    """Medians in days from the first day on."""
    from onboarding.boards.milestones import MILESTONES, milestone_title

    titles = {key: milestone_title(key) for key in MILESTONES}
    return {"pole": _("Pole"), "year": _("Year"), "people": _("People"), **titles}
