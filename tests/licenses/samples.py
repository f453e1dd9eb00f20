"""Test keys, and licences signed with them. The seeds are public: nothing real may trust them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from licenses.emergency import anchor_extension
from licenses.keyformat import (
    ErpVersion,
    LicenseKind,
    LicensePayload,
    encode,
    signing_input,
    site_digest,
)
from licenses.publickeys import PublicKey, PublicKeySet

PRODUCTION_KEY, SPARE_KEY, TEST_KEY, FOREIGN_KEY = 1, 2, 129, 200
TEST_SEEDS = {
    key_id: bytes([key_id]) * 32 for key_id in (PRODUCTION_KEY, SPARE_KEY, TEST_KEY, FOREIGN_KEY)
}
SITE = "ERP-PROD-7"
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)

PRODUCTIVE = frozenset({LicenseKind.PRODUCTION, LicenseKind.TEMPORARY})
TRIAL = frozenset({LicenseKind.TEST, LicenseKind.DEMO})

SAMPLE = LicensePayload(
    kind=LicenseKind.PRODUCTION,
    key_id=PRODUCTION_KEY,
    product=1,
    edition=2,
    serial=1042,
    client_number=42,
    sequence=3,
    issued_on=date(2026, 11, 24),
    valid_from=date(2026, 12, 1),
    last_day=date(2027, 12, 31),
    maintenance_until=date(2027, 11, 4),
    grace_days=14,
    overage_percent=10,
    named_users=60,
    concurrent_users=5,
    version_ceiling=ErpVersion(12, 4),
    modules=frozenset({0, 1, 2, 9, 47}),
    site=site_digest(SITE),
)
ANCHOR = anchor_extension(bytes(32), SAMPLE.serial, days=5)
ANCHORED = replace(SAMPLE, extensions=(ANCHOR,))


def private_key(key_id: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(TEST_SEEDS[key_id])


def public_key(key_id: int, kinds: frozenset[LicenseKind], name: str, version: int) -> PublicKey:
    raw = private_key(key_id).public_key().public_bytes_raw()
    return PublicKey(key_id, raw, kinds, name, version)


KEYS = PublicKeySet(
    (
        public_key(PRODUCTION_KEY, PRODUCTIVE, "license-production", 1),
        public_key(SPARE_KEY, PRODUCTIVE, "license-production", 2),
        public_key(TEST_KEY, TRIAL, "license-test", 1),
    )
)


def sample(**changes: Any) -> LicensePayload:
    return replace(SAMPLE, **changes)


def sign_body(body: bytes, key_id: int = PRODUCTION_KEY) -> bytes:
    """Signed bytes of any body, also of one that no payload has."""
    return body + private_key(key_id).sign(signing_input(body))


def sign(payload: LicensePayload) -> bytes:
    return sign_body(encode(payload), payload.key_id)
