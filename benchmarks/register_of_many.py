"""A register of very many licences, entered in bulk through the real formats and keys."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from licenses import approval
from licenses.emergency import SECRET_SIZE, anchor_extension
from licenses.keyformat import SIGNATURE_SIZE, encode, signing_input
from licenses.models import LicenseRecord, LicenseRequest
from licenses.rows import columns_of
from licenses.services.issuing import ISSUED, digest_of, facts_of_record
from licenses.services.requests import REQUESTED, facts_of
from licenses.terms import Stamp, Terms, to_payload
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.db import transaction
from opskit.core.refs import format_number
from opskit.core.signing import LICENSE_KEY, approver_key
from tests.licenses.lifecycle import AT, BOB, CATALOG, SALLY, TERMS, KeyRing, add_client

CHUNK = 1000  # as large as the parts of a batch
BATCH = 10  # chunks
CLIENTS, YEARS, FIRST = 500, 5, 1001
NAMES = [f"C{number:04}" for number in range(CLIENTS)]
APPROVED = "license.approved"
SALT = "0" * 32
ANCHOR = anchor_extension(bytes(SECRET_SIZE), FIRST, 5)  # one for all: nobody asks for a code

Signature = tuple[bytes, bytes, bytes]


def fill(engine: Engine, ring: KeyRing, numbers: range, *, single: int) -> None:
    """Add these licences: requested by Sally, approved and issued by Bob.

    `single` of a hundred have three events each, the others share them by the chunk.
    """
    with transaction(engine) as session:
        if session.get(Client, NAMES[0]) is None:
            for number, code in enumerate(NAMES):
                add_client(session, code, 20_000 + number)
        if session.get(events.EventHead, 1) is None:
            session.add(events.EventHead(id=1, last_id=0, hash=events.GENESIS))
            session.flush()
        for start in range(numbers.start, numbers.stop, CHUNK):
            chunk = range(start, min(start + CHUNK, numbers.stop))
            _add(session, ring, chunk, single=start // CHUNK * single % 100 < single)


def signatures(engine: Engine, ring: KeyRing) -> list[Signature]:
    """Public key, signature and message of every licence and every approval."""
    license_key = ring.public_keys(LICENSE_KEY)[1]
    bobs = ring.public_keys(approver_key(BOB.entity_id))[1]
    found: list[Signature] = []
    with transaction(engine) as session:
        rows = session.execute(
            select(LicenseRecord.signed, LicenseRequest.number, LicenseRequest.approval).join(
                LicenseRequest, LicenseRequest.number == LicenseRecord.request_number
            )
        )
        for signed, number, approved in rows:
            body, signature = signed[:-SIGNATURE_SIZE], signed[-SIGNATURE_SIZE:]
            found.append((license_key, signature, signing_input(body)))
            found.append((bobs, approved or b"", _approved(number, body)))
    return found


def _add(session: Session, ring: KeyRing, numbers: range, *, single: bool) -> None:
    batch = None if single else numbers.start // CHUNK // BATCH + 1
    asked, issued = [], []
    for number in numbers:
        wish, line = _rows(ring, number, batch)
        asked.append(wish)
        issued.append(line)
    log = _Log(session)
    happened = _each(asked, issued) if batch is None else _together(batch, asked, issued)
    places = [log.add(*each) for each in happened]
    for place, line in enumerate(issued):
        event_id = places[3 * place + 2] if single else places[-1]
        line["issued_event"], line["issued_at"] = event_id, _moment(event_id)
    session.execute(insert(LicenseRequest), asked)
    session.execute(insert(LicenseRecord), issued)
    log.keep()


def _rows(ring: KeyRing, number: int, batch: int | None) -> tuple[dict[str, Any], dict[str, Any]]:
    client, terms = number % CLIENTS, _terms(number)
    stamp = Stamp(
        serial=FIRST + number,
        sequence=number // CLIENTS + 1,
        key_id=1,
        client_number=20_000 + client,
        issued_on=AT.date(),
    )
    body = encode(replace(to_payload(terms, stamp, CATALOG), extensions=(ANCHOR,)))
    signed = body + ring.sign(LICENSE_KEY, signing_input(body), 1)
    shared = {
        "client": NAMES[client],
        **columns_of(terms),
        "serial": stamp.serial,
        "sequence": stamp.sequence,
    }
    asked = {
        **shared,
        "number": number + 1,
        "state": "issued",
        "batch": batch,
        "requested_by": SALLY.entity_id,
        "requested_at": AT,
        "body": body,
        "approved_by": BOB.entity_id,
        "approved_at": AT,
        "approval_key_version": 1,
        "approval": ring.sign(approver_key(BOB.entity_id), _approved(number + 1, body), 1),
    }
    issued = {
        **shared,
        "request_number": number + 1,
        "signed": signed,
        "issued_by": BOB.entity_id,
    }
    return asked, issued


def _terms(number: int) -> Terms:
    """Each client has its own modules and users, which change with the year and the month."""
    client, month = number % CLIENTS, number // CLIENTS % (12 * YEARS)
    codes = [module.code for module in CATALOG.modules if not module.retired]
    start = TERMS.valid_from + timedelta(days=30 * month)
    return Terms(
        kind=TERMS.kind,
        product=TERMS.product,
        edition=TERMS.edition,
        modules=tuple(code for at, code in enumerate(codes) if at == 0 or client >> at % 9 & 1),
        named_users=10 + client + month // 12,
        concurrent_users=client % 7,
        valid_from=start,
        last_day=start + timedelta(days=365),
        maintenance_until=start + timedelta(days=365),
        version_ceiling=None,
    )


def _approved(number: int, body: bytes) -> bytes:
    return approval.message_of(
        number=number, requester_id=SALLY.entity_id, approver_id=BOB.entity_id, body=body
    )


def _moment(event_id: int) -> datetime:
    return AT + timedelta(milliseconds=event_id)


Happened = tuple[str, str, str | None, str, Mapping[str, Any]]


def _each(
    asked: Sequence[Mapping[str, Any]], issued: Sequence[Mapping[str, Any]]
) -> Iterator[Happened]:
    """Three events a licence."""
    for wish, line in zip(asked, issued, strict=True):
        name = format_number("R", wish["number"])
        facts = dict(facts_of(LicenseRequest(**wish)))
        yield SALLY.entity_id, REQUESTED, wish["client"], name, facts | {"serial": None}
        yield BOB.entity_id, APPROVED, wish["client"], name, facts
        facts = dict(facts_of_record(LicenseRecord(**line, action="new")))
        yield BOB.entity_id, ISSUED, line["client"], format_number("L", line["serial"]), facts


def _together(
    batch: int, asked: Sequence[Mapping[str, Any]], issued: Sequence[Mapping[str, Any]]
) -> Iterator[Happened]:
    """Three events a chunk."""
    name = format_number("B", batch)
    requests = [format_number("R", wish["number"]) for wish in asked]
    digests = {format_number("L", line["serial"]): digest_of(line["signed"]) for line in issued}
    yield SALLY.entity_id, REQUESTED, None, name, {"digest": SALT, "requests": requests}
    yield BOB.entity_id, APPROVED, None, name, {"requests": requests}
    yield BOB.entity_id, ISSUED, None, name, {"licenses": digests}


class _Log:
    """Appends as `events.record` does, without an object for each."""

    def __init__(self, session: Session) -> None:
        self._session = session
        head = session.get_one(events.EventHead, 1, populate_existing=True)
        self._last, self._hash = head.last_id, head.hash
        self._rows: list[dict[str, Any]] = []
        self._digests: dict[str, str] = defaultdict(str)

    def add(
        self, actor_id: str, action: str, client: str | None, subject: str, after: Mapping[str, Any]
    ) -> int:
        personal = {"actor": actor_id}
        row: dict[str, Any] = {
            "id": self._last + 1,
            "at": _moment(self._last + 1),
            "actor_id": actor_id,
            "action": action,
            "subject": subject,
            "client": client,
            "ticket": None,
            "before": None,
            "after": dict(after),
            "personal": personal,
            "salt": SALT,
            "personal_digest": events._digest_personal(SALT, personal),  # noqa: SLF001
            "previous": self._hash,
        }
        row["hash"] = events.hash_of(SimpleNamespace(**row))  # type: ignore[arg-type]
        self._last, self._hash = row["id"], row["hash"]
        self._rows.append(row)
        return self._last

    def keep(self) -> None:
        self._session.execute(insert(events.Event), self._rows)
        self._session.execute(update(events.EventHead).values(last_id=self._last, hash=self._hash))
