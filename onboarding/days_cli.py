"""pause, resume, extend: days of a path that move."""

from typing import Annotated

import typer

from onboarding.leading import (
    OnOption,
    ReasonOption,
    leading,
    read_walk_day,
    team_calendar,
    tell_walk,
)
from onboarding.options import NameArgument
from onboarding.walking_cli import NAME
from opskit.checklists.step_cli.run_group import YesOption
from opskit.core.cliapp import context, examples, group
from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption
from opskit.core.output import show_rows

app = group(_("Days that move."))


@app.command(
    "pause",
    help=_("Let a path rest, as in a long illness: nothing is late, nobody is reminded."),
    epilog=examples(
        f'opskit onboarding pause {NAME} --reason "military service"',
        f'opskit onboarding pause {NAME} --on yesterday --reason "ill"',
    ),
)
def pause(
    ctx: typer.Context,
    name: NameArgument,
    reason: ReasonOption,
    on: OnOption = "today",
    as_json: JsonOption = False,
) -> None:
    from onboarding import services

    run = context(ctx)
    with leading(run, name) as (session, walk, signed):
        day = read_walk_day(run, session, walk, on)
        services.pause(session, walk=walk, on=day, today=run.today(), reason=reason, **signed)
    said = _("{run} rests since {day}; to go on: {command}")
    command = f"opskit onboarding resume {walk.run.name}"
    tell_walk(walk, said.format(run=walk.run.name, day=day, command=command), as_json=as_json)


@app.command(
    "resume",
    help=_("Go on with a path that rested; open dates move by the business days of the pause."),
    epilog=examples(
        f"opskit onboarding resume {NAME} --dry-run", f"opskit onboarding resume {NAME}"
    ),
)
def resume(
    ctx: typer.Context,
    name: NameArgument,
    on: OnOption = "today",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    from onboarding import services
    from onboarding.presenting import shift_columns, shift_rows
    from onboarding.services.pausing import plan_resume

    run = context(ctx)
    if dry_run:
        actor = run.identity()
        with run.snapshot() as session:
            walk = services.find_to_lead(session, name, actor)
            day, calendar = read_walk_day(run, session, walk, on), team_calendar(run, session)
            shifts = plan_resume(session, walk, on=day, calendar=calendar)
        columns, nothing = shift_columns(), _("no step moves")
        show_rows(shift_rows(shifts), columns, as_json=as_json, empty=nothing)
        return
    with leading(run, name) as (session, walk, signed):
        day = read_walk_day(run, session, walk, on)
        calendar = team_calendar(run, session)
        shifts = services.resume(session, walk=walk, on=day, calendar=calendar, **signed)
    said = _("{run} goes on, dates moved: {count}")
    more = {"moved": shift_rows(shifts)}
    said = said.format(run=walk.run.name, count=len(shifts))
    tell_walk(walk, said, as_json=as_json, more=more)


@app.command(
    "extend",
    help=_("Prolong the probation; asks when it is by more than half a year."),
    epilog=examples(
        f'opskit onboarding extend {NAME} --until 2027-06-30 --reason "agreed on 2027-02-20"'
    ),
)
def extend(
    ctx: typer.Context,
    name: NameArgument,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help=_("Its last day."))],
    reason: ReasonOption,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    from onboarding import services

    run = context(ctx)
    _ask_about_far(run, name, until, yes=yes)
    with leading(run, name) as (session, walk, signed):
        day = read_walk_day(run, session, walk, until)
        services.extend(session, walk=walk, until=day, reason=reason, **signed)
    said = _("the probation of {name} lasts until {day}").format(name=walk.person.name, day=day)
    tell_walk(walk, said, as_json=as_json)


def _ask_about_far(run: AppContext, name: str, until: str, *, yes: bool) -> None:
    from onboarding import services
    from onboarding.probation import is_far
    from opskit.core.agreeing import agree

    actor = run.identity()
    with run.snapshot() as session:
        walk = services.find_to_lead(session, name, actor)
        day, end = read_walk_day(run, session, walk, until), walk.consultant.probation_until
    if end is not None and is_far(end, day):
        question = _("The probation ends on {end}: prolong it until {day}?")
        agree(question.format(end=end, day=day), yes=yes)
