"""The licence keys as the safe has them: which of them signs for whom, and all that are public.

An ERP in the field knows the public keys that were compiled into its version; the catalogue says
which (`license_keys`). What it does not know it refuses, so nothing is signed with such a key.
"""

from collections.abc import Collection, Iterable, Iterator

from licenses.errors import UnknownKeyError
from licenses.keyfamilies import (
    OFFLINE_KITS,
    PRODUCTION_KEYS,
    SPARES,
    TEST_KEYS,
    KeyFamily,
    SigningKey,
    families_for,
    family_of,
    key_of,
)
from licenses.payload import LicenseKind
from licenses.publickeys import PublicKey, PublicKeySet
from opskit.core.catalog import Catalog
from opskit.core.errors import InvalidError, NotFoundError, UnavailableError
from opskit.core.i18n import _
from opskit.core.signing import KeyFacts, KeyOutOfUseError, Signer

NOT_THERE = KeyFacts({}, None)


class LicenseKeys:
    """Answers for any number of licences, and asks the safe for each Transit key once."""

    def __init__(self, signer: Signer, catalog: Catalog) -> None:
        self._signer = signer
        self._catalog = catalog
        self._asked: dict[str, KeyFacts] = {}

    def usable(self, kind: LicenseKind, erp_version: str) -> SigningKey:
        """The newest key that signs this kind and that this ERP version knows.

        A spare takes the production key's place only after it was opened, since a cold one does
        not sign.

        Raises:
            UnknownKeyError: there is none.
            UnavailableError: the safe holds no key for this kind at all, or does not answer.
        """
        signing = [key for family in families_for(kind) for key in self._signing(family)]
        if not signing:
            raise UnavailableError(
                _("the safe has no usable key {name}").format(name=families_for(kind)[0].name),
                hint="opskit license keys list",
            )
        known = self._catalog.keys_known_by(erp_version)
        for key in signing:
            if key.key_id in known:
                return key
        raise UnknownKeyError(
            _(
                "ERP {version} knows the keys {known}, and what signs {kind} licences is {signing}"
            ).format(
                version=erp_version,
                known=_listed(known),
                kind=kind.value,
                signing=_listed({key.key_id for key in signing}),
            ),
            hint=_("the client needs a version that knows one of them: {command}").format(
                command="opskit license keys list"
            ),
        )

    def require_usable(self, key_id: int, erp_version: str, *, hint: str) -> None:
        """Hold a key that was chosen before against what is true now.

        Raises:
            UnknownKeyError: the ERP version does not know it. KeyOutOfUseError: it signs no more.
            NotFoundError: there is no such key.
        """
        known = self._catalog.keys_known_by(erp_version)
        if key_id not in known:
            raise UnknownKeyError(
                _("ERP {version} knows the keys {known}, and not {key_id}").format(
                    version=erp_version, known=_listed(known), key_id=key_id
                ),
                hint=hint,
            )
        family = family_of(key_id)
        if not self._facts(family).signs(key_id - family.offset):
            raise KeyOutOfUseError(
                _("the key {key_id} signs no more").format(key_id=key_id), hint=hint
            )

    def _signing(self, family: KeyFamily) -> Iterator[SigningKey]:
        """Newest first."""
        facts = self._facts(family)
        for version in sorted(facts.public_keys, reverse=True):
            if version <= family.versions and facts.signs(version):
                yield key_of(family, version)

    def _facts(self, family: KeyFamily) -> KeyFacts:
        if family.name not in self._asked:
            self._asked[family.name] = _facts_of(self._signer, family)
        return self._asked[family.name]


def public_key_set(signer: Signer) -> PublicKeySet:
    """All public keys, as the ERP and `opskit license verify` need them.

    Raises:
        NotFoundError: the safe holds no production or test key.
        DeniedError: the person may not read public keys. UnavailableError: no answer.
    """
    return PublicKeySet.of(
        PublicKey(
            key_id=key_of(family, version).key_id,
            public_key=raw,
            kinds=family.kinds,
            transit_key=family.name,
            transit_version=version,
        )
        for family, facts in families_there(signer)
        for version, raw in facts.public_keys.items()
        if version <= family.versions
    )


def without(keys: PublicKeySet, key_ids: Collection[int]) -> PublicKeySet:
    """The set less some keys.

    Raises:
        NotFoundError: one is not in it. InvalidError: none would be left.
    """
    for key_id in key_ids:
        if keys.find(key_id) is None:
            raise NotFoundError(
                _("no key has the id {key_id}").format(key_id=key_id),
                hint="opskit license keys list",
            )
    left = tuple(key for key in keys.keys if key.key_id not in key_ids)
    if not left:
        raise InvalidError(
            _("an ERP without a key would refuse every licence"), hint="opskit license keys list"
        )
    return PublicKeySet(left)


def families_there(signer: Signer) -> Iterator[tuple[KeyFamily, KeyFacts]]:
    """Every family that the safe has. Offline kits are numbered in a row, so a gap ends them."""
    for family in (PRODUCTION_KEYS, TEST_KEYS):
        yield family, _facts_of(signer, family)
    yield from spares_there(signer)
    for family in OFFLINE_KITS:
        facts = _facts_of(signer, family)
        if facts is NOT_THERE:
            return
        yield family, facts


def spares_there(signer: Signer) -> Iterator[tuple[KeyFamily, KeyFacts]]:
    """A safe that was provisioned before there were spares has none."""
    for family in SPARES:
        facts = _facts_of(signer, family)
        if facts is not NOT_THERE:
            yield family, facts


def _facts_of(signer: Signer, family: KeyFamily) -> KeyFacts:
    try:
        return signer.key_facts(family.name)
    except NotFoundError:
        if family in (PRODUCTION_KEYS, TEST_KEYS):
            raise
        return NOT_THERE  # a safe that was provisioned before there were spares; no kit was made


def _listed(key_ids: Iterable[int]) -> str:
    return " ".join(map(str, sorted(key_ids))) or _("none")
