"""A kit with a public test key, and a ring of keys that vouches for it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from licenses.keyformat import decode, encode, signing_input
from licenses.offline.issuing import Moment, Wish, issue
from licenses.offline.journal import Entry
from licenses.offline.kit import Content, Holder, KitClient, KitLicense, Label, OpenKit, public_half
from licenses.offline.numbering import kit_key
from tests.licenses.lifecycle import CATALOG, KeyRing, key_ring
from tests.licenses.samples import SITE, sample, sign

AT = datetime(2026, 12, 2, 8, 30, tzinfo=UTC)
TODAY = date(2026, 12, 2)
NOW = Moment(AT, TODAY)
ANNA, BEAT = "e-anna", "e-beat"
SEED = bytes([121]) * 32

# Every version of the ERP in it knows the key of kit 1.
KNOWING = msgspec.structs.replace(
    CATALOG,
    versions=tuple(
        msgspec.structs.replace(each, license_keys=(*each.license_keys, kit_key(1).key_id))
        for each in CATALOG.versions
    ),
)
LABEL = Label(
    number=1,
    public_key=public_half(bytearray(SEED)),
    filled_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    holders=(Holder(ANNA, "Anna Keller", bytes(16)), Holder(BEAT, "Beat Frei", bytes(16))),
)
SOLD = {"modules": KNOWING.module_bits(("FIN", "AP", "AR")), "overage_percent": 0}
BOUND = KitLicense(sign(sample(**SOLD, client_number=20000)), SITE)
UNBOUND = KitLicense(sign(sample(**SOLD, client_number=20000, serial=1043, site=bytes(8))), None)


def kit_client(**changes: Any) -> KitClient:
    usual = KitClient(
        code="DELEZE",
        number=20000,
        name="Délèze Outillage SA",
        language="fr",
        erp_version="11.9",
        sequence=4,
        licenses=(BOUND,),
    )
    return msgspec.structs.replace(usual, **changes)


def kit_of(*clients: KitClient, catalog: Any = KNOWING, label: Label = LABEL) -> OpenKit:
    content = Content(catalog=catalog, clients=clients or (kit_client(),))
    return OpenKit(label, content, bytearray(SEED))


def wish(**changes: Any) -> Wish:
    return replace(Wish(target="DELEZE", days=14, reason="the safe is down"), **changes)


def issued(*before: Entry, kit: OpenKit | None = None, **changes: Any) -> Entry:
    return issue(kit or kit_of(), wish(**changes), before=before, now=NOW)


def signed_by_hand(entry: Entry, **changes: Any) -> bytes:
    """What somebody with the kit's key could sign past the program."""
    body = encode(replace(decode(entry.body), **changes))
    return body + kit_of().sign(signing_input(body))


def vouching() -> KeyRing:
    """The keys of a provisioned safe that vouches for kit 1."""
    ring = key_ring()
    name = kit_key(1).name
    ring._keys[name][1] = Ed25519PrivateKey.from_private_bytes(SEED)
    ring.close(name)
    return ring
