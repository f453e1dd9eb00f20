"""sign, pause, resume, extend, finish, undo, custom-step: what happens on somebody's way."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onboarding.access.following import let_access_follow
from onboarding.options import NameArgument
from opskit.checklists.step_cli.run_group import StepArgument, YesOption
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption, TicketOption
from opskit.core.output import say, show_json, show_rows

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from onboarding.services import Walk
    from opskit.core.business_days import Calendar

app = group(_("On the way."))

NAME = '"Camille Perret"'
OWNERS = ("consultant", "mentor", "manager", "admin")

ReasonOption = Annotated[str, typer.Option("--reason", help=_("Why, in a few words."))]
OnOption = Annotated[str, typer.Option("--on", metavar="DATE", help=_("By default today."))]


@app.command(
    "sign",
    help=_(
        "Sign a step that the newcomer has submitted: as the mentor, a manager or an admin. "
        "Without an answer the newcomer's own stands."
    ),
    epilog=examples(
        f"opskit onboarding sign {NAME} first-answers",
        f'opskit onboarding sign {NAME} first-answers --answer "CS-1001, CS-1002, CS-1003"',
    ),
)
def sign(
    ctx: typer.Context,
    name: NameArgument,
    step: StepArgument,
    answer: Annotated[
        str | None, typer.Option("--answer", help=_("What you saw, instead of what was submitted."))
    ] = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from onboarding import services
    from opskit.checklists.step_cli.run_group import tell_steps
    from opskit.core.refs import TicketKey

    run = context(ctx)
    actor, today = run.identity(), run.today()
    key = TicketKey.parse(ticket).value if ticket else None
    with run.transaction() as session:
        walk = services.find_to_sign(session, name, actor)
        signed = services.sign(
            session,
            walk=walk,
            key=step,
            answer=answer,
            ticket=key,
            on=today,
            at=run.now(),
            actor=actor,
        )
    tell_steps(walk.run, [signed], on=today, as_json=as_json)


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
    with _leading(run, name) as (session, walk, signed):
        day = _day(run, session, walk, on)
        services.pause(session, walk=walk, on=day, today=run.today(), reason=reason, **signed)
    said = _("{run} rests since {day}; to go on: {command}")
    command = f"opskit onboarding resume {walk.run.name}"
    _tell(walk, said.format(run=walk.run.name, day=day, command=command), as_json=as_json)


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
            day, calendar = _day(run, session, walk, on), _calendar(run, session)
            shifts = plan_resume(session, walk, on=day, calendar=calendar)
        columns, nothing = shift_columns(), _("no step moves")
        show_rows(shift_rows(shifts), columns, as_json=as_json, empty=nothing)
        return
    with _leading(run, name) as (session, walk, signed):
        day = _day(run, session, walk, on)
        calendar = _calendar(run, session)
        shifts = services.resume(session, walk=walk, on=day, calendar=calendar, **signed)
    said = _("{run} goes on: {count} dates moved")
    more = {"moved": shift_rows(shifts)}
    said = said.format(run=walk.run.name, count=len(shifts))
    _tell(walk, said, as_json=as_json, more=more)


@app.command(
    "extend",
    help=_("Prolong the probation."),
    epilog=examples(
        f'opskit onboarding extend {NAME} --until 2027-06-30 --reason "agreed on 2027-02-20"'
    ),
)
def extend(
    ctx: typer.Context,
    name: NameArgument,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help=_("Its last day."))],
    reason: ReasonOption,
    as_json: JsonOption = False,
) -> None:
    from onboarding import services

    run = context(ctx)
    with _leading(run, name) as (session, walk, signed):
        day = _day(run, session, walk, until)
        services.extend(session, walk=walk, until=day, reason=reason, **signed)
    said = _("the probation of {name} lasts until {day}").format(name=walk.person.name, day=day)
    _tell(walk, said, as_json=as_json)


@app.command(
    "finish",
    help=_("End a path; with a reason what is open is waived by it. Its history stays."),
    epilog=examples(
        f"opskit onboarding finish {NAME} --yes",
        f'opskit onboarding finish {NAME} --reason "knew the product" --yes',
    ),
)
def finish(
    ctx: typer.Context,
    name: NameArgument,
    reason: Annotated[
        str | None, typer.Option("--reason", help=_("Why open steps are not needed."))
    ] = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    from onboarding import services
    from opskit.core.agreeing import agree

    run = context(ctx)
    agree(_("Finish the path of {name}?").format(name=name), yes=yes)
    with _leading(run, name) as (session, walk, signed):
        waived = services.finish(session, walk=walk, reason=reason, **signed)
    said = _("{run} of {name} is finished, {count} steps were waived").format(
        run=walk.run.name, name=walk.person.name, count=len(waived)
    )
    _tell(walk, said, as_json=as_json)


@app.command(
    "undo",
    help=_("Take back a path that was the wrong one; nothing is deleted, another can begin."),
    epilog=examples(f'opskit onboarding undo {NAME} --reason "wrong pole" --yes'),
)
def undo(
    ctx: typer.Context,
    name: NameArgument,
    reason: ReasonOption,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    from onboarding import services
    from opskit.core.agreeing import agree

    run = context(ctx)
    agree(_("Take back the path of {name}?").format(name=name), yes=yes)
    with _leading(run, name) as (session, walk, signed):
        services.undo(session, walk=walk, reason=reason, **signed)
    said = _("{run} of {name} is undone; its steps stay in the log").format(
        run=walk.run.name, name=walk.person.name
    )
    _tell(walk, said, as_json=as_json)


@app.command(
    "custom-step",
    help=_("Put a step on the path of one person alone; as the mentor, a manager or an admin."),
    epilog=examples(
        f'opskit onboarding custom-step {NAME} "German course, level B1" --due +20bd',
        f'opskit onboarding custom-step {NAME} "Visit to Kilchhofer" --due 2027-03-03 '
        "--owner mentor --phase month-3",
    ),
)
def custom_step(
    ctx: typer.Context,
    name: NameArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("What is to be done."))],
    due: Annotated[str, typer.Option("--due", metavar="DATE", help=_("Until when."))],
    owner: Annotated[
        str,
        typer.Option("--owner", autocompletion=choices(OWNERS), help=_("Whose step it is.")),
    ] = "consultant",
    phase: Annotated[
        str | None, typer.Option("--phase", help=_("Where it stands; else by its date."))
    ] = None,
    is_signed: Annotated[
        bool, typer.Option("--signed", help=_("The mentor or a manager signs it."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    from onboarding import services
    from opskit.checklists.step_cli.run_group import tell_steps

    run = context(ctx)
    actor = run.identity()
    with run.transaction() as session:
        walk = services.find_to_sign(session, name, actor)
        day = _day(run, session, walk, due)
        wish = services.OwnStep(text, day, owner, phase, is_signed=is_signed)
        calendar = _calendar(run, session)
        words: dict[str, Any] = {"calendar": calendar, "at": run.now(), "actor": actor}
        step = services.add_own_step(session, walk=walk, wish=wish, **words)
    tell_steps(walk.run, [step], on=run.today(), as_json=as_json)


@contextmanager
def _leading(run: AppContext, name: str) -> "Iterator[tuple[Session, Walk, dict[str, Any]]]":
    """One transaction in which a manager or an admin changes a walk."""
    from onboarding import services

    actor = run.identity()
    with run.transaction() as session:
        walk = services.find_to_lead(session, name, actor)
        yield session, walk, {"at": run.now(), "actor": actor}


def _day(run: AppContext, session: "Session", walk: "Walk", text: str) -> date:
    from opskit.checklists.step_cli.run_group import read_day

    return read_day(session, run, walk.run, text)


def _calendar(run: AppContext, session: "Session") -> "Calendar":
    from opskit.core.business_days import CalendarSource

    return run.plug(CalendarSource).load(session)


def _tell(walk: "Walk", said: str, *, as_json: bool, more: dict[str, Any] | None = None) -> None:
    from onboarding.presenting import walk_facts

    if as_json:
        show_json({**walk_facts(walk), **(more or {})})
    else:
        say(said)


let_access_follow(app)
