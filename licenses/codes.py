"""The emergency codes of a licence, for who gives one and for its page."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from licenses.directory import Directory
from licenses.emergency import CHAIN_LENGTH, days_granted, put_off_to
from licenses.models import LicenseRecord
from licenses.services.emergencies import Turn, given, payload_of
from opskit.core.i18n import _
from opskit.core.refs import format_number


def code_doubts(turn: Turn, *, at: datetime) -> Iterator[str]:
    """Why the code may be the wrong answer to what the client calls about; nothing here refuses."""
    name, payload, last_day = turn.license, payload_of(turn.record), put_off_to(turn.days, at)
    if turn.running is not None:
        yield _("code {number} was given on {day} for {ticket}, its days may not be over").format(
            number=turn.running.number,
            day=turn.running.given_at.astimezone().date(),
            ticket=turn.running.ticket,
        )
    if turn.replaced_by is not None:
        yield _("{license} was replaced: the code works only where {by} was not entered").format(
            license=name, by=format_number("L", turn.replaced_by)
        )
    if payload.valid_from > last_day:
        yield _("{license} is valid only from {day}").format(license=name, day=payload.valid_from)
    if payload.last_day is None:
        yield _("{license} has no last day, so there is none to put off").format(license=name)
        return
    works_until = payload.last_day + timedelta(days=payload.grace_days)
    if works_until >= last_day:
        yield _("{license} works until {day} anyway").format(license=name, day=works_until)


def code_facts(session: Session, record: LicenseRecord, known: Directory) -> dict[str, Any]:
    """JSON keys that `license show` adds; `emergency_days` is null for a licence without anchor."""
    return {
        "emergency_days": days_granted(payload_of(record)),
        "emergency_codes": [
            {
                "number": each.number,
                "ticket": each.ticket,
                "given_at": each.given_at,
                "given_by": each.given_by,
                "given_by_name": known.name_of(each.given_by),
            }
            for each in given(session, record.serial)
        ],
    }


def code_lines(session: Session, record: LicenseRecord, known: Directory) -> list[str]:
    """What `license show` says of them below the licence's facts."""
    days, codes = days_granted(payload_of(record)), given(session, record.serial)
    if days is None:
        return []
    title = _("Emergency codes given: {count} of {all}; days each: {days}").format(
        count=len(codes), all=CHAIN_LENGTH, days=days
    )
    return [
        title,
        *(
            "  "
            + _("{day} by {name}: code {number}, {ticket}").format(
                day=each.given_at.astimezone().date(),
                name=known.name_of(each.given_by) or _("somebody unknown"),
                number=each.number,
                ticket=each.ticket,
            )
            for each in codes
        ),
    ]
