"""The verbs of the team's calendar. Nothing is deleted: what no longer counts is withdrawn."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.calendar.importing import ClosureRecord, label_of, parse_closures
from opskit.calendar.models import CalendarClosure
from opskit.core.business_days import Calendar, Closure
from opskit.core.errors import NotFoundError
from opskit.core.events import Happening, record, record_all
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.importing import ImportReport
from opskit.core.tabular import Row

KEEPERS = ("manager", "admin")

Place = tuple[date, str | None]


class RecordedCalendar:
    """The public holidays, and what the team recorded."""

    def load(self, session: Session) -> Calendar:
        return load_calendar(session)


def load_calendar(session: Session) -> Calendar:
    """Everything that counts now, for `Calendar.add` and its like."""
    query = select(CalendarClosure).where(CalendarClosure.withdrawn_at.is_(None))
    found = [
        (each.half, Closure(each.day, each.name, each.canton)) for each in session.scalars(query)
    ]
    return Calendar(
        closures=frozenset(closure for half, closure in found if not half),
        halves=frozenset(closure for half, closure in found if half),
    )


def import_closures(
    session: Session, *, rows: Sequence[Row], at: datetime, actor: Identity
) -> ImportReport:
    """Add and change closures from a table; rows with problems are left out and reported.

    Closures that the table does not mention stay as they are.

    Raises:
        DeniedError: the person may not change the calendar.
    """
    require_role(actor, *KEEPERS)
    comparison = _compare(session, rows)
    _add(session, comparison.added, at=at, actor=actor)
    for row, wanted in comparison.changed:
        _change(session, row, wanted, at=at, actor=actor)
    return comparison.report


def preview_import(session: Session, *, rows: Sequence[Row]) -> ImportReport:
    """What `import_closures` would do; changes nothing and asks for no role."""
    return _compare(session, rows).report


def closures(
    session: Session, *, first: date, last: date, canton: str | None = None
) -> list[CalendarClosure]:
    """What was recorded for a period, by day: in one canton, or in all of them."""
    query = select(CalendarClosure).where(
        CalendarClosure.withdrawn_at.is_(None), CalendarClosure.day.between(first, last)
    )
    found = session.scalars(query.order_by(CalendarClosure.day, CalendarClosure.id))
    return [each for each in found if canton is None or each.canton in (None, canton)]


def remove(
    session: Session, *, day: date, canton: str | None, at: datetime, actor: Identity
) -> CalendarClosure:
    """Withdraw the closure of that day, in that canton or everywhere.

    Raises:
        DeniedError: the person may not change the calendar.
        NotFoundError: none is recorded there; the hint names the nearest.
    """
    require_role(actor, *KEEPERS)
    that_day = closures(session, first=day, last=day)
    meant = [each for each in that_day if each.canton == canton]
    if not meant:
        raise _nothing_recorded(day, canton, that_day)
    for each in meant:  # two, where two people imported it at the same moment
        each.withdrawn_at = at
    record(
        session,
        actor=actor,
        at=at,
        action="calendar.removed",
        subject=label_of(day, canton),
        before=_facts(meant[0]),
        personal={"name": meant[0].name},
    )
    return meant[0]


@dataclass(frozen=True, slots=True)
class _Comparison:
    added: Sequence[ClosureRecord]
    changed: Sequence[tuple[CalendarClosure, ClosureRecord]]
    report: ImportReport


def _compare(session: Session, rows: Sequence[Row]) -> _Comparison:
    """What storing the table would change."""
    parsed, rejected = parse_closures(rows)
    known = _recorded(session, (each.record.day for each in parsed))
    added: list[ClosureRecord] = []
    changed: list[tuple[CalendarClosure, ClosureRecord]] = []
    unchanged: list[str] = []
    for each in parsed:
        wanted = each.record
        row = known.get((wanted.day, wanted.canton))
        if row is None:
            added.append(wanted)
        elif (row.half, row.name) != (wanted.half, wanted.name):
            changed.append((row, wanted))
        else:
            unchanged.append(wanted.label)
    report = ImportReport(
        added=tuple(each.label for each in added),
        changed=tuple(wanted.label for _row, wanted in changed),
        unchanged=tuple(unchanged),
        rejected=tuple(sorted(rejected, key=lambda each: each.row.line)),
    )
    return _Comparison(added, changed, report)


def _recorded(session: Session, days: Iterable[date]) -> dict[Place, CalendarClosure]:
    asked = list(days)
    if not asked:
        return {}
    found = closures(session, first=min(asked), last=max(asked))
    return {(each.day, each.canton): each for each in found}


def _add(
    session: Session, wanted: Sequence[ClosureRecord], *, at: datetime, actor: Identity
) -> None:
    if not wanted:
        return
    session.add_all(
        CalendarClosure(**asdict(each), recorded_by=actor.entity_id, recorded_at=at)
        for each in wanted
    )
    happenings = [
        Happening(each.label, after=_facts(each), personal={"name": each.name}) for each in wanted
    ]
    record_all(session, happenings, actor=actor, at=at, action="calendar.added")


def _change(
    session: Session,
    row: CalendarClosure,
    wanted: ClosureRecord,
    *,
    at: datetime,
    actor: Identity,
) -> None:
    before, old_name = _facts(row), row.name
    row.half, row.name = wanted.half, wanted.name
    row.recorded_by, row.recorded_at = actor.entity_id, at
    record(
        session,
        actor=actor,
        at=at,
        action="calendar.changed",
        subject=wanted.label,
        before=before,
        after=_facts(wanted),
        personal={"name_before": old_name, "name": wanted.name},
    )


def _facts(closure: CalendarClosure | ClosureRecord) -> dict[str, Any]:
    """What an event keeps for good; the name is free text and goes with the personal facts."""
    return {
        "day": closure.day.isoformat(),
        "canton": closure.canton,
        "half": closure.half,
    }


def _nothing_recorded(
    day: date, canton: str | None, that_day: Sequence[CalendarClosure]
) -> NotFoundError:
    message = _("no closure is recorded for {day}").format(day=label_of(day, canton))
    for each in that_day:
        option = f" --canton {each.canton}" if each.canton else ""
        return NotFoundError(message, hint=f"opskit calendar remove {day}{option}")
    return NotFoundError(message, hint="opskit calendar list")
