"""Two transactions at once, on both dialects: one waits for the other, and sees what it did."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from licenses import rotation
from licenses.keyfamilies import PRODUCTION_KEYS
from licenses.models import EmergencyCode, LicenseRecord, LicenseRequest
from licenses.services import emergencies, issuing
from opskit.clients.models import Client
from opskit.core.config import Home, Settings
from opskit.core.context import AppContext
from opskit.core.db import transaction
from opskit.core.errors import ConflictError
from opskit.core.events import Event, verify_chain
from opskit.core.intents import begin, open_intents
from opskit.core.refs import TicketKey
from tests.licenses.lifecycle import (
    AT,
    BOB,
    CAROL,
    KeyRing,
    add_client,
    approve,
    ask,
    draft,
    issued,
    signed_bytes,
)
from tests.support.races import together


def rows(engine: Engine, what: Any) -> list[Any]:
    with transaction(engine) as session:
        return list(session.scalars(select(what)))


def test_two_issuers_of_one_request(own_engine: Engine, signer: KeyRing) -> None:
    with transaction(own_engine) as session:
        number = ask(session, add_client(session))
        approve(session, number, signer)
        signed = signed_bytes(session, number, signer)

    def enter(session: Session) -> None:
        issuing.issue(session, number=number, signed=signed, at=AT, actor=BOB)
        session.flush()

    failures = together(own_engine, enter, enter)
    assert [type(err) for err in failures] == [ConflictError]
    assert str(failures[0]) == f"R{number} is issued already"
    assert rows(own_engine, LicenseRecord.serial) == [1001]


def test_two_first_drafts_of_one_client(own_engine: Engine, signer: KeyRing) -> None:
    """The very first numbers of a database, taken at once."""
    with transaction(own_engine) as session:
        client = add_client(session)
        numbers = [ask(session, client), ask(session, client)]

    def drafting(number: int) -> Callable[[Session], Any]:
        return lambda session: draft(session, number, signer)

    assert together(own_engine, *map(drafting, numbers)) == []
    assert sorted(rows(own_engine, LicenseRequest.serial)) == [1001, 1002]
    assert sorted(rows(own_engine, LicenseRequest.sequence)) == [1, 2]


def test_two_drafts_made_again(own_engine: Engine, signer: KeyRing) -> None:
    """Their serials are there already, so that only the client is left to wait for."""
    with transaction(own_engine) as session:
        client = add_client(session)
        numbers = [ask(session, client) for _ in range(3)]
        for number in numbers:
            draft(session, number, signer)

    def drafting(number: int) -> Callable[[Session], Any]:
        return lambda session: draft(session, number, signer)

    assert together(own_engine, *map(drafting, numbers[:2])) == []
    assert sorted(rows(own_engine, LicenseRequest.sequence)) == [3, 4, 5]


def test_two_approvers_of_one_request(own_engine: Engine, signer: KeyRing) -> None:
    with transaction(own_engine) as session:
        number = ask(session, add_client(session))

    failures = together(
        own_engine,
        lambda session: approve(session, number, signer, actor=BOB),
        lambda session: approve(session, number, signer, actor=CAROL),
    )
    assert [str(err) for err in failures] == [f"R{number} is approved already, and not issued yet"]
    assert rows(own_engine, LicenseRequest.approved_by) == ["e-bob"]


def test_two_emergency_codes_of_one_licence(own_engine: Engine, signer: KeyRing) -> None:
    with transaction(own_engine) as session:
        record = issued(session, add_client(session), signer)

    def give(session: Session) -> None:
        emergencies.spend(session, record=record, ticket=TicketKey("CS-1"), at=AT, actor=CAROL)
        session.flush()

    assert together(own_engine, give, give) == []
    assert sorted(rows(own_engine, EmergencyCode.number)) == [1, 2]


def test_two_repairs_of_one_rotation(own_engine: Engine, signer: KeyRing) -> None:
    """Two doctors at once finish it, and the log tells of one rotation."""
    name = PRODUCTION_KEYS.name
    facts = {"version": signer.rotate(name)}  # it was interrupted after that
    with transaction(own_engine) as session:
        intent = begin(session, kind=rotation.ROTATE, subject=name, data=facts, at=AT, actor=CAROL)

    def repair(session: Session) -> None:
        rotation.repair(context_in(session, signer), intent)
        session.flush()

    assert together(own_engine, repair, repair) == []
    with transaction(own_engine) as session:
        told = select(Event.after).where(Event.action == rotation.DONE[rotation.ROTATE])
        assert list(session.scalars(told)) == [facts]
        assert open_intents(session) == []
        assert verify_chain(session).faults == ()


def context_in(session: Session, signer: KeyRing) -> AppContext:
    """A command's context whose transactions are all the one that is open."""
    return AppContext(
        home=Home(Path("no-such-home")),
        settings=Settings(),
        now=lambda: AT,
        identity=lambda: CAROL,
        transaction=lambda: nullcontext(session),
        snapshot=lambda: nullcontext(session),
        plug=lambda _port: signer,  # type: ignore[arg-type]
    )


def test_two_first_requests(own_engine: Engine) -> None:
    with transaction(own_engine) as session:
        add_client(session)

    def asking(session: Session) -> int:
        return ask(session, session.get_one(Client, "DELEZE"))

    assert together(own_engine, asking, asking) == []
    assert sorted(rows(own_engine, LicenseRequest.number)) == [1, 2]
    with transaction(own_engine) as session:
        assert verify_chain(session).faults == ()
