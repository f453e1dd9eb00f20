"""Why a licence key is refused: one word a rule, in the order in which the rules are applied.

The words are part of the format (docs/spec/license-key-v1.md, section 5; those of emergency codes
are in section 9): never rename one.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from licenses.payload import LicensePayload


class Reason(StrEnum):
    """The first rule of acceptance that a key breaks."""

    TOO_LONG = "too-long"
    NOT_A_KEY = "not-a-key"
    REFERENCE_NOT_A_KEY = "reference-not-a-key"
    BAD_ARMOUR = "bad-armour"
    BAD_BASE64 = "bad-base64"
    NON_CANONICAL_BASE64 = "non-canonical-base64"
    BAD_TYPED_LINE = "bad-typed-line"
    MISPLACED_TYPED_LINE = "misplaced-typed-line"
    MISSING_TYPED_LINE = "missing-typed-line"
    BAD_TYPED_LENGTH = "bad-typed-length"
    NON_ZERO_PADDING = "non-zero-padding"
    TRUNCATED = "truncated"
    UNKNOWN_VERSION = "unknown-version"
    UNKNOWN_KIND = "unknown-kind"
    RESERVED_NOT_ZERO = "reserved-not-zero"
    BAD_DATE = "bad-date"
    INVERTED_DATES = "inverted-dates"
    TRAILING_BYTES = "trailing-bytes"
    DUPLICATE_EXTENSION = "duplicate-extension"
    EXTENSION_ORDER = "extension-order"
    BAD_EMERGENCY_ANCHOR = "bad-emergency-anchor"
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
    EMERGENCY_NONE = "emergency-none"
    EMERGENCY_MALFORMED = "emergency-malformed"
    EMERGENCY_WRONG = "emergency-wrong"
    EMERGENCY_REPLAY = "emergency-replay"


class LicenseRefusedError(Exception):
    """The key, or the emergency code, is not accepted.

    `payload` is there only when the signature is good and a later rule refused: what it says is
    then true, and its sequence has to be remembered. `lines` are the numbers of the lines of a
    typed key that are wrong or missing, from 1.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        payload: "LicensePayload | None" = None,
        lines: tuple[int, ...] = (),
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.payload = payload
        self.lines = lines
