"""The commands that mean the same for every kind of run: tick, waive, reopen."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.core.cliapp import context, examples
from opskit.core.completion import Complete
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.checklists.models import Run, Step
    from opskit.core.identity import Identity

FindRun = Callable[["Session", str, "Identity"], "Run"]  # refuses who may not change it

StepArgument = Annotated[str, typer.Argument(metavar="STEP", help=_("The step's number or key."))]
ReasonOption = Annotated[str, typer.Option("--reason", help=_("Why, in a few words."))]


def add_step_commands(
    app: typer.Typer, *, group: str, example: str, find: FindRun, complete: Complete
) -> None:
    """Give a feature's group the commands that change single steps of its runs."""
    run_argument = typer.Argument(
        metavar="RUN",
        autocompletion=complete,
        help=_("Which list, such as {example}.").format(example=example),
    )

    @app.command(
        "tick",
        help=_("Mark a step as done; say the value, not just that it was checked."),
        epilog=examples(
            f"opskit {group} tick {example} 5",
            f'opskit {group} tick {example} 16 --answer "2027-01-19 22:10, 84 GB"',
        ),
    )
    def tick(
        ctx: typer.Context,
        run: Annotated[str, run_argument],
        step: StepArgument,
        answer: Annotated[
            str | None,
            typer.Option(
                "--answer", help=_("What the step asks for: a value, text, file or link.")
            ),
        ] = None,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services
        from opskit.core.refs import TicketKey

        here = context(ctx)
        actor = here.identity()
        key = TicketKey.parse(ticket).value if ticket else None
        with here.transaction() as session:
            found = find(session, run, actor)
            done = services.tick(
                session,
                run=found,
                key=step,
                answer=answer,
                ticket=key,
                on=here.today(),
                at=here.now(),
                actor=actor,
            )
        _tell(found, done, as_json=as_json)

    @app.command(
        "waive",
        help=_("Leave a step out on a second person's word, with the reason."),
        epilog=examples(f'opskit {group} waive {example} 5 --reason "no interface at this client"'),
    )
    def waive(
        ctx: typer.Context,
        run: Annotated[str, run_argument],
        step: StepArgument,
        reason: ReasonOption,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services
        from opskit.core.refs import TicketKey

        here = context(ctx)
        actor = here.identity()
        key = TicketKey.parse(ticket).value if ticket else None
        with here.transaction() as session:
            found = find(session, run, actor)
            waived = services.waive(
                session,
                run=found,
                key=step,
                reason=reason,
                ticket=key,
                at=here.now(),
                actor=actor,
            )
        _tell(found, waived, as_json=as_json)

    @app.command(
        "reopen",
        help=_("Open a settled step again; its old answer stays in the event log."),
        epilog=examples(f'opskit {group} reopen {example} 5 --reason "the date was moved"'),
    )
    def reopen(
        ctx: typer.Context,
        run: Annotated[str, run_argument],
        step: StepArgument,
        reason: ReasonOption,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services

        here = context(ctx)
        actor = here.identity()
        with here.transaction() as session:
            found = find(session, run, actor)
            opened = services.reopen(
                session,
                run=found,
                key=step,
                reason=reason,
                at=here.now(),
                actor=actor,
            )
        _tell(found, opened, as_json=as_json)


def _tell(run: "Run", step: "Step", *, as_json: bool) -> None:
    from opskit.checklists.page import in_language
    from opskit.checklists.presenting import step_row

    if as_json:
        show_json(step_row(step))
    else:
        say(f"{run.name} {step.position}: {in_language(step.text)}: {step.state}")
