"""Freeze periods: days on which nobody patches a client, such as payroll close or stocktake.

They may overlap. What was recorded is never deleted: a freeze that ended is withdrawn.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from opskit.clients.models import Client, FreezePeriod
from opskit.core.cells import required_text
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.periods import DaysOfMonth, Period

FREEZERS = ("agent", "manager", "sales", "admin")
EVERY_CLIENT = "all"  # as the subject of an event; no client code is in small letters


@dataclass(frozen=True, slots=True)
class Freeze:
    """What a planner needs of a freeze: one period, or days of every month between two dates."""

    number: int
    client: str | None  # None is every client
    first: date | None
    last: date | None
    monthly: DaysOfMonth | None
    reason: str

    def covers(self, day: date) -> bool:
        if (self.first and day < self.first) or (self.last and day > self.last):
            return False
        return self.monthly is None or self.monthly.covers(day)

    def is_over(self, *, on: date) -> bool:
        return self.last is not None and self.last < on

    def overlaps(self, first: date | None, last: date | None) -> bool:
        """Whether some of it may lie between two dates, either of which may be open."""
        is_before = bool(first and self.last and self.last < first)
        is_after = bool(last and self.first and self.first > last)
        return not (is_before or is_after)

    def when(self) -> str:
        """`2027-01-25 to 2027-02-03`, `every month from day 25 to day 3`."""
        parts = [self.monthly.in_words()] if self.monthly else []
        if self.first and self.last:
            parts.append(Period(self.first, self.last).in_words())
        elif self.first:
            parts.append(_("from {first}").format(first=self.first))
        elif self.last:
            parts.append(_("until {last}").format(last=self.last))
        return ", ".join(parts)

    def in_words(self) -> str:
        """`payroll close (2027-01-25 to 2027-02-03)`."""
        return f"{self.reason} ({self.when()})"

    def facts(self) -> dict[str, Any]:
        """Keys: `number`, `client` (null is every client), `from`, `until` (null is open),
        `monthly` (`25-3`, or null), `reason`.
        """
        monthly = self.monthly
        return {
            "number": self.number,
            "client": self.client,
            "from": None if self.first is None else self.first.isoformat(),
            "until": None if self.last is None else self.last.isoformat(),
            "monthly": None if monthly is None else f"{monthly.first}-{monthly.last}",
            "reason": self.reason,
        }


def as_freeze(row: FreezePeriod) -> Freeze:
    monthly = None
    if row.monthly_from is not None and row.monthly_until is not None:
        monthly = DaysOfMonth(row.monthly_from, row.monthly_until)
    return Freeze(row.id, row.client, row.first, row.last, monthly, row.reason)


def add(
    session: Session,
    *,
    client: Client | None,
    first: date | None,
    last: date | None,
    monthly: DaysOfMonth | None = None,
    reason: str,
    at: datetime,
    actor: Identity,
) -> FreezePeriod:
    """Record a freeze of one client, or of every client.

    Raises:
        DeniedError: the person's roles do not allow it.
        InvalidError: it has no days, ends before it begins, or no reason is given.
    """
    require_role(actor, *FREEZERS)
    _require_days(first, last, monthly)
    row = FreezePeriod(
        client=None if client is None else client.code,
        first=first,
        last=last,
        monthly_from=None if monthly is None else monthly.first,
        monthly_until=None if monthly is None else monthly.last,
        reason=_reason(reason),
        recorded_by=actor.entity_id,
        recorded_at=at,
    )
    session.add(row)
    session.flush()  # the event names it by its number
    _tell(session, "client.freeze-added", row, at=at, actor=actor)
    return row


def end(
    session: Session, *, number: int, at: datetime, actor: Identity
) -> tuple[FreezePeriod, bool]:
    """Withdraw a freeze, and say whether it counted until now.

    Raises:
        DeniedError: the person's roles do not allow it.
        NotFoundError: no freeze has that number.
    """
    require_role(actor, *FREEZERS)
    row = session.get(FreezePeriod, number, with_for_update=True)
    if row is None:
        raise NotFoundError(
            _("there is no freeze {number}").format(number=number),
            hint="opskit client freeze list",
        )
    if row.withdrawn_at is not None:
        return row, False
    row.withdrawn_at = at
    _tell(session, "client.freeze-ended", row, at=at, actor=actor)
    return row, True


def freezes_of(session: Session, client_code: str) -> list[FreezePeriod]:
    """What counts for this client, and with it what counts for every client."""
    mine = or_(FreezePeriod.client == client_code, FreezePeriod.client.is_(None))
    return _standing(session, mine)


def list_freezes(session: Session) -> list[FreezePeriod]:
    """Every freeze that was not withdrawn."""
    return _standing(session)


def frozen(session: Session, *, client: str, on: date) -> str | None:
    """Why nobody patches this client on that day; None where nothing stands against it."""
    return frozen_by(map(as_freeze, freezes_of(session, client)), on)


def frozen_by(freezes: Iterable[Freeze], on: date) -> str | None:
    """The first of these freezes that covers the day, in words."""
    return next((each.in_words() for each in freezes if each.covers(on)), None)


def freezes_by_client(session: Session, codes: Collection[str]) -> Mapping[str, tuple[Freeze, ...]]:
    """`freezes_of` for many clients in one question; each of them has its key."""
    of_all: list[Freeze] = []
    of_one: dict[str, list[Freeze]] = {code: [] for code in codes}
    for row in list_freezes(session):
        freeze = as_freeze(row)
        if freeze.client is None:
            of_all.append(freeze)
        elif freeze.client in of_one:
            of_one[freeze.client].append(freeze)
    return {code: (*mine, *of_all) for code, mine in of_one.items()}


def _standing(session: Session, *wanted: ColumnElement[bool]) -> list[FreezePeriod]:
    """A client's own first; then by their first day, those that are always there first."""
    found = session.scalars(
        select(FreezePeriod).where(FreezePeriod.withdrawn_at.is_(None), *wanted)
    )
    return sorted(found, key=lambda each: (each.client is None, each.first or date.min, each.id))


def _require_days(first: date | None, last: date | None, monthly: DaysOfMonth | None) -> None:
    if first is not None and last is not None:
        Period(first, last)
    elif monthly is None:
        raise InvalidError(
            _("a freeze needs its first and its last day"),
            hint=_("give --from and --until, or --monthly 25-3 for one that comes back"),
        )


def _reason(text: str) -> str:
    try:
        return required_text(text)
    except InvalidError as err:
        raise InvalidError(
            _("--reason {problem}").format(problem=err.message),
            hint=_('say it in a few words: --reason "payroll close"'),
        ) from err


def _tell(
    session: Session, action: str, row: FreezePeriod, *, at: datetime, actor: Identity
) -> None:
    facts = as_freeze(row).facts()
    reason = facts.pop("reason")
    record(
        session,
        actor=actor,
        at=at,
        action=action,
        subject=row.client or EVERY_CLIENT,
        client=row.client,
        after=facts,
        personal={"reason": reason},
    )
