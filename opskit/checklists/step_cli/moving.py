"""move: another day for a list, or for one step; what moves is shown before it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.checklists.step_cli.run_group import RunGroup, Signed, YesOption, read_day
from opskit.core.cliapp import context
from opskit.core.errors import InvalidError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption, TicketOption
from opskit.core.output import say, show_json, show_rows

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.checklists.models import Run
    from opskit.checklists.services import Shift
    from opskit.core.business_days import Calendar


@dataclass(frozen=True, slots=True)
class _Wish:
    """What should move: the list, or a step; `to` is None where the step is set free.

    `anchor` is the day from which the dates of a list count then.
    """

    step: str | None
    to: date | None
    anchor: date | None = None

    def plan(self, run: "Run", calendar: "Calendar") -> "list[Shift]":
        from opskit.checklists import services

        if self.step is not None:
            return services.plan_pin(run, key=self.step, on=self.to, calendar=calendar)
        return services.plan_move(run, to=self.anchor or run.anchor_on, calendar=calendar)

    def do(
        self, session: "Session", run: "Run", calendar: "Calendar", signed: Signed
    ) -> "list[Shift]":
        from opskit.checklists import services

        words: dict[str, Any] = {"run": run, "calendar": calendar, **signed}
        if self.step is not None:
            return services.pin(session, key=self.step, on=self.to, **words)
        return services.move_run(session, to=self.anchor or run.anchor_on, **words)

    def question(self, run: "Run", moving: int) -> str:
        what = run.name if self.step is None else f"{run.name} {self.step}"
        if self.to is None:
            return _("Let {what} follow the list again ({count} dates move)?").format(
                what=what, count=moving
            )
        return _("Move {what} to {day} ({count} dates move)?").format(
            what=what, day=self.to, count=moving
        )


def add_to(runs: RunGroup) -> None:
    step = runs.samples.step

    @runs.app.command(
        "move",
        help=_(
            "Move a list to another day, or pin one step to a day; "
            "shows what moves and asks before it does."
        ),
        epilog=runs.shown(
            "move", "--to 2027-02-03 --dry-run", f"{step} --to +5bd --yes", f"{step} --unpin --yes"
        ),
    )
    def move(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        step: Annotated[
            str | None,
            typer.Argument(metavar="STEP", help=_("The step's number or key; else the list.")),
        ] = None,
        to: Annotated[
            str | None, typer.Option("--to", metavar="DATE", help=_("The new day."))
        ] = None,
        unpin: Annotated[
            bool, typer.Option("--unpin", help=_("Let the step follow the list again."))
        ] = False,
        dry_run: DryRunOption = False,
        yes: YesOption = False,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.core.agreeing import agree
        from opskit.core.business_days import CalendarSource

        here = context(ctx)
        _refuse_half_a_wish(step, to, unpin=unpin)
        calendars = here.plug(CalendarSource)
        with runs.reading(here, run) as (session, found):
            if step is None and not dry_run:  # before anything is shown to be agreed to
                runs.require_steering(session, found, here.identity())
            calendar = calendars.load(session)
            day = read_day(session, here, found, to) if to else None
            wish = _Wish(step, day, _anchor(runs, session, found, day, calendar))
            if not runs.habits.has_past:
                _refuse_past(wish, today=here.today())
            shifts = wish.plan(found, calendar)
        if dry_run:
            _show(found, wish, shifts, as_json=as_json)
            return
        if not as_json:
            _warn(found, wish, calendar)
            _show(found, wish, shifts, as_json=False)
        agree(wish.question(found, len(shifts)), yes=yes)
        with runs.writing(here, run, ticket) as (session, found, signed):
            if step is None:
                runs.require_steering(session, found, signed["actor"])
            shifts = wish.do(session, found, calendar, signed)
            if runs.habits.moved is not None and step is None and wish.to is not None:
                by = {"at": signed["at"], "actor": signed["actor"]}
                runs.habits.moved(session, found, to=wish.to, **by)
        if as_json:
            _show(found, wish, shifts, as_json=True)
        else:
            say(_("{run}, dates moved: {count}").format(run=found.name, count=len(shifts)))


def _refuse_past(wish: _Wish, *, today: date) -> None:
    if wish.to is not None and wish.to < today:
        raise InvalidError(
            _("{on} is past").format(on=wish.to), hint=_("give a day to come: --to +5bd")
        )


def _anchor(
    runs: RunGroup, session: "Session", run: "Run", day: date | None, calendar: "Calendar"
) -> date | None:
    anchor_of = runs.habits.anchor_of
    return day if day is None or anchor_of is None else anchor_of(session, run, day, calendar)


def _refuse_half_a_wish(step: str | None, to: str | None, *, unpin: bool) -> None:
    if (to is None) is not unpin:
        raise UsageProblemError(
            _("either a new day, or --unpin"), hint=_("say where to: --to 2027-02-03")
        )
    if unpin and step is None:
        raise UsageProblemError(
            _("only a step can be unpinned"), hint=_("name the step after the list")
        )


def _warn(run: "Run", wish: _Wish, calendar: "Calendar") -> None:
    """A list may well move to a Saturday; one should know that it is one."""
    why = wish.to and calendar.why_closed(wish.to, run.canton)
    if why:
        say(_("{day} is no business day: {why}").format(day=wish.to, why=why))


def _show(run: "Run", wish: _Wish, shifts: "Sequence[Shift]", *, as_json: bool) -> None:
    from opskit.checklists.page import in_language

    rows = [
        {
            "position": shift.position,
            "step": shift.key,
            "text": in_language(shift.text),
            "before": shift.before,
            "after": shift.after,
        }
        for shift in shifts
    ]
    if as_json:
        anchor = run.anchor_on if wish.step is not None else wish.anchor or run.anchor_on
        show_json({"number": run.name, "anchor_on": anchor, "moved": rows})
        return
    columns = {
        "position": _("No."),
        "text": _("Step"),
        "before": _("Before"),
        "after": _("After"),
    }
    show_rows(rows, columns, empty=_("no step moves"))
