"""Every licence key, what it is good for now, and who knows it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from licenses.keyfamilies import OFFLINE_KITS, SPARES, KeyFamily, SigningKey, key_of
from licenses.keys import families_there
from licenses.payload import LicenseKind
from licenses.rotation import opened_spare
from opskit.core.catalog import Catalog
from opskit.core.signing import KeyFacts, Signer


class KeyState(StrEnum):
    """What a key does at present."""

    IN_USE = "in-use"
    WAITING = "waiting"  # it could sign, and no version of the catalogue knows it yet
    SPARE = "spare"
    RETIRED = "retired"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key id; `known_by` are versions of the ERP.

    It signed as many `licenses`, of which as many are `current`: nothing took their place.
    """

    key: SigningKey
    kinds: tuple[LicenseKind, ...]
    state: KeyState
    licenses: int
    current: int
    known_by: tuple[str, ...]


def overview(
    signer: Signer, catalog: Catalog, signed: Mapping[int, tuple[int, int]]
) -> list[KeyLine]:
    """The lines by key id; `signed` counts by key id all licences and the current ones.

    Raises:
        NotFoundError: the safe holds no production or test key.
        DeniedError: the person may not read public keys. UnavailableError: no answer.
    """
    there = list(families_there(signer))
    opened = opened_spare(there)
    lines = [
        line for family, facts in there for line in _lines(family, facts, catalog, signed, opened)
    ]
    return sorted(lines, key=lambda line: line.key.key_id)


def _lines(
    family: KeyFamily,
    facts: KeyFacts,
    catalog: Catalog,
    signed: Mapping[int, tuple[int, int]],
    opened: KeyFamily | None,
) -> Iterator[KeyLine]:
    for version in facts.public_keys:
        if version > family.versions:
            continue
        key = key_of(family, version)
        known_by = tuple(
            each.number for each in catalog.versions if key.key_id in each.license_keys
        )
        licenses, current = signed.get(key.key_id, (0, 0))
        yield KeyLine(
            key=key,
            kinds=tuple(kind for kind in LicenseKind if kind in family.kinds),
            state=_state(family, signs=facts.signs(version), known=bool(known_by), opened=opened),
            licenses=licenses,
            current=current,
            known_by=known_by,
        )


def _state(family: KeyFamily, *, signs: bool, known: bool, opened: KeyFamily | None) -> KeyState:
    if family in OFFLINE_KITS:
        return KeyState.OFFLINE
    if signs:
        return KeyState.IN_USE if known else KeyState.WAITING
    if family in SPARES and (opened is None or family.offset > opened.offset):
        return KeyState.SPARE
    return KeyState.RETIRED
