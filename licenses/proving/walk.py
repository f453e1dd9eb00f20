"""Along the whole register and the whole event log, once each."""

from collections.abc import Callable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord
from licenses.proving import pages, whole
from licenses.proving.chain import PageOfEvents
from licenses.proving.crew import Crew, crew
from licenses.proving.flaws import Fault, Flaw, Tally
from licenses.proving.prover import Prover
from licenses.proving.trust import Trust
from opskit.core import events
from opskit.core.catalog import Catalog
from opskit.core.i18n import _
from opskit.core.refs import format_number
from opskit.core.workers import cores

WORTH_A_CREW = 5000  # lines; below that, other processes start longer than they work

Step = Callable[[int], None]


def extent(session: Session) -> tuple[int, int]:
    """How many licences there are, and how many events."""
    head = session.get(events.EventHead, 1)
    licenses = session.scalar(select(func.count()).select_from(LicenseRecord)) or 0
    return licenses, head.last_id if head else 0


def cores_for(licenses: int) -> int:
    """Workers that a register of this size is worth."""
    return cores() if licenses >= WORTH_A_CREW else 1


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

    Needs a snapshot: its pages are read one after the other, and by others too.
    """
    with crew(session, workers, trust, catalog) as hands:
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
    for flawed, looked_at in hands.each(Prover.lines, pages.of_lines(session)):
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
    last = (0, events.GENESIS)
    for page in hands.each(Prover.events, pages.of_events(session)):
        known.issued += page.issued
        tally.events += page.count
        if page.misfits or page.follows != last:
            yield from _altered(session, page, last)
        last = page.ends
        step(page.count)
    head = session.get(events.EventHead, 1)
    expected = (head.last_id, head.hash) if head else (0, events.GENESIS)
    if expected != last:
        yield Fault(
            _("event {id}").format(id=expected[0]),
            Flaw.ALTERED_EVENT,
            _("the head names another last event"),
        )


def _altered(session: Session, page: PageOfEvents, last: tuple[int, str]) -> Iterator[Fault]:
    """The log's own words about a page that does not fit, or does not follow that event."""
    extent = (page.follows[0] + 1, page.ends[0])
    try:
        found = list(events.faults_in(session, extent, after=last))
    except (ValueError, TypeError):  # what no program ever wrote cannot even be read
        words = Flaw.ALTERED_EVENT.in_words()
        found = [events.Fault(event_id, words) for event_id in page.misfits]
    for each in found:
        yield Fault(_("event {id}").format(id=each.event_id), Flaw.ALTERED_EVENT, each.reason)
