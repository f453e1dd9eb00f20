"""The kits there are, as the event log knows them: the files themselves are with two people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.offline.making import CREATED, REFRESHED
from licenses.offline.numbering import KEY_IDS
from opskit.core.events import Event
from opskit.staff import services as staff
from opskit.staff.models import PersonState

OLD = timedelta(days=90)  # by then a good part of the licences in it is no longer what counts


@dataclass(frozen=True, slots=True)
class KitFacts:
    """A kit; `holders` are entities in the safe, `filled_at` is when its licences were put in."""

    number: int
    key_id: int
    holders: tuple[str, str]
    licenses: int
    made_at: datetime
    filled_at: datetime


def kits(session: Session) -> list[KitFacts]:
    """All that were made, the oldest first."""
    found: dict[str, KitFacts] = {}
    told = select(Event).where(Event.action.in_((CREATED, REFRESHED))).order_by(Event.id)
    for event in session.scalars(told):
        facts = event.after or {}
        known = found.get(event.subject)
        first, second = facts["holders"]
        found[event.subject] = KitFacts(
            number=KEY_IDS.index(facts["key_id"]) + 1,
            key_id=facts["key_id"],
            holders=(first, second),
            licenses=facts["licenses"],
            made_at=known.made_at if known else event.at,
            filled_at=event.at,
        )
    return list(found.values())


def left(session: Session, holders: Sequence[str]) -> list[str]:
    """The names of those who may no longer log in, and still know their passphrase."""
    people = [staff.by_entity(session, each) for each in holders]
    return [each.name for each in people if each and each.state != PersonState.ACTIVE]
