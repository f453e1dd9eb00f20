"""Why a licence key is refused: one word a rule, in the order in which the rules are applied.

The words are part of the format (docs/spec/license-key-v1.md, section 5): never rename one.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from licenses.payload import LicensePayload


class Reason(StrEnum):
    """The first rule of acceptance that a key breaks."""

    TOO_LONG = "too-long"
    BAD_ARMOUR = "bad-armour"
    BAD_BASE64 = "bad-base64"
    NON_CANONICAL_BASE64 = "non-canonical-base64"
    TRUNCATED = "truncated"
    UNKNOWN_VERSION = "unknown-version"
    UNKNOWN_KIND = "unknown-kind"
    RESERVED_NOT_ZERO = "reserved-not-zero"
    BAD_DATE = "bad-date"
    INVERTED_DATES = "inverted-dates"
    TRAILING_BYTES = "trailing-bytes"
    DUPLICATE_EXTENSION = "duplicate-extension"
    EXTENSION_ORDER = "extension-order"
    UNKNOWN_KEY_ID = "unknown-key-id"
    KIND_NOT_ALLOWED = "kind-not-allowed"
    BAD_SIGNATURE = "bad-signature"
    UNKNOWN_CRITICAL_EXTENSION = "unknown-critical-extension"
    WRONG_PRODUCT = "wrong-product"
    WRONG_KIND = "wrong-kind"
    WRONG_SITE = "wrong-site"
    STALE_SEQUENCE = "stale-sequence"
    CLOCK_BEHIND = "clock-behind"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    VERSION_ABOVE_CEILING = "version-above-ceiling"
    MAINTENANCE_LAPSED = "maintenance-lapsed"


class LicenseRefusedError(Exception):
    """The key is not accepted.

    `payload` is there only when the signature is good and a later rule refused: what it says is
    then true, and its sequence has to be remembered.
    """

    def __init__(
        self, reason: Reason, detail: str, *, payload: "LicensePayload | None" = None
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.payload = payload
