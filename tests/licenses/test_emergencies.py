"""Numbers of emergency codes, in the database: each once, and only where a code may be given."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licenses.actions import Action
from licenses.codes import code_doubts, code_facts, code_lines
from licenses.directory import Directory
from licenses.emergency import CHAIN_LENGTH
from licenses.following import changes, succession
from licenses.keyformat import SIGNATURE_SIZE, encode
from licenses.models import EmergencyCode, LicenseRecord
from licenses.panel import LicensePanel
from licenses.services import emergencies
from licenses.terms import revocation
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.errors import ConflictError, DeniedError
from opskit.core.identity import ROLES, Identity
from opskit.core.refs import TicketKey
from tests.licenses.lifecycle import (
    AT,
    CAROL,
    CATALOG,
    SALLY,
    KeyRing,
    approve,
    issue,
    issued,
)

TICKET = TicketKey("CS-1001")
GROUND = succession.Ground(catalog=CATALOG, at=AT, actor=SALLY, reason="because")


def until(day: int) -> dict[str, date]:
    """The terms of a licence that ends in November."""
    return {"valid_from": date(2026, 1, 1), "last_day": date(2026, 11, day)}


def spend(session: Session, record: LicenseRecord, **other: object) -> emergencies.Turn:
    given = {"ticket": TICKET, "at": AT, "actor": CAROL, **other}
    turn = emergencies.spend(session, record=record, **given)  # type: ignore[arg-type]
    session.flush()
    return turn


def doubts(turn: emergencies.Turn) -> list[str]:
    return list(code_doubts(turn, at=AT))


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(EmergencyCode)) or 0


def followed(session: Session, old: LicenseRecord, signer: KeyRing, *, end: bool) -> LicenseRecord:
    """What takes the place of a licence: its revocation, or a renewal."""
    asked = succession.succeed(
        session,
        old=old,
        action=Action.REVOKE if end else Action.RENEW,
        change=lambda terms: (
            revocation(terms, today=AT.date())
            if end
            else changes.renewed(terms, "+12m", maintenance=None, today=AT.date())
        ),
        ground=GROUND,
    )
    approve(session, asked.number, signer)
    return issue(session, asked.number, signer)


def test_numbers_go_up_and_stand_in_the_log(
    session: Session, client: Client, signer: KeyRing
) -> None:
    record = issued(session, client, signer, **until(24))
    first, second = spend(session, record), spend(session, record)
    assert [first.number, first.left, second.number, second.left] == [1, 23, 2, 22]
    assert (first.days, first.license, first.client.code) == (5, f"L{record.serial}", "DELEZE")
    told = list(
        session.scalars(select(events.Event).where(events.Event.action == "license.emergency"))
    )
    assert [(each.subject, each.client, each.ticket, each.after) for each in told] == [
        (f"L{record.serial}", "DELEZE", "CS-1001", {"number": number}) for number in (1, 2)
    ]


def test_all_are_used_up(session: Session, client: Client, signer: KeyRing) -> None:
    record = issued(session, client, signer)
    assert [spend(session, record).number for _ in range(CHAIN_LENGTH)] == list(range(1, 25))
    with pytest.raises(ConflictError, match=f"all emergency codes of L{record.serial} were given"):
        spend(session, record)
    assert count(session) == CHAIN_LENGTH


@pytest.mark.parametrize("role", sorted(set(ROLES) - set(emergencies.GIVING)))
def test_nobody_else_gives_one(
    session: Session, client: Client, signer: KeyRing, role: str
) -> None:
    record = issued(session, client, signer)
    with pytest.raises(DeniedError, match="lacks the role agent or license-issuer"):
        spend(session, record, actor=Identity("e-eve", "eve", frozenset({role})))
    assert count(session) == 0


def test_none_for_a_licence_without_anchor(
    session: Session, client: Client, signer: KeyRing
) -> None:
    record = issued(session, client, signer)
    bare = encode(replace(emergencies.payload_of(record), extensions=()))
    record.signed = bare + record.signed[-SIGNATURE_SIZE:]
    with pytest.raises(
        ConflictError, match=f"L{record.serial} takes no emergency codes: it was issued without"
    ) as caught:
        spend(session, record)
    assert caught.value.hint == f"opskit license renew L{record.serial} --until +1m"
    assert code_lines(session, record, Directory(session)) == []


def test_none_after_a_revocation(session: Session, client: Client, signer: KeyRing) -> None:
    record = issued(session, client, signer)
    ending = followed(session, record, signer, end=True)
    with pytest.raises(ConflictError, match=f"L{record.serial} was revoked by L{ending.serial}"):
        spend(session, record)
    with pytest.raises(ConflictError, match=f"L{ending.serial} is itself a revocation"):
        spend(session, ending)
    later = issued(session, client, signer)
    assert spend(session, later).number == 1
    with pytest.raises(ConflictError, match="was revoked by"):
        spend(session, record)


def test_a_replaced_licence_takes_codes_where_the_new_one_is_not_entered(
    session: Session, client: Client, signer: KeyRing
) -> None:
    record = issued(session, client, signer, **until(24))
    new = followed(session, record, signer, end=False)
    turn = spend(session, record)
    assert doubts(turn) == [
        f"L{record.serial} was replaced: the code works only where L{new.serial} was not entered"
    ]


def test_doubts(session: Session, client: Client, signer: KeyRing) -> None:
    """An earlier code that may still run, a licence without end, one that goes on anyway."""
    open_ended = issued(session, client, signer, site="A")
    assert doubts(spend(session, open_ended)) == [
        f"L{open_ended.serial} is valid only from 2026-12-01",
        f"L{open_ended.serial} has no last day, so there is none to put off",
    ]
    ending = issued(session, client, signer, site="B", **until(28))
    assert doubts(spend(session, ending, at=AT - timedelta(days=5))) == []
    assert doubts(spend(session, ending)) == []
    assert doubts(spend(session, ending)) == [
        "code 2 was given on 2026-11-24 for CS-1001, its days may not be over"
    ]
    later = issued(session, client, signer, site="C", **until(19), grace_days=10)
    assert doubts(spend(session, later)) == [f"L{later.serial} works until 2026-11-29 anyway"]


def test_who_looks_spends_nothing_and_somebody_may_be_faster(
    session: Session, client: Client, signer: KeyRing
) -> None:
    record = issued(session, client, signer, **until(24))
    looked = emergencies.next_turn(session, record=record, at=AT, actor=CAROL)
    assert (looked.number, doubts(looked), count(session)) == (1, [], 0)
    spend(session, record)
    mine = spend(session, record)
    assert (mine.number, doubts(mine)) == (
        2,
        ["code 1 was given on 2026-11-24 for CS-1001, its days may not be over"],
    )


def test_what_is_shown_of_them(session: Session, client: Client, signer: KeyRing) -> None:
    record, known = issued(session, client, signer), Directory(session)
    assert code_lines(session, record, known) == ["Emergency codes given: 0 of 24; days each: 5"]
    spend(session, record)
    assert code_lines(session, record, known)[1:] == [
        "  2026-11-24 by somebody unknown: code 1, CS-1001"
    ]
    assert code_facts(session, record, known) == {
        "emergency_days": 5,
        "emergency_codes": [
            {
                "number": 1,
                "ticket": "CS-1001",
                "given_at": AT,
                "given_by": "e-carol",
                "given_by_name": None,
            }
        ],
    }
    (row,) = LicensePanel().rows(session, "DELEZE")
    assert row.text.endswith("; emergency codes given: 1")
    assert row.facts["emergency_codes_given"] == 1
