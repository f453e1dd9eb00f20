"""wait, nudge: steps that wait for the client, R&D or an expert."""

from typing import Annotated

import typer

from opskit.checklists.step_cli.run_group import (
    RunGroup,
    StepArgument,
    read_day,
    tell_steps,
)
from opskit.core.cliapp import context
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say

SOON = "+3bd"


def add_to(runs: RunGroup) -> None:
    _add_wait(runs)
    _add_nudge(runs)


def _add_wait(runs: RunGroup) -> None:
    @runs.app.command(
        "wait",
        help=_("Note that a step waits for the client, R&D or an expert, and when to ask again."),
        epilog=runs.shown(
            "wait",
            f'{runs.samples.step} --for client --reason "which day suits you?"',
            f'{runs.samples.step} --for rnd --reason "asked by mail" --nudge +5bd --ticket CS-1003',
        ),
    )
    def wait(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        step: StepArgument,
        awaited: Annotated[
            str,
            typer.Option(
                "--for",
                metavar="WHOM",
                autocompletion=choices(("client", "rnd", "expert")),
                help=_("client, rnd or expert."),
            ),
        ],
        reason: Annotated[str, typer.Option("--reason", help=_("What was asked."))],
        nudge_on: Annotated[
            str, typer.Option("--nudge", metavar="DATE", help=_("When to ask again."))
        ] = SOON,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services
        from opskit.core.choosing import one_of

        here = context(ctx)
        otherwise = _("{text} is nobody whom a step waits for")
        whom = one_of(services.Awaited, awaited, otherwise=otherwise)
        with runs.writing(here, run, ticket) as (session, found, signed):
            again = read_day(session, here, found, nudge_on)
            changed = services.wait(
                session,
                run=found,
                key=step,
                awaited=whom,
                nudge_on=again,
                reason=reason,
                on=here.today(),
                **signed,
            )
        tell_steps(found, [changed], on=here.today(), as_json=as_json)
        if not as_json:
            say(_("ask again on {day}").format(day=again))


def _add_nudge(runs: RunGroup) -> None:
    @runs.app.command(
        "nudge",
        help=_(
            "Ask again whom a step waits for: prints the comment for the ticket, in the client's "
            "language, and notes the next time."
        ),
        epilog=runs.shown("nudge", runs.samples.step, f"{runs.samples.step} --next +5bd"),
    )
    def nudge(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        step: StepArgument,
        next_on: Annotated[
            str, typer.Option("--next", metavar="DATE", help=_("When to ask the next time."))
        ] = SOON,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services
        from opskit.checklists.nudging import nudge_text

        here = context(ctx)
        today, signature = here.today(), here.settings.support_name
        with runs.writing(here, run, ticket) as (session, found, signed):
            again = read_day(session, here, found, next_on)
            changed = services.nudge(
                session, run=found, key=step, next_on=again, on=today, **signed
            )
            text = nudge_text(found, changed, on=today, signature=signature)
        if as_json:
            tell_steps(found, [changed], on=today, as_json=True, more={"comment": text})
            return
        data(text)
        say(_("ask again on {day}").format(day=again))
