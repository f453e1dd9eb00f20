"""The commands that mean the same for every kind of run: tick, waive, skip, reopen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.core.cliapp import context, examples
from opskit.core.completion import Complete
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from opskit.checklists.models import Run, Step
    from opskit.core.context import AppContext

FindRun = Callable[["Session", str, Identity], "Run"]

StepArgument = Annotated[str, typer.Argument(metavar="STEP", help=_("The step's number or key."))]
ReasonOption = Annotated[str, typer.Option("--reason", help=_("Why, in a few words."))]


@dataclass(frozen=True, slots=True)
class Samples:
    """What the help shows: a run, and for each verb a step of it with the words after it."""

    run: str
    tick: str
    waive: str
    skip: str
    reopen: str


def add_step_commands(
    app: typer.Typer, *, group: str, samples: Samples, find: FindRun, complete: Complete
) -> None:
    """Give a feature's group the commands that change single steps of its runs."""
    example = samples.run
    run_argument = typer.Argument(
        metavar="RUN",
        autocompletion=complete,
        help=_("Which list, such as {example}.").format(example=example),
    )

    @app.command(
        "tick",
        help=_("Mark a step as done; say the value, not just that it was checked."),
        epilog=examples(f"opskit {group} tick {example} {samples.tick}"),
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
        from opskit.checklists.services import tick

        here = context(ctx)
        _change(
            here,
            find,
            run,
            lambda change: tick(
                change.session,
                run=change.run,
                key=step,
                answer=answer,
                ticket=change.ticket,
                on=here.today(),
                at=change.at,
                actor=change.actor,
            ),
            ticket=ticket,
            as_json=as_json,
        )

    @app.command(
        "waive",
        help=_("Leave a step out on a second person's word, with the reason."),
        epilog=examples(f"opskit {group} waive {example} {samples.waive}"),
    )
    def waive(
        ctx: typer.Context,
        run: Annotated[str, run_argument],
        step: StepArgument,
        reason: ReasonOption,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists.services import waive

        _change_for_reason(
            context(ctx), find, run, waive, step, reason, ticket=ticket, as_json=as_json
        )

    @app.command(
        "skip",
        help=_("Mark an optional step as not applicable to this run, with the reason."),
        epilog=examples(f"opskit {group} skip {example} {samples.skip}"),
    )
    def skip(
        ctx: typer.Context,
        run: Annotated[str, run_argument],
        step: StepArgument,
        reason: ReasonOption,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists.services import not_applicable

        _change_for_reason(
            context(ctx), find, run, not_applicable, step, reason, ticket=ticket, as_json=as_json
        )

    @app.command(
        "reopen",
        help=_("Open a settled step again; its old answer stays in the event log."),
        epilog=examples(f"opskit {group} reopen {example} {samples.reopen}"),
    )
    def reopen(
        ctx: typer.Context,
        run: Annotated[str, run_argument],
        step: StepArgument,
        reason: ReasonOption,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists.services import reopen

        _change_for_reason(
            context(ctx), find, run, reopen, step, reason, ticket=ticket, as_json=as_json
        )


@dataclass(frozen=True, slots=True)
class _Change:
    """What every verb of a step is given."""

    session: "Session"
    run: "Run"
    at: "datetime"
    actor: Identity
    ticket: str | None


def _change_for_reason(
    here: "AppContext",
    find: FindRun,
    run: str,
    verb: "Callable[..., Step]",
    step: str,
    reason: str,
    *,
    ticket: str | None,
    as_json: bool,
) -> None:
    """The verbs that need one: waive, skip, reopen."""
    _change(
        here,
        find,
        run,
        lambda change: verb(
            change.session,
            run=change.run,
            key=step,
            reason=reason,
            ticket=change.ticket,
            at=change.at,
            actor=change.actor,
        ),
        ticket=ticket,
        as_json=as_json,
    )


def _change(
    here: "AppContext",
    find: FindRun,
    run: str,
    verb: "Callable[[_Change], Step]",
    *,
    ticket: str | None,
    as_json: bool,
) -> None:
    """One verb in one transaction, then the step as it is now."""
    from opskit.checklists.page import in_language
    from opskit.checklists.presenting import step_row
    from opskit.core.refs import TicketKey
    from opskit.core.words import in_words

    actor = here.identity()
    key = TicketKey.parse(ticket).value if ticket else None
    with here.transaction() as session:
        found = find(session, run, actor)
        step = verb(_Change(session, found, here.now(), actor, key))
    if as_json:
        show_json(step_row(step))
    else:
        say(f"{found.name} {step.position}: {in_language(step.text)}: {in_words(step.state)}")
