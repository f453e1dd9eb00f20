"""tick, waive, skip, reopen: what people answer, and take back."""

from typing import TYPE_CHECKING, Annotated

import typer

from opskit.checklists.step_cli.run_group import (
    ReasonOption,
    RunGroup,
    StepArgument,
    read_day,
    tell_run,
    tell_steps,
)
from opskit.core.cliapp import context
from opskit.core.errors import InvalidError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from opskit.checklists.evidence import Given, Shares
    from opskit.checklists.models import Run
    from opskit.core.context import AppContext


def add_to(runs: RunGroup) -> None:
    _add_tick(runs)
    _add_waive(runs)
    _add_skip(runs)
    _add_reopen(runs)


def _add_tick(runs: RunGroup) -> None:
    @runs.app.command(
        "tick",
        help=_("Mark a step as done; say the value, not just that it was checked."),
        epilog=runs.shown("tick", runs.samples.tick),
    )
    def tick(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        steps: Annotated[
            list[str],
            typer.Argument(
                metavar="STEP...",
                help=_("The step's number or key; several where none demands evidence."),
            ),
        ],
        answer: Annotated[
            str | None,
            typer.Option(
                "--answer",
                help=_("What the step asks for: a value, text, link or file (SHARE:PATH stays)."),
            ),
        ] = None,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services
        from opskit.checklists.evidence import shares_of

        here = context(ctx)
        if len(steps) > 1 and answer is not None:
            raise UsageProblemError(
                _("one answer does not fit several steps"),
                hint=_("tick the step with the answer by itself"),
            )
        shares, today = shares_of(here.settings.evidence_shares), here.today()
        own = runs.habits.own_role
        seen = _look_at_file(runs, here, run, steps[0], answer, shares) if answer else None
        with runs.writing(here, run, ticket) as (session, found, signed):
            if runs.habits.decides is not None and _needs_another(found, steps):
                runs.habits.decides(session, found, signed["actor"])
            if len(steps) > 1:
                ticked = services.confirm(
                    session, run=found, keys=steps, on=today, own_role=own, **signed
                )
            else:
                words = {"answer": answer, "on": today, "shares": shares, "seen": seen, **signed}
                ticked = [services.tick(session, run=found, key=steps[0], own_role=own, **words)]
        tell_steps(found, ticked, on=today, as_json=as_json)


def _add_waive(runs: RunGroup) -> None:
    @runs.app.command(
        "waive",
        help=_("Leave a step out on a second person's word, with the reason."),
        epilog=runs.shown("waive", runs.samples.waive, f"{runs.samples.waive} --until +5bd"),
    )
    def waive(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        step: StepArgument,
        reason: ReasonOption,
        until: Annotated[
            str | None,
            typer.Option(
                "--until",
                metavar="DATE",
                help=_("The last day on which it counts; then the step is open again."),
            ),
        ] = None,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services

        here = context(ctx)
        with runs.writing(here, run, ticket) as (session, found, signed):
            last = read_day(session, here, found, until) if until else None
            _refuse_past(last, here)
            if runs.habits.decides is not None:
                runs.habits.decides(session, found, signed["actor"])
            waived = services.waive(
                session, run=found, key=step, reason=reason, until=last, **signed
            )
        tell_steps(found, [waived], on=here.today(), as_json=as_json)


def _add_skip(runs: RunGroup) -> None:
    @runs.app.command(
        "skip",
        help=_("Mark an optional step as not applicable to this run, with the reason."),
        epilog=runs.shown("skip", runs.samples.skip),
    )
    def skip(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        step: StepArgument,
        reason: ReasonOption,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services

        here, own = context(ctx), runs.habits.own_role
        with runs.writing(here, run, ticket) as (session, found, signed):
            left = services.not_applicable(
                session, run=found, key=step, reason=reason, own_role=own, **signed
            )
        tell_steps(found, [left], on=here.today(), as_json=as_json)


def _add_reopen(runs: RunGroup) -> None:
    told = [_("Open a settled step again; its old answer stays in the event log.")]
    endings = [runs.samples.reopen]
    if runs.ends:
        told.append(_("Without a step: take up a list that was cancelled."))
        endings.append('--reason "the date is agreed again"')

    @runs.app.command("reopen", help=" ".join(told), epilog=runs.shown("reopen", *endings))
    def reopen(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        reason: ReasonOption,
        step: Annotated[
            str | None, typer.Argument(metavar="STEP", help=_("The step's number or key."))
        ] = None,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services

        here = context(ctx)
        with runs.writing(here, run, ticket) as (session, found, signed):
            if step is None:
                runs.require_steering(session, found, signed["actor"])
                services.resume(session, run=found, reason=reason, **signed)
                opened = []
            else:
                opened = [services.reopen(session, run=found, key=step, reason=reason, **signed)]
        if opened:
            tell_steps(found, opened, on=here.today(), as_json=as_json)
            return
        said = _("{run} goes on where it was left").format(run=found.name)
        tell_run(found, on=here.today(), as_json=as_json, said=said)


def _look_at_file(
    runs: RunGroup, here: "AppContext", run: str, step: str, answer: str, shares: "Shares"
) -> "Given | None":
    """Outside the transaction; None where the step asks for no file."""
    from opskit.checklists.evidence import accept
    from opskit.checklists.services import find_step
    from opskit.checklists.templates import Evidence

    with runs.reading(here, run) as (_session, found):
        evidence = find_step(found, step).asked.evidence
    return accept(evidence, answer, shares=shares) if evidence is Evidence.FILE else None


def _needs_another(run: "Run", steps: "Sequence[str]") -> bool:
    """Whether a second person has to tick one of the steps."""
    from opskit.checklists import services

    return any(services.find_step(run, step).asked.by_other_person for step in steps)


def _refuse_past(last: "date | None", here: "AppContext") -> None:
    if last is not None and last < here.today():
        raise InvalidError(
            _("{on} is past").format(on=last), hint=_("give a later day: --until +5bd")
        )
