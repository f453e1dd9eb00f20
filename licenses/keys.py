"""Which Transit key signs what, and the number by which a licence names its key.

A key id is one byte: production keys count from 1, test keys from 129, so a verifier sees from
the id alone which kinds it may sign. Transit's versions never change, so neither do the ids.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from licenses.payload import LicenseKind
from licenses.publickeys import PublicKey, PublicKeySet
from opskit.core.errors import UnavailableError
from opskit.core.i18n import _
from opskit.core.signing import LICENSE_KEY, TEST_LICENSE_KEY, Signer


@dataclass(frozen=True, slots=True)
class KeyFamily:
    """One Transit key with all its versions."""

    name: str
    offset: int
    kinds: frozenset[LicenseKind]


FAMILIES = (
    KeyFamily(LICENSE_KEY, 0, frozenset({LicenseKind.PRODUCTION, LicenseKind.TEMPORARY})),
    KeyFamily(TEST_LICENSE_KEY, 128, frozenset({LicenseKind.TEST, LicenseKind.DEMO})),
)
VERSIONS_A_FAMILY = 127


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One version of a Transit key."""

    key_id: int
    name: str
    version: int


def signing_key(key_id: int) -> SigningKey:
    """The Transit key and version behind a key id."""
    family = max((each for each in FAMILIES if each.offset < key_id), key=lambda each: each.offset)
    return SigningKey(key_id, family.name, key_id - family.offset)


def newest_key(signer: Signer, kind: LicenseKind) -> SigningKey:
    """The key that signs a new licence of this kind.

    Raises:
        UnavailableError: the safe holds no such key yet, or 127 rotations have used its ids up.
    """
    family = next(each for each in FAMILIES if kind in each.kinds)
    version = max(signer.public_keys(family.name), default=0)
    if not 1 <= version <= VERSIONS_A_FAMILY:
        raise UnavailableError(
            _("the safe has no usable key {name}").format(name=family.name),
            hint=_("an admin types: opskit vault provision"),
        )
    return SigningKey(family.offset + version, family.name, version)


def public_key_set(signer: Signer) -> PublicKeySet:
    """All public keys, as the ERP and `opskit license verify` need them."""
    return PublicKeySet.of(_public_keys(signer))


def _public_keys(signer: Signer) -> Iterator[PublicKey]:
    for family in FAMILIES:
        for version, raw in sorted(signer.public_keys(family.name).items()):
            yield PublicKey(
                key_id=family.offset + version,
                public_key=raw,
                kinds=family.kinds,
                transit_key=family.name,
                transit_version=version,
            )
