"""The calendar file, read back by the library that programs use to import one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from opskit.core.errors import InvalidError
from opskit.core.ics import Event, calendar_file, uid_of

CHANGED = datetime(2026, 11, 24, 9, 30, 15, 999, tzinfo=UTC)
BACKUP = Event(
    uid=uid_of("P7", "backup"),
    first=date(2027, 1, 19),
    last=date(2027, 1, 19),
    title="P7 Délèze Outillage: sauvegarde; preuve, heure",
    text="Zürich\nhttps://tickets.example/CS-1001",
    place="La Chaux-de-Fonds",
    categories=("opskit", "patch, prêt"),
    changed_at=CHANGED,
)


def parsed(content: bytes) -> list[Any]:
    calendar = Calendar.from_ical(content)
    assert calendar.errors == []
    return list(calendar.walk("VEVENT"))


def test_the_file_to_the_letter() -> None:
    assert calendar_file("Patches", [BACKUP]).decode() == (
        "BEGIN:VCALENDAR\r\n"
        "VERSION:2.0\r\n"
        "PRODID:-//opskit//opskit//EN\r\n"
        "CALSCALE:GREGORIAN\r\n"
        "METHOD:PUBLISH\r\n"
        "NAME:Patches\r\n"
        "X-WR-CALNAME:Patches\r\n"
        "BEGIN:VEVENT\r\n"
        "SUMMARY:P7 Délèze Outillage: sauvegarde\\; preuve\\, heure\r\n"
        "DTSTART;VALUE=DATE:20270119\r\n"
        "DTEND;VALUE=DATE:20270120\r\n"
        "DTSTAMP:20261124T093015Z\r\n"
        "UID:P7/backup@opskit\r\n"
        "SEQUENCE:28287015\r\n"
        "CATEGORIES:opskit,patch\\, prêt\r\n"
        "DESCRIPTION:Zürich\\nhttps://tickets.example/CS-1001\r\n"
        "LAST-MODIFIED:20261124T093015Z\r\n"
        "LOCATION:La Chaux-de-Fonds\r\n"
        "STATUS:CONFIRMED\r\n"
        "TRANSP:TRANSPARENT\r\n"
        "END:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )


def test_an_event_comes_back_as_it_was() -> None:
    (event,) = parsed(calendar_file("Écheances", [BACKUP]))
    assert str(event["SUMMARY"]) == BACKUP.title
    assert str(event["DESCRIPTION"]) == BACKUP.text
    assert event["DTSTART"].dt == BACKUP.first
    assert event["DTEND"].dt == BACKUP.last + timedelta(days=1)
    assert [str(each) for each in event["CATEGORIES"].cats] == list(BACKUP.categories)


def test_a_change_keeps_the_uid_and_raises_the_sequence() -> None:
    later = replace(BACKUP, first=date(2027, 1, 20), last=date(2027, 1, 21))
    later = replace(later, changed_at=CHANGED + timedelta(seconds=1))
    (old,), (new,) = parsed(calendar_file("x", [BACKUP])), parsed(calendar_file("x", [later]))
    assert old["UID"] == new["UID"]
    assert old["SEQUENCE"] < new["SEQUENCE"]
    assert old["DTSTAMP"].dt < new["DTSTAMP"].dt
    assert new["DTEND"].dt == date(2027, 1, 22)


def test_the_same_events_make_the_same_bytes() -> None:
    assert calendar_file("x", [BACKUP]) == calendar_file("x", [BACKUP])


def test_a_cancelled_event_is_told_and_a_busy_one_takes_the_day() -> None:
    (event,) = parsed(calendar_file("x", [replace(BACKUP, is_cancelled=True, is_busy=True)]))
    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "OPAQUE")
    assert event["UID"] == BACKUP.uid


def test_a_calendar_may_be_empty() -> None:
    content = calendar_file("Zürich", [])
    assert parsed(content) == []
    assert "X-WR-CALNAME:Zürich\r\n".encode() in content


def test_long_lines_are_folded_between_letters() -> None:
    title = "Süßölgefäß für Bäckerei Müller in Genève 🥐 " * 20
    content = calendar_file("x", [replace(BACKUP, title=title.strip())])
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])  # no letter was cut in two
    assert b"\n" not in content.replace(b"\r\n", b"")
    (event,) = parsed(content)
    assert str(event["SUMMARY"]) == title.strip()


@given(title=st.text(st.characters(), max_size=80))
def test_no_text_gets_out_of_its_line(title: str) -> None:
    content = calendar_file("x", [replace(BACKUP, title=f"x{title}")])
    (event,) = parsed(content)
    assert event["UID"] == BACKUP.uid
    assert event["DTSTART"].dt == BACKUP.first
    assert len(event) == len(parsed(calendar_file("x", [BACKUP]))[0])


def test_control_characters_stay_outside_and_blanks_of_french_within() -> None:
    (event,) = parsed(
        calendar_file("x", [replace(BACKUP, title="a\x00\x1b[2J b\u00a0: c\rEND:VEVENT")])
    )
    assert str(event["SUMMARY"]) == "a[2J b\u00a0: c\nEND:VEVENT"


def test_two_events_of_one_uid_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="the same UID"):
        calendar_file("x", [BACKUP, BACKUP])


def test_an_event_ends_no_earlier_than_it_begins() -> None:
    with pytest.raises(InvalidError, match="is before"):
        calendar_file("x", [replace(BACKUP, last=date(2027, 1, 18))])
