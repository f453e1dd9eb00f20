"""The commands that mean the same for every kind of run: tick, waive, skip, reopen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.cliapp import context, examples
from opskit.core.completion import Complete
from opskit.core.i18n import _, colon
from opskit.core.identity import Identity
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import say, show_json

if TYPE_CHECKING:
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
    run_argument = typer.Argument(
        metavar="RUN",
        autocompletion=complete,
        help=_("Which list, such as {example}.").format(example=samples.run),
    )
    told = f"opskit {group} {{verb}} {samples.run} {{words}}"

    @app.command(
        "tick",
        help=_("Mark a step as done; say the value, not just that it was checked."),
        epilog=examples(told.format(verb="tick", words=samples.tick)),
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
        here = context(ctx)
        words = {"answer": answer, "on": here.today()}
        _change(here, find, run, "tick", step, words, ticket=ticket, as_json=as_json)

    def add_with_reason(name: str, verb: str, help_text: str, words: str) -> None:
        @app.command(name, help=help_text, epilog=examples(told.format(verb=name, words=words)))
        def change(
            ctx: typer.Context,
            run: Annotated[str, run_argument],
            step: StepArgument,
            reason: ReasonOption,
            ticket: TicketOption = None,
            as_json: JsonOption = False,
        ) -> None:
            said = {"reason": reason}
            _change(context(ctx), find, run, verb, step, said, ticket=ticket, as_json=as_json)

    add_with_reason(
        "waive",
        "waive",
        _("Leave a step out on a second person's word, with the reason."),
        samples.waive,
    )
    add_with_reason(
        "skip",
        "not_applicable",
        _("Mark an optional step as not applicable to this run, with the reason."),
        samples.skip,
    )
    add_with_reason(
        "reopen",
        "reopen",
        _("Open a settled step again; its old answer stays in the event log."),
        samples.reopen,
    )


def _change(
    here: "AppContext",
    find: FindRun,
    run: str,
    verb: str,
    step: str,
    words: Mapping[str, Any],
    *,
    ticket: str | None,
    as_json: bool,
) -> None:
    """One verb of the engine in one transaction, then the step as it is now."""
    from opskit.checklists import services
    from opskit.checklists.page import in_language
    from opskit.checklists.presenting import step_row
    from opskit.core.refs import TicketKey
    from opskit.core.words import in_words

    actor = here.identity()
    key = TicketKey.parse(ticket).value if ticket else None
    with here.transaction() as session:
        found = find(session, run, actor)
        changed: Step = getattr(services, verb)(
            session, run=found, key=step, ticket=key, at=here.now(), actor=actor, **words
        )
    if as_json:
        show_json(step_row(changed))
    else:
        state = in_words(changed.state)
        step = colon(f"{found.name} {changed.position}")
        say(f"{step} {colon(in_language(changed.text))} {state}")
