"""Whether a licence is accepted (docs/spec/license-key-v1.md, section 5).

    keys = PublicKeySet.from_json(Path("keys.json").read_bytes())
    verified = verify(text, keys, at=now, product=1, site="ERP-PROD-7", last_sequence=3)
    verified.payload.named_users

The first rule that fails raises `LicenseRefusedError` with its reason. A fact that is not passed is
not checked, and `VerifiedLicense.unchecked` names the rules that were skipped for want of it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from licenses import keyformat, keytext
from licenses.emergency import days_granted
from licenses.payload import (
    UNBOUND_SITE,
    ErpVersion,
    LicenseKind,
    LicensePayload,
    site_digest,
)
from licenses.publickeys import KeySetError, PublicKey, PublicKeySet
from licenses.refusals import LicenseRefusedError, Reason
from licenses.validity import Standing, begins_at, standing

__all__ = [
    "KeySetError",
    "LicenseRefusedError",
    "PublicKey",
    "PublicKeySet",
    "Reason",
    "Standing",
    "VerifiedLicense",
    "authenticate",
    "verify",
]


@dataclass(frozen=True, slots=True)
class VerifiedLicense:
    """An accepted licence; `standing` is `valid`, `grace` or `emergency`."""

    payload: LicensePayload
    standing: Standing
    unchecked: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What the running installation knows about itself; None is not known."""

    at: datetime
    standing: Standing
    product: int | None
    kinds: Collection[LicenseKind] | None
    site: str | None
    last_sequence: int | None
    erp_version: ErpVersion | None
    release_date: date | None


def authenticate(signed_or_text: bytes | str, keys: PublicKeySet) -> LicensePayload:
    """Read a licence that is certainly the vendor's, whatever its dates, product and site.

    Bytes are the signed bytes, text is a file, a typed key or what a QR code holds.

    Raises:
        LicenseRefusedError: steps 1 to 4 of the specification, in their order.
    """
    if isinstance(signed_or_text, str):
        signed, _claimed = keytext.read(signed_or_text)
    else:
        signed = signed_or_text
    body, signature = keyformat.split_signature(signed)
    payload = keyformat.decode(body)
    key = keys.find(payload.key_id)
    if key is None:
        raise LicenseRefusedError(Reason.UNKNOWN_KEY_ID, f"key id {payload.key_id}")
    if payload.kind not in key.kinds:
        raise LicenseRefusedError(
            Reason.KIND_NOT_ALLOWED, f"key {key.key_id} may not sign {payload.kind} licences"
        )
    if not key.accepts(signature, keyformat.signing_input(body)):
        raise LicenseRefusedError(Reason.BAD_SIGNATURE, "altered, or not signed by the vendor")
    return payload


def verify(
    signed_or_text: bytes | str,
    keys: PublicKeySet,
    *,
    at: datetime,
    product: int | None = None,
    kinds: Collection[LicenseKind] | None = None,
    site: str | None = None,
    last_sequence: int | None = None,
    erp_version: ErpVersion | None = None,
    release_date: date | None = None,
    grants: Mapping[int, datetime] | None = None,
) -> VerifiedLicense:
    """Accept a licence for this installation, at this instant.

    Bytes are the signed bytes, text is a file, a typed key or what a QR code holds. Pass every
    fact inside the product; a tool elsewhere leaves out what it cannot know. `grants` are the ends
    of what emergency codes gave (`emergency.redeem`), by the serial they were entered for.

    Raises:
        LicenseRefusedError: the first rule of acceptance that fails, in the specification's order.
        ValueError: an instant has no time zone, or `site` is empty.
    """
    payload = authenticate(signed_or_text, keys)
    facts = _Facts(
        at=at,
        standing=standing(payload, at=at, emergency_until=_end_of_grant(payload, grants or {})),
        product=product,
        kinds=kinds,
        site=site,
        last_sequence=last_sequence,
        erp_version=erp_version,
        release_date=release_date,
    )
    for reason, fact, complaint in _RULES:
        known = getattr(facts, fact)
        detail = None if known is None else complaint(payload, known)
        if detail is not None:
            raise LicenseRefusedError(reason, detail, payload=payload)
    return VerifiedLicense(
        payload=payload,
        standing=facts.standing,
        unchecked=tuple(reason for reason, fact, _ in _RULES if getattr(facts, fact) is None),
    )


def _end_of_grant(payload: LicensePayload, grants: Mapping[int, datetime]) -> datetime | None:
    """A licence that takes no codes has none, so that a revocation ends whatever it revokes."""
    return None if days_granted(payload) is None else grants.get(payload.serial)


def _unknown_critical(payload: LicensePayload, _at: datetime) -> str | None:
    for extension in payload.extensions:
        if extension.critical:  # version 1 defines no critical one, so each is unknown
            return f"extension {extension.number} needs a newer verifier"
    return None


def _other_product(payload: LicensePayload, product: int) -> str | None:
    return _unless(payload.product == product, f"for product {payload.product}, not {product}")


def _other_kind(payload: LicensePayload, kinds: Collection[LicenseKind]) -> str | None:
    return _unless(payload.kind in kinds, f"a {payload.kind} licence is of no use here")


def _other_site(payload: LicensePayload, site: str) -> str | None:
    here = payload.site in (UNBOUND_SITE, site_digest(site))
    return _unless(here, f"bound to another site than {site}")


def _superseded(payload: LicensePayload, last_sequence: int) -> str | None:
    return _unless(
        payload.sequence >= last_sequence,
        f"sequence {payload.sequence} was replaced by {last_sequence}",
    )


def _clock_behind(payload: LicensePayload, at: datetime) -> str | None:
    return _unless(at >= begins_at(payload.issued_on), f"issued later, on {payload.issued_on}")


def _not_yet(payload: LicensePayload, found: Standing) -> str | None:
    return _unless(found is not Standing.NOT_YET_VALID, f"valid from {payload.valid_from}")


def _expired(payload: LicensePayload, found: Standing) -> str | None:
    return _unless(
        found is not Standing.EXPIRED,
        f"last day {payload.last_day}, grace days {payload.grace_days}",
    )


def _above_ceiling(payload: LicensePayload, version: ErpVersion) -> str | None:
    ceiling = payload.version_ceiling
    return _unless(ceiling is None or version <= ceiling, f"up to version {ceiling}, not {version}")


def _lapsed(payload: LicensePayload, release_date: date) -> str | None:
    until = payload.maintenance_until
    return _unless(
        until is None or release_date <= until,
        f"maintenance until {until}, version released on {release_date}",
    )


def _unless(fine: bool, complaint: str) -> str | None:
    return None if fine else complaint


_Complaint = Callable[[LicensePayload, Any], str | None]

_RULES: Final[tuple[tuple[Reason, str, _Complaint], ...]] = (
    (Reason.UNKNOWN_CRITICAL_EXTENSION, "at", _unknown_critical),
    (Reason.WRONG_PRODUCT, "product", _other_product),
    (Reason.WRONG_KIND, "kinds", _other_kind),
    (Reason.WRONG_SITE, "site", _other_site),
    (Reason.STALE_SEQUENCE, "last_sequence", _superseded),
    (Reason.CLOCK_BEHIND, "at", _clock_behind),
    (Reason.NOT_YET_VALID, "standing", _not_yet),
    (Reason.EXPIRED, "standing", _expired),
    (Reason.VERSION_ABOVE_CEILING, "erp_version", _above_ceiling),
    (Reason.MAINTENANCE_LAPSED, "release_date", _lapsed),
)
