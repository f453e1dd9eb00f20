"""A licence's life on the database alone: keys in memory, two people, one client, its steps."""

import hmac
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from licenses import approval
from licenses.anchors import anchors
from licenses.keyfamilies import PRODUCTION_KEYS, SPARES, TEST_KEYS
from licenses.keys import LicenseKeys, public_key_set
from licenses.models import LicenseRecord, LicenseRequest
from licenses.payload import Extension, LicenseKind
from licenses.rows import terms_of
from licenses.services import approvals, issuing, requests
from licenses.terms import Terms, is_revocation
from opskit.clients.models import Client
from opskit.core.catalog import Catalog, load_catalog
from opskit.core.config import Home
from opskit.core.errors import NotFoundError
from opskit.core.identity import Identity
from opskit.core.refs import TicketKey
from opskit.core.signing import KeyFacts, KeyOutOfUseError, Signer, approver_key

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SALLY = Identity("e-sally", "sally", frozenset({"sales"}))
BOB = Identity("e-bob", "bob", frozenset({"license-issuer"}))
CAROL = Identity("e-carol", "carol", frozenset({"license-issuer", "agent"}))
PEOPLE = (SALLY, BOB, CAROL)
CATALOG = load_catalog(Home(Path("no-such-home")))

EMERGENCY_DAYS = 5

TERMS = Terms(
    kind=LicenseKind.PRODUCTION,
    product="ERP",
    edition="STANDARD",
    modules=("FIN", "AP", "AR"),
    named_users=60,
    concurrent_users=0,
    valid_from=date(2026, 12, 1),
    last_day=None,
    maintenance_until=date(2027, 11, 4),
    version_ceiling=None,
)


class KeyRing:
    """Keeps Ed25519 keys in memory: a `Signer` and `KeyKeeper` without a server."""

    def __init__(self) -> None:
        self._keys: dict[str, dict[int, Ed25519PrivateKey]] = defaultdict(dict)
        self._signs_from: dict[str, int | None] = defaultdict(lambda: 1)

    def rotate(self, name: str) -> int:
        """A new version of the key; the old ones stay."""
        version = len(self._keys[name]) + 1
        self._keys[name][version] = Ed25519PrivateKey.generate()
        return version

    def retire_before(self, name: str, version: int) -> None:
        self._signs_from[name] = version

    def close(self, name: str) -> None:
        self._signs_from[name] = None

    def open(self, name: str) -> None:
        self._signs_from[name] = 1

    def sign(self, name: str, message: bytes, key_version: int) -> bytes:
        if not self.key_facts(name).signs(key_version):
            raise KeyOutOfUseError(f"{name} signs no more", hint="open it")
        return self._keys[name][key_version].sign(message)

    def sign_many(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        return [self.sign(name, each, key_version) for each in messages]

    def hmacs(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        secret = f"{name} {key_version}".encode()
        return [hmac.digest(secret, each, "sha256") for each in messages]

    def public_keys(self, name: str) -> Mapping[int, bytes]:
        if name not in self._keys:
            raise NotFoundError(f"no key {name}", hint="make it")
        return {n: key.public_key().public_bytes_raw() for n, key in self._keys[name].items()}

    def key_facts(self, name: str) -> KeyFacts:
        return KeyFacts(self.public_keys(name), self._signs_from[name])


def key_ring() -> KeyRing:
    """The keys that a provisioned safe has, one approver's key a person."""
    ring = KeyRing()
    for name in (PRODUCTION_KEYS.name, TEST_KEYS.name, *map(_key_of, PEOPLE)):
        ring.rotate(name)
    for spare in SPARES:
        ring.rotate(spare.name)
        ring.close(spare.name)
    return ring


def add_client(session: Session, code: str = "DELEZE", number: int = 20000) -> Client:
    client = Client(
        code=code,
        number=number,
        name="Délèze Outillage SA",
        city="La Chaux-de-Fonds",
        canton="NE",
        language="fr",
        contact="Noah Beguin",
        email="it@deleze.example",
        contract="bronze",
        maintenance_until=date(2027, 11, 4),
        erp_version="11.9",
        modules=["FIN", "AP"],
        named_users=60,
        pole="back-office",
        created_at=AT,
        updated_at=AT,
    )
    session.add(client)
    session.flush()
    return client


def ask(session: Session, client: Client, *, actor: Identity = SALLY, **terms: Any) -> int:
    """Request a licence; its number."""
    made = requests.request(
        session,
        client=client,
        wish=requests.Wish(terms=replace(TERMS, **terms), ticket=TicketKey("CS-1002")),
        catalog=CATALOG,
        at=AT,
        actor=actor,
    )
    return made.number


def draft(session: Session, number: int, signer: Signer, *, actor: Identity = BOB) -> bytes:
    allotted = approvals.allot(session, number=number, actor=actor)
    version = session.get_one(Client, allotted.client).erp_version
    drafted = approvals.draft(
        session,
        number=number,
        key_id=LicenseKeys(signer, CATALOG).usable(LicenseKind(allotted.kind), version).key_id,
        extensions=() if is_revocation(terms_of(allotted)) else anchored(signer, allotted),
        catalog=CATALOG,
        at=AT,
        actor=actor,
    )
    return drafted.body or b""


def anchored(signer: Signer, allotted: LicenseRequest) -> list[Extension]:
    return anchors(signer, [allotted.serial or 0], EMERGENCY_DAYS)


def approve(
    session: Session, number: int, signer: Signer, *, actor: Identity = BOB
) -> LicenseRequest:
    body = draft(session, number, signer, actor=actor)
    version, signature = approval.sign(
        requests.find(session, number), approver_id=actor.entity_id, signer=signer
    )
    return approvals.approve(
        session,
        number=number,
        body=body,
        key_version=version,
        signature=signature,
        signer=signer,
        at=AT,
        actor=actor,
    )


def signed_bytes(
    session: Session,
    number: int,
    signer: Signer,
    *,
    actor: Identity = BOB,
    catalog: Catalog = CATALOG,
) -> bytes:
    """Sign an approved request, and register nothing."""
    ready = issuing.ready_to_sign(
        session, number=number, signer=signer, catalog=catalog, actor=actor
    )
    assert ready is not None
    key, body = ready
    return issuing.sign(key, body, signer=signer, keys=public_key_set(signer))


def issue(session: Session, number: int, signer: Signer, *, actor: Identity = BOB) -> LicenseRecord:
    signed = signed_bytes(session, number, signer, actor=actor)
    return issuing.issue(session, number=number, signed=signed, at=AT, actor=actor)


def issued(session: Session, client: Client, signer: Signer, **terms: Any) -> LicenseRecord:
    """The whole way at once."""
    number = ask(session, client, **terms)
    approve(session, number, signer)
    return issue(session, number, signer)


def _key_of(person: Identity) -> str:
    return approver_key(person.entity_id)
