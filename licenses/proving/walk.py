"""Along the whole register and the whole event log, once each."""

import os
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord
from licenses.proving import pages, whole
from licenses.proving.crew import Crew, crew
from licenses.proving.flaws import Fault, Flaw, Tally
from licenses.proving.prover import EventsVerdict, Prover
from licenses.proving.trust import Trust
from opskit.core import events
from opskit.core.catalog import Catalog
from opskit.core.i18n import _
from opskit.core.refs import format_number

WORTH_A_CREW = 5000  # lines; below that, other processes start longer than they work

Step = Callable[[int], None]


def extent(session: Session) -> tuple[int, int]:
    """How many licences there are, and how many events."""
    head = session.get(events.EventHead, 1)
    licenses = session.scalar(select(func.count()).select_from(LicenseRecord)) or 0
    return licenses, head.last_id if head else 0


def cores_for(licenses: int) -> int:
    """Workers that a register of this size is worth."""
    return len(os.sched_getaffinity(0)) if licenses >= WORTH_A_CREW else 1


def prove(
    session: Session,
    *,
    trust: Trust,
    catalog: Catalog,
    workers: int,
    tally: Tally,
    step: Step = lambda _count: None,
) -> Iterator[Fault]:
    """Every fault of the register; `tally` counts what was looked at, as it goes.

    Needs a snapshot: a line, its request and its event are read one after the other.
    """
    with crew(workers, trust, catalog) as hands:
        known = _Known()
        yield from _lines(session, hands, known, tally, step)
        yield from _events(session, hands, known, tally, step)
    if known.logged != known.issued:
        yield from whole.licenses_gone(session)
    yield from whole.sequences_used_twice(session)
    yield from whole.requests_without_license(session)
    yield from whole.deliveries_without_license(session)


class _Known:
    """Licences that name an event, and licences that events name: the numbers have to agree."""

    logged = 0
    issued = 0


def _lines(
    session: Session, hands: Crew, known: _Known, tally: Tally, step: Step
) -> Iterator[Fault]:
    jobs = ((page,) for page in pages.lines(session))
    for flawed, looked_at in hands.each(Prover.lines, jobs):
        tally.licenses += looked_at.licenses
        tally.approvals += looked_at.approvals
        tally.without_second_person += looked_at.without_second_person
        tally.offline += looked_at.offline
        unlogged = sum(flaw is Flaw.NOT_LOGGED for _serial, flaw in flawed)
        known.logged += looked_at.licenses - unlogged
        yield from (Fault(format_number("L", serial), flaw) for serial, flaw in flawed)
        step(looked_at.licenses)


def _events(
    session: Session, hands: Crew, known: _Known, tally: Tally, step: Step
) -> Iterator[Fault]:
    place = _Place()
    for verdict in hands.each(Prover.events, place.follow(session)):
        known.issued += verdict.issued
        tally.events += verdict.count
        if not verdict.fits:
            yield from _altered(session, verdict)
        step(verdict.count)
    head = session.get(events.EventHead, 1)
    expected = (head.last_id, head.hash) if head else (0, events.GENESIS)
    if expected != (place.last_id, place.hash):
        yield Fault(
            _("event {id}").format(id=expected[0]),
            Flaw.ALTERED_EVENT,
            _("the head names another last event"),
        )


class _Place:
    """Where the walk along the log is: the event that the next one has to follow."""

    def __init__(self) -> None:
        self.last_id, self.hash = 0, events.GENESIS

    def follow(self, session: Session) -> Iterator[tuple[Any, ...]]:
        for page in pages.logged(session):
            yield page, self.hash, self.last_id
            self.last_id, self.hash = page[-1][0], page[-1][-1]


def _altered(session: Session, verdict: EventsVerdict) -> Iterator[Fault]:
    """The log's own words about a page that does not fit."""
    found = events.faults_after(session, verdict.previous, verdict.last_id, limit=verdict.count)
    for fault in found:
        yield Fault(_("event {id}").format(id=fault.event_id), Flaw.ALTERED_EVENT, fault.reason)
