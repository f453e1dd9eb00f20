"""From a file to keys, in chunks of three; stopped in the middle, the next run goes on."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from licenses.batching import approving, drafting
from licenses.batching.drafting import Drafted
from licenses.batching.issuing import AHEAD
from licenses.batching.standing import standing
from licenses.document import license_file
from licenses.errors import (
    ForgedApprovalError,
    ForgedRequestError,
    OwnRequestError,
    UnknownKeyError,
)
from licenses.keyformat import decode
from licenses.keys import public_key_set
from licenses.models import LicenseBatch, LicenseRecord, LicenseRequest
from licenses.proving.asking import trust_of
from licenses.proving.flaws import Tally
from licenses.proving.walk import prove
from licenses.services import approvals, requests
from licenses.states import RequestState
from licenses.verifier import authenticate
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.db import snapshot, transaction
from opskit.core.errors import ConflictError, DeniedError, UnavailableError
from opskit.core.second_signer import SecondSignerNeededError
from opskit.core.signing import LICENSE_KEY
from tests.licenses import lifecycle
from tests.licenses.batching.desk import Desk, rows
from tests.licenses.lifecycle import AT, BOB, CAROL, CATALOG, SALLY, KeyRing


class Faltering(KeyRing):
    """The same keys, in a safe that signs so many chunks and is gone then."""

    def __init__(self, ring: KeyRing, answers: int) -> None:
        vars(self).update(vars(ring))
        self._answers = answers

    def sign_many(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        self._answers -= 1
        if self._answers < 0:
            raise UnavailableError("the safe is gone", hint="wait")
        return super().sign_many(name, messages, key_version)


class Guarded(KeyRing):
    """The same keys, in a safe that signs no licence without a second person."""

    def __init__(self, ring: KeyRing) -> None:
        vars(self).update(vars(ring))

    def sign_many(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        del name, key_version
        raise SecondSignerNeededError([messages[0][-4:].hex()], AT)


class Overtaken(KeyRing):
    """The same keys, in a safe that lets somebody else go first."""

    def __init__(self, ring: KeyRing, somebody_else: Callable[[], object]) -> None:
        vars(self).update(vars(ring))
        self._somebody_else = somebody_else

    def sign_many(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        self._somebody_else()
        return super().sign_many(name, messages, key_version)


def states(desk: Desk, batch: int) -> dict[RequestState, int]:
    with snapshot(desk.engine) as session:
        return dict(standing(session, batch).states)


def require_proven(desk: Desk, licenses: int) -> None:
    with snapshot(desk.engine) as session:
        tally = Tally()
        trust = trust_of(session, desk.ring)
        faults = list(prove(session, trust=trust, catalog=CATALOG, workers=1, tally=tally))
    assert faults == []
    assert tally.licenses == licenses


def test_a_whole_batch(desk: Desk) -> None:
    batch = desk.ask(*rows(8))
    desk.approve(batch)
    outcome = desk.issue(batch)
    assert (outcome.issued, outcome.before, outcome.written) == (8, 0, 8)
    assert states(desk, batch) == {RequestState.ISSUED: 8}
    require_proven(desk, 8)
    with snapshot(desk.engine) as session:
        records = session.scalars(select(LicenseRecord).order_by(LicenseRecord.serial)).all()
    assert [each.serial for each in records] == list(range(1001, 1009))
    assert [each.sequence for each in records] == [1, 1, 1, 2, 2, 2, 3, 3]
    assert len(desk.files) == 8
    for record in records:
        text = desk.files[f"{record.client}-L{record.serial}.lic"].decode()
        assert text == license_file(
            record.signed, client="Délèze Outillage SA", modules=record.modules
        )
        payload = authenticate(text, public_key_set(desk.ring))
        assert (payload.serial, len(payload.extensions)) == (record.serial, 1)


def test_one_event_a_chunk_names_every_digest(desk: Desk) -> None:
    batch = desk.ask(*rows(7))
    desk.approve(batch)
    desk.issue(batch)
    with snapshot(desk.engine) as session:
        logged = session.scalars(select(events.Event).order_by(events.Event.id)).all()
        named = dict(
            session.execute(select(LicenseRecord.serial, LicenseRecord.issued_event)).all()
        )
    names = {"requested": "requests", "approved": "requests", "issued": "licenses"}
    assert [(each.action, each.subject) for each in logged] == [
        (f"license.{step}", "B1") for step in names for _chunk in range(3)
    ]
    counts = [
        len((each.after or {})[names[each.action.removeprefix("license.")]]) for each in logged
    ]
    assert counts == [3, 3, 1] * 3
    assert [named[serial] for serial in sorted(named)] == [7, 7, 7, 8, 8, 8, 9]


def test_the_safe_goes_while_it_is_issued(desk: Desk) -> None:
    batch = desk.ask(*rows(8))
    desk.approve(batch)
    with pytest.raises(UnavailableError):
        desk.issue(batch, signer=Faltering(desk.ring, 1))
    before = states(desk, batch).get(RequestState.ISSUED, 0)
    assert before in (0, 3)  # two chunks are signed at a time, and either may have been the one
    require_proven(desk, before)
    if before:
        next(iter((desk.folder / "keys").iterdir())).unlink()

    outcome = desk.issue(batch)
    assert (outcome.issued, outcome.before) == (8 - before, before)
    assert len(desk.files) == 8
    require_proven(desk, 8)
    assert desk.issue(batch).written == 0


def test_the_safe_goes_while_it_is_approved(desk: Desk) -> None:
    batch = desk.ask(*rows(8))
    run = desk.run(signer=Faltering(desk.ring, 2))
    drafted = drafting.draft(run, batch)
    with pytest.raises(UnavailableError):
        approving.approve(run, batch, drafted)
    assert states(desk, batch) == {RequestState.REQUESTED: 2, RequestState.APPROVED: 6}
    serials = [decode(each.body).serial for each in drafted]

    again = desk.approve(batch)
    assert [decode(each.body).serial for each in again] == serials[6:]
    desk.issue(batch)
    require_proven(desk, 8)


def test_drafted_again_every_serial_stays_and_no_sequence_comes_twice(desk: Desk) -> None:
    batch = desk.ask(*rows(7))
    first = drafting.draft(desk.run(), batch)
    again = drafting.draft(desk.run(CAROL), batch)
    assert [decode(each.body).serial for each in again] == [
        decode(each.body).serial for each in first
    ]
    desk.approve(batch)
    desk.issue(batch)
    require_proven(desk, 7)


def test_single_requests_and_batches_count_their_sequences_together(desk: Desk) -> None:
    first = desk.ask(*rows(4))
    second = desk.ask(*rows(5))
    drafting.draft(desk.run(), first)
    desk.approve(second)
    with transaction(desk.engine) as session:
        lifecycle.approve(session, 1, desk.ring, actor=CAROL)
    desk.approve(first)
    desk.issue(first)
    desk.issue(second)
    require_proven(desk, 9)


def test_what_was_shown_is_what_is_signed(desk: Desk) -> None:
    batch = desk.ask(*rows(4))
    shown = drafting.draft(desk.run(), batch)
    with pytest.raises(ConflictError, match="drafted again meanwhile"):
        approving.approve(desk.run(), batch, [replace(each, body=b"other") for each in shown])
    assert states(desk, batch) == {RequestState.REQUESTED: 4}


def test_nobody_approves_their_own_batch(desk: Desk) -> None:
    batch = desk.ask(*rows(4), actor=CAROL)
    with pytest.raises(OwnRequestError):
        drafting.draft(desk.run(CAROL), batch)
    with pytest.raises(DeniedError):
        drafting.draft(desk.run(SALLY), batch)


def test_a_batch_that_waits_is_not_issued(desk: Desk) -> None:
    batch = desk.ask(*rows(4))
    with pytest.raises(ConflictError, match="wait for their approval: 4"):
        desk.issue(batch)


def test_kinds_that_need_no_second_person(desk: Desk) -> None:
    alone = desk.having(license_unapproved_kinds="test demo")
    batch = alone.ask(*rows(4, kind="test"), *rows(3, kind="demo"))
    assert alone.issue(batch).issued == 7
    require_proven(desk, 7)

    both = alone.ask(*rows(4), *rows(5, kind="test"))
    with pytest.raises(ConflictError, match="wait for their approval: 4"):
        alone.issue(both)
    alone.approve(both)
    assert alone.issue(both).issued == 9
    require_proven(desk, 16)


def test_another_file_in_the_way_is_left_alone(desk: Desk) -> None:
    batch = desk.ask(*rows(4))
    desk.approve(batch)
    (desk.folder / "keys").mkdir()
    other = desk.folder / "keys" / "ACME-L1004.lic"
    other.write_text("the minutes of a meeting")
    with pytest.raises(ConflictError, match="holds something else"):
        desk.issue(batch)
    assert states(desk, batch) == {RequestState.APPROVED: 4}
    other.unlink()
    desk.issue(batch)

    other.write_text("the minutes of a meeting")
    with pytest.raises(ConflictError, match="holds something else"):
        desk.issue(batch)
    other.write_bytes(b"")  # a power cut leaves an empty file
    assert desk.issue(batch).written == 1


def test_an_altered_row_is_not_issued(desk: Desk) -> None:
    batch = desk.ask(*rows(4))
    desk.approve(batch)
    with transaction(desk.engine) as session:
        session.execute(
            update(LicenseRequest).where(LicenseRequest.number == 4).values(named_users=9000)
        )
    with pytest.raises(ForgedApprovalError, match="R4 no longer says what was approved"):
        desk.issue(batch)


def test_an_approval_of_another_request_is_none(desk: Desk) -> None:
    batch = desk.ask(*rows(4))
    desk.approve(batch)
    with transaction(desk.engine) as session:
        first = session.get_one(LicenseRequest, 1).approval
        session.get_one(LicenseRequest, 2).approval = first
    with pytest.raises(ForgedApprovalError, match="the approval of R2 does not fit"):
        desk.issue(batch)
    assert states(desk, batch) == {RequestState.APPROVED: 4}


def test_a_request_that_claims_to_be_of_a_batch(desk: Desk) -> None:
    """Carol owns the database, and gives a request of her own the batch that Sally asked for."""
    batch = desk.ask(*rows(4))
    with transaction(desk.engine) as session:
        client = session.get_one(Client, "ACME")
        own = lifecycle.ask(session, client, actor=CAROL)
        row = session.get_one(LicenseRequest, own)
        row.batch, row.requested_by = batch, SALLY.entity_id
    with transaction(desk.engine) as session, pytest.raises(ForgedRequestError):
        approvals.allot(session, number=own, actor=CAROL)
    with pytest.raises(ForgedRequestError, match="names another requester"):
        drafting.draft(desk.run(CAROL), batch)


def test_two_issuers_make_each_licence_once(desk: Desk) -> None:
    batch = desk.ask(*rows(3))
    desk.approve(batch)
    with pytest.raises(ConflictError, match="R1 was changed meanwhile"):
        desk.issue(batch, signer=Overtaken(desk.ring, lambda: desk.issue(batch)))
    require_proven(desk, 3)
    assert desk.issue(batch).written == 0


def test_a_second_person_at_the_safe_is_asked_for_several_chunks_at_once(desk: Desk) -> None:
    batch = desk.ask(*rows(20))
    desk.approve(batch)
    with pytest.raises(SecondSignerNeededError) as raised:
        desk.issue(batch, signer=Guarded(desk.ring))
    assert len(set(raised.value.accessors)) == AHEAD + 1
    assert states(desk, batch) == {RequestState.APPROVED: 20}


def test_two_approvers_sign_each_request_once(desk: Desk) -> None:
    batch = desk.ask(*rows(3))
    drafted = drafting.draft(desk.run(), batch)
    slow = desk.run(signer=Overtaken(desk.ring, lambda: desk.approve(batch, CAROL)))
    with pytest.raises(ConflictError, match="R1 is approved already"):
        approving.approve(slow, batch, drafted)
    desk.issue(batch)
    require_proven(desk, 3)


def test_a_client_whose_version_knows_no_key_is_named(desk: Desk) -> None:
    batch = desk.ask(*rows(3))
    desk.ring.retire_before(LICENSE_KEY, desk.ring.rotate(LICENSE_KEY))
    with pytest.raises(UnknownKeyError, match="R1, ACME: ERP"):
        drafting.draft(desk.run(), batch)


def test_rejected_ones_are_left_out(desk: Desk) -> None:
    batch = desk.ask(*rows(5))
    desk.approve(batch)
    with transaction(desk.engine) as session:
        requests.reject(session, number=2, reason="twice", at=AT, actor=BOB)
    assert desk.issue(batch).issued == 4
    assert states(desk, batch) == {RequestState.REJECTED: 1, RequestState.ISSUED: 4}


def test_the_same_file_makes_no_second_batch(desk: Desk) -> None:
    desk.ask(*rows(4))
    with pytest.raises(ConflictError):
        desk.ask(*rows(4))
    with snapshot(desk.engine) as session:
        assert len(session.scalars(select(LicenseBatch)).all()) == 1
        assert len(session.scalars(select(LicenseRequest)).all()) == 4


def test_the_key_of_each_kind_signs(desk: Desk) -> None:
    batch = desk.ask(*rows(3), *rows(3, kind="test"))
    drafted: list[Drafted] = desk.approve(batch)
    desk.issue(batch)
    assert [decode(each.body).key_id for each in drafted] == [1, 1, 1, 129, 129, 129]
    desk.ring.rotate(LICENSE_KEY)
    require_proven(desk, 6)
