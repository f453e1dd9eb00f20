"""Which keys sign what, and the number by which a licence names its key: a table.

A key id is one byte (docs/spec/license-key-v1.md, section 4) and stands for one Transit key in one
version. Transit's versions never change, so neither do the ids.
"""

from dataclasses import dataclass

from licenses.payload import LicenseKind
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.signing import (
    LICENSE_KEY,
    OFFLINE_LICENSE_KEYS,
    SPARE_LICENSE_KEYS,
    TEST_LICENSE_KEY,
)

PRODUCTIVE = frozenset({LicenseKind.PRODUCTION, LicenseKind.TEMPORARY})
TRIAL = frozenset({LicenseKind.TEST, LicenseKind.DEMO})


@dataclass(frozen=True, slots=True)
class KeyFamily:
    """One Transit key: its version 1 has the key id `offset` + 1, and so on."""

    name: str
    offset: int
    versions: int
    kinds: frozenset[LicenseKind]


PRODUCTION_KEYS = KeyFamily(LICENSE_KEY, 0, 100, PRODUCTIVE)
# A spare is never rotated, so 102 to 110 and 112 to 120 stay free.
SPARES = tuple(
    KeyFamily(name, offset, 1, PRODUCTIVE)
    for name, offset in zip(SPARE_LICENSE_KEYS, (100, 110), strict=True)
)
# Of these the safe has the public key alone.
OFFLINE_KITS = tuple(
    KeyFamily(name, offset, 1, frozenset({LicenseKind.TEMPORARY}))
    for offset, name in enumerate(OFFLINE_LICENSE_KEYS, start=120)
)
TEST_KEYS = KeyFamily(TEST_LICENSE_KEY, 128, 127, TRIAL)

FAMILIES = (PRODUCTION_KEYS, *SPARES, *OFFLINE_KITS, TEST_KEYS)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One version of a Transit key."""

    key_id: int
    name: str
    version: int


def key_of(family: KeyFamily, version: int) -> SigningKey:
    return SigningKey(family.offset + version, family.name, version)


def signing_key(key_id: int) -> SigningKey:
    """The Transit key and version behind a key id; NotFoundError as `family_of`."""
    family = family_of(key_id)
    return key_of(family, key_id - family.offset)


def family_of(key_id: int) -> KeyFamily:
    """Raises NotFoundError for a number under which nothing is signed."""
    for family in FAMILIES:
        if family.offset < key_id <= family.offset + family.versions:
            return family
    raise NotFoundError(
        _("no key has the id {key_id}").format(key_id=key_id), hint="opskit license keys list"
    )


def families_for(kind: LicenseKind) -> tuple[KeyFamily, ...]:
    """Those with which the safe signs this kind, the first choice first."""
    return (PRODUCTION_KEYS, *SPARES) if kind in PRODUCTIVE else (TEST_KEYS,)
