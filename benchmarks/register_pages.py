"""Pages of the register, each against the bare SQL query of the same run."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from statistics import median

from sqlalchemy import Engine, TextClause, text
from sqlalchemy.orm import Session

from licenses.following.expiry import endings
from licenses.services import register, requests
from licenses.services.deliveries import deliveries_of
from licenses.services.emergencies import given
from licenses.services.paging import Wanted, page
from opskit.core.db import snapshot

ROUNDS = 200  # of each kind, taken in turn
CLIENT, SERIAL = "C0007", 9000
FIRST = date(2027, 12, 1)
LAST = FIRST + timedelta(days=10)

Contest = tuple[str, Callable[[Session], object], Sequence[TextClause]]

_WAITING = """
SELECT * FROM licenses_request WHERE state IN ('requested', 'approved') ORDER BY number LIMIT 51
"""
_WAITING_OF_CLIENT = f"""
SELECT * FROM licenses_request WHERE state IN ('requested', 'approved') AND client = '{CLIENT}'
ORDER BY number LIMIT 51
"""
_NEWEST = "SELECT * FROM licenses_record ORDER BY serial DESC LIMIT 51"
_OLDER = f"SELECT * FROM licenses_record WHERE serial < {SERIAL} ORDER BY serial DESC LIMIT 51"
_OF_CLIENT = (
    f"SELECT * FROM licenses_record WHERE client = '{CLIENT}' ORDER BY serial DESC LIMIT 51"
)
_ONE = f"""
SELECT * FROM licenses_record JOIN licenses_request ON request_number = number
WHERE licenses_record.serial = {SERIAL}
"""
_DELIVERIES = f"SELECT * FROM licenses_delivery WHERE serial = {SERIAL} ORDER BY id"
_CODES = f"SELECT * FROM licenses_emergency WHERE serial = {SERIAL} ORDER BY number"
_ENDING = f"""
SELECT r.*, c.name, c.contract FROM licenses_record r JOIN clients_client c ON c.code = r.client
WHERE (r.last_day BETWEEN '{FIRST}' AND '{LAST}'
    OR r.maintenance_until BETWEEN '{FIRST}' AND '{LAST}'
        AND (r.last_day IS NULL OR r.last_day >= '{FIRST}'))
    AND r.action <> 'revoke'
    AND NOT EXISTS (SELECT 1 FROM licenses_record l WHERE l.replaces = r.serial)
    AND NOT EXISTS (SELECT 1 FROM licenses_record l WHERE l.client = r.client
        AND l.kind = r.kind AND l.sequence > r.sequence AND l.product = r.product
        AND coalesce(l.site, '') = coalesce(r.site, ''))
"""


def pages(engine: Engine) -> Iterator[tuple[str, float, float]]:
    """What is shown, the median seconds of opskit, and those of the bare query."""
    with snapshot(engine) as session:
        for name, ours, theirs in _contests():
            seconds = _in_turn(session, ours, partial(_fetch, queries=theirs))
            yield name, seconds[0], seconds[1]


def _contests() -> Iterator[Contest]:
    waiting = text(_WAITING)
    yield "list", partial(page, wanted=Wanted(limit=50)), (waiting, text(_NEWEST))
    older = Wanted(limit=50, before=SERIAL)
    yield f"list --before L{SERIAL}", partial(page, wanted=older), (text(_OLDER),)
    mine = Wanted(limit=50, client=CLIENT)
    yield "list --client", partial(page, wanted=mine), (text(_WAITING_OF_CLIENT), text(_OF_CLIENT))
    yield f"show L{SERIAL}", _show, (text(_ONE), text(_DELIVERIES), text(_CODES))
    yield "expiring", partial(endings, first=FIRST, last=LAST), (text(_ENDING),)


def _fetch(session: Session, *, queries: Sequence[TextClause]) -> object:
    return [session.execute(query).all() for query in queries]


def _show(session: Session) -> object:
    found = register.find_record(session, SERIAL)
    asked = requests.find(session, found.request_number)
    return asked, deliveries_of(session, SERIAL), given(session, SERIAL)


def _in_turn(session: Session, *contestants: Callable[[Session], object]) -> list[float]:
    """The median seconds of each; every time as if the rows had never been seen."""
    times: list[list[float]] = [[] for _ in contestants]
    for _ in range(ROUNDS):
        for contestant, kept in zip(contestants, times, strict=True):
            session.expunge_all()
            began = time.perf_counter()
            contestant(session)
            kept.append(time.perf_counter() - began)
    return [median(each) for each in times]
