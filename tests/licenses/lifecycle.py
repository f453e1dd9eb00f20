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
from licenses.keys import FAMILIES, newest_key, public_key_set
from licenses.models import LicenseRecord, LicenseRequest
from licenses.payload import LicenseKind
from licenses.services import approvals, issuing, requests
from licenses.terms import Terms
from opskit.clients.models import Client
from opskit.core.catalog import Catalog, load_catalog
from opskit.core.config import Home
from opskit.core.errors import NotFoundError
from opskit.core.identity import Identity
from opskit.core.refs import TicketKey
from opskit.core.signing import Signer, approver_key

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SALLY = Identity("e-sally", "sally", frozenset({"sales"}))
BOB = Identity("e-bob", "bob", frozenset({"license-issuer"}))
CAROL = Identity("e-carol", "carol", frozenset({"license-issuer", "agent"}))
PEOPLE = (SALLY, BOB, CAROL)
CATALOG = load_catalog(Home(Path("no-such-home")))

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
    """Keeps Ed25519 keys in memory: a `Signer` without a server."""

    def __init__(self) -> None:
        self._keys: dict[str, dict[int, Ed25519PrivateKey]] = defaultdict(dict)

    def rotate(self, name: str) -> int:
        """A new version of the key; the old ones stay."""
        version = len(self._keys[name]) + 1
        self._keys[name][version] = Ed25519PrivateKey.generate()
        return version

    def sign(self, name: str, message: bytes, key_version: int) -> bytes:
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


def key_ring() -> KeyRing:
    """The keys that a provisioned safe has, one approver's key a person."""
    ring = KeyRing()
    for name in (*(family.name for family in FAMILIES), *map(_key_of, PEOPLE)):
        ring.rotate(name)
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
    kind = LicenseKind(approvals.allot(session, number=number, actor=actor).kind)
    drafted = approvals.draft(
        session,
        number=number,
        key_id=newest_key(signer, kind).key_id,
        extensions=(),
        catalog=CATALOG,
        at=AT,
        actor=actor,
    )
    return drafted.body or b""


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
