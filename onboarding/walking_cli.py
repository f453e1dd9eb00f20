"""sign, finish, undo, custom-step: what happens on somebody's way."""

from typing import Annotated, Any

import typer

from onboarding.access.following import let_access_follow
from onboarding.leading import ReasonOption, leading, read_walk_day, team_calendar, tell_walk
from onboarding.options import NameArgument
from opskit.checklists.step_cli.run_group import StepArgument, YesOption
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import say

app = group(_("On the way."))

NAME = '"Camille Perret"'
OWNERS = ("consultant", "mentor", "manager", "admin")


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
    from onboarding.resting import rest_line
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
        remark = rest_line(session, walk.run)
    if remark:
        say(remark)
    tell_steps(walk.run, [signed], on=today, as_json=as_json)


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
    with leading(run, name) as (session, walk, signed):
        waived = services.finish(session, walk=walk, reason=reason, **signed)
    said = _("{run} of {name} is finished, steps waived: {count}").format(
        run=walk.run.name, name=walk.person.name, count=len(waived)
    )
    tell_walk(walk, said, as_json=as_json)


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
    with leading(run, name) as (session, walk, signed):
        services.undo(session, walk=walk, reason=reason, **signed)
    said = _("{run} of {name} is undone; its steps stay in the log").format(
        run=walk.run.name, name=walk.person.name
    )
    tell_walk(walk, said, as_json=as_json)


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
        day = read_walk_day(run, session, walk, due)
        wish = services.OwnStep(text, day, owner, phase, is_signed=is_signed)
        calendar = team_calendar(run, session)
        words: dict[str, Any] = {"calendar": calendar, "at": run.now(), "actor": actor}
        step = services.add_own_step(session, walk=walk, wish=wish, **words)
    tell_steps(walk.run, [step], on=run.today(), as_json=as_json)


let_access_follow(app)
