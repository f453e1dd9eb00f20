"""A calendar file (RFC 5545) that Outlook, Thunderbird and phones import.

Events, not to-dos: few calendars show a VTODO. Every event takes whole days and keeps its UID for
ever, so that importing a newer file moves what is there and doubles nothing. Which of two versions
of an event is the newer one is told by SEQUENCE and DTSTAMP, both made of `changed_at`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from unicodedata import category

from opskit.core.periods import Period

if TYPE_CHECKING:
    from icalendar import Event as ICalEvent

DOMAIN = "opskit"
_PRODUCT = "-//opskit//opskit//EN"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_UNWRITABLE = {"Cc", "Cs"}  # control characters, and halves of surrogate pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something on one day, or from one day to another, both of them whole.

    `changed_at` is when the event last changed; it must never go back. Whoever `is_busy` then has
    no time for anything else. A cancelled event takes the one that was imported before away.
    """

    uid: str
    first: date
    last: date
    title: str
    changed_at: datetime
    text: str = ""
    place: str = ""
    categories: tuple[str, ...] = ()
    is_busy: bool = False
    is_cancelled: bool = False


def uid_of(*parts: str) -> str:
    """The same for the same thing, such as a run and a step: `P7/backup@opskit`."""
    return f"{'/'.join(parts)}@{DOMAIN}"


def calendar_file(name: str, events: Sequence[Event]) -> bytes:
    """The file, the same bytes for the same events. `name` is what a calendar calls it.

    Raises:
        ValueError: two events have the same UID, and one would swallow the other.
        InvalidError: an event ends before it begins.
    """
    from icalendar import Calendar

    uids = {event.uid for event in events}
    if len(uids) < len(events):
        raise ValueError("two events have the same UID")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _clean(name))  # RFC 7986
    calendar.add("x-wr-calname", _clean(name))  # what Outlook and Apple read
    for event in events:
        calendar.add_component(_component(event))
    content: bytes = calendar.to_ical()
    return content


def _component(event: Event) -> "ICalEvent":
    from icalendar import Event as ICalEvent

    days = Period(event.first, event.last)
    moment = event.changed_at.astimezone(UTC).replace(microsecond=0)
    component = ICalEvent()
    component.add("uid", _clean(event.uid))
    component.add("dtstamp", moment)
    component.add("last-modified", moment)
    component.add("sequence", _sequence(moment))
    component.add("dtstart", days.first)
    component.add("dtend", days.last + timedelta(days=1))  # the first day that is free again
    component.add("summary", _clean(event.title))
    if event.text:
        component.add("description", _clean(event.text))
    if event.place:
        component.add("location", _clean(event.place))
    if event.categories:
        component.add("categories", [_clean(each) for each in event.categories])
    component.add("transp", "OPAQUE" if event.is_busy else "TRANSPARENT")
    component.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    return component


def _sequence(changed_at: datetime) -> int:
    """Grows with every change without anybody counting: the seconds since opskit began."""
    return max(0, int((changed_at - _EPOCH).total_seconds()))


def _clean(text: str) -> str:
    """RFC 5545 has no way to write a control character, and the library writes them as they are."""
    lines = "\n".join(text.splitlines())
    return "".join(each for each in lines if each in "\n\t" or category(each) not in _UNWRITABLE)
