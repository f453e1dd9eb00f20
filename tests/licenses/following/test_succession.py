"""A licence after a licence, in the database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from licenses.actions import Action
from licenses.following import changes, counting, expiry, story, succession
from licenses.models import LicenseRecord, LicenseRequest
from licenses.rows import terms_of
from licenses.services import requests
from licenses.services.coverage import coverages, current
from licenses.services.requests import find
from licenses.terms import is_revocation, revocation
from licenses.todo import LicenseTodo
from opskit.clients.models import Client
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.todo import TodoSources, gather
from tests.licenses.lifecycle import (
    AT,
    CATALOG,
    SALLY,
    TERMS,
    KeyRing,
    approve,
    ask,
    issue,
    issued,
)

TODAY = AT.date()
GROUND = succession.Ground(catalog=CATALOG, at=AT, actor=SALLY, reason="because")


def renewal(session: Session, old: LicenseRecord) -> LicenseRequest:
    return succession.succeed(
        session,
        old=old,
        action=Action.RENEW,
        change=lambda terms: changes.renewed(terms, "+12m", maintenance=None, today=TODAY),
        ground=GROUND,
    )


def settle(session: Session, asked: LicenseRequest, signer: KeyRing) -> LicenseRecord:
    approve(session, asked.number, signer)
    return issue(session, asked.number, signer)


def test_a_renewal_replaces_the_old_licence(
    session: Session, client: Client, signer: KeyRing
) -> None:
    old = issued(session, client, signer)
    new = settle(session, renewal(session, old), signer)
    assert (new.action, new.replaces) == ("renew", old.serial)
    assert terms_of(new) == replace(TERMS, maintenance_until=date(2028, 11, 4))
    assert current(session, client="DELEZE") == [new]
    with pytest.raises(ConflictError, match=f"L{old.serial} was replaced by L{new.serial}"):
        renewal(session, old)


def test_a_code_stands_for_the_licence_in_force_on_the_day_if_one_is_asked(
    session: Session, client: Client, signer: KeyRing
) -> None:
    old = issued(session, client, signer)
    later = issued(session, client, signer, valid_from=TERMS.valid_from + timedelta(days=60))
    assert succession.find_target(session, "DELEZE") is later
    assert succession.find_target(session, "DELEZE", on=TERMS.valid_from) is old
    assert succession.find_target(session, "DELEZE", on=later.valid_from) is later
    assert succession.find_target(session, "DELEZE", on=TODAY) is later  # neither began yet


def test_one_open_successor_at_a_time(session: Session, client: Client, signer: KeyRing) -> None:
    old = issued(session, client, signer)
    first = renewal(session, old)
    with pytest.raises(ConflictError, match=f"R{first.number} follows L{old.serial} already"):
        renewal(session, old)


def test_a_newer_licence_of_the_same_place_stands_in_the_way(
    session: Session, client: Client, signer: KeyRing
) -> None:
    old, newer = issued(session, client, signer), issued(session, client, signer)
    with pytest.raises(ConflictError, match=f"was replaced by L{newer.serial}"):
        renewal(session, old)


def test_a_revocation_ends_it(session: Session, client: Client, signer: KeyRing) -> None:
    old = issued(session, client, signer)
    asked = succession.succeed(
        session,
        old=old,
        action=Action.REVOKE,
        change=lambda terms: revocation(terms, today=TODAY),
        ground=GROUND,
    )
    over = settle(session, asked, signer)
    assert asked.reason == "because"
    assert current(session, client="DELEZE") == []
    with pytest.raises(ConflictError, match=f"was revoked by L{over.serial}"):
        renewal(session, old)
    with pytest.raises(ConflictError, match="itself a revocation"):
        renewal(session, over)
    with pytest.raises(NotFoundError, match="no production licence"):
        succession.find_target(session, "DELEZE")


def test_a_move_retires_the_old_site(session: Session, client: Client, signer: KeyRing) -> None:
    old = issued(session, client, signer, site="A")
    moved, ending = succession.move(
        session, old=old, change=lambda terms: changes.at_site(terms, "B"), ground=GROUND
    )
    assert ending is not None
    assert (moved.site, moved.replaces, ending.site, ending.replaces) == (
        "B",
        old.serial,
        "A",
        old.serial,
    )
    assert is_revocation(terms_of(ending))
    new = settle(session, moved, signer)
    settle(session, ending, signer)
    assert current(session, client="DELEZE") == [new]


def test_a_move_from_no_site_has_no_revocation(
    session: Session, client: Client, signer: KeyRing
) -> None:
    _moved, ending = succession.move(
        session,
        old=issued(session, client, signer),
        change=lambda terms: changes.at_site(terms, "B"),
        ground=GROUND,
    )
    assert ending is None


def test_a_copy_leaves_both(session: Session, client: Client, signer: KeyRing) -> None:
    old = issued(session, client, signer, site="A")
    asked = succession.copy(
        session, old=old, change=lambda terms: changes.at_site(terms, "B"), ground=GROUND
    )
    new = settle(session, asked, signer)
    assert (new.action, new.replaces) == ("copy", None)
    assert current(session, client="DELEZE") == [new, old]
    with pytest.raises(ConflictError, match=f"L{new.serial} .site B., L{old.serial} .site A."):
        succession.find_target(session, "deleze")
    answers = coverages(
        session,
        client="DELEZE",
        version="12.4",
        released_on=TODAY,
        on=date(2027, 1, 1),
        site="A",
    )
    assert [(each.covered, each.serial) for each in answers] == [(True, old.serial)]


def test_expiring_knows_successors_and_open_renewals(
    session: Session, client: Client, signer: KeyRing
) -> None:
    old = issued(session, client, signer)
    window = {"first": date(2027, 10, 1), "last": date(2027, 11, 4)}
    assert [(e.serial, e.renewal) for e in expiry.endings(session, **window)] == [
        (old.serial, None)
    ]
    assert expiry.endings(session, first=date(2027, 11, 5), last=date(2027, 12, 1)) == []
    asked = renewal(session, old)
    (listed,) = expiry.endings(session, **window)
    assert (listed.ends, listed.renewal, listed.contract) == (
        date(2027, 11, 4),
        asked.number,
        "bronze",
    )
    settle(session, asked, signer)
    assert expiry.endings(session, **window) == []


def test_the_history_knows_when_a_request_ended(session: Session, client: Client) -> None:
    later = AT + timedelta(hours=5)
    number = ask(session, client)
    requests.withdraw(session, number=number, reason="wrong client", at=later, actor=SALLY)
    (_asked, ended) = story.story(session, "DELEZE")
    assert (ended.at, ended.event, ended.subject) == (later, "withdrawn", f"R{number}")
    assert (ended.what, ended.by) == ("wrong client", SALLY.entity_id)


def test_the_history_is_in_order(session: Session, client: Client, signer: KeyRing) -> None:
    old = issued(session, client, signer)
    renewal(session, old)
    happened = [(each.event, each.subject) for each in story.story(session, "DELEZE")]
    assert happened == [
        ("requested", "R1"),
        ("approved", "R1"),
        ("requested", "R2"),
        ("issued", f"L{old.serial}"),
    ]


def test_the_counts_are_of_current_licences(
    session: Session, client: Client, signer: KeyRing
) -> None:
    issued(session, client, signer)
    issued(session, client, signer, modules=("FIN",), last_day=date(2027, 1, 31))
    issued(session, client, signer, site="B")
    assert counting.by_last_day(session) == {date(2027, 1, 31): 1, None: 1}
    assert counting.by_module(session) == {"FIN": 2, "AP": 1, "AR": 1}


def test_what_waits(session: Session, client: Client, signer: KeyRing) -> None:
    asked = ask(session, client)
    approved = approve(session, ask(session, client, site="A"), signer).number
    serial = issued(session, client, signer, site="B", last_day=date(2026, 12, 31)).serial
    found = gather(TodoSources((LicenseTodo(),)), session, today=TODAY).items
    assert [(item.kind, item.subject, item.due) for item in found] == [
        ("license-deliver", f"L{serial}", TODAY),
        ("license-approve", f"R{asked}", TODAY),
        ("license-issue", f"R{approved}", TODAY),
        ("license-renew", f"L{serial}", date(2026, 12, 31)),
    ]
    find(session, approved).state = "withdrawn"
    assert len(gather(TodoSources((LicenseTodo(),)), session, today=TODAY).items) == 3


def test_what_waits_of_a_batch_is_one_thing(
    session: Session, client: Client, signer: KeyRing
) -> None:
    asked = [ask(session, client, site=site) for site in "ABC"]
    approve(session, asked[0], signer)
    for number in asked:
        find(session, number).batch = 3
    session.flush()
    found = gather(TodoSources((LicenseTodo(),)), session, today=TODAY).items
    assert [(item.kind, item.subject, item.what, item.client, item.command) for item in found] == [
        ("license-issue", "B3", "licences to issue: 1", "DELEZE",
         "opskit license issue B3 --out FOLDER"),
        ("license-approve", "B3", "licences to approve: 2", "DELEZE",
         "opskit license approve B3"),
    ]  # fmt: skip


def test_what_was_outranked_does_not_come_back_when_its_successor_moves(
    session: Session, client: Client, signer: KeyRing
) -> None:
    first, second = issued(session, client, signer), issued(session, client, signer)
    assert current(session, client="DELEZE") == [second]
    asked, _ending = succession.move(
        session, old=second, change=lambda terms: changes.at_site(terms, "B"), ground=GROUND
    )
    moved = settle(session, asked, signer)
    assert current(session, client="DELEZE") == [moved]
    assert first.sequence < second.sequence < moved.sequence


def test_what_the_to_do_list_says_to_type_names_a_file(
    session: Session, client: Client, signer: KeyRing
) -> None:
    issued(session, client, signer)
    items = LicenseTodo().items(session, today=TODAY)
    assert [each.command for each in items if each.kind == "license-deliver"] == [
        "opskit license deliver L1001 --out FILE"
    ]
