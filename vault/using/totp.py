"""One-time codes from a seed (RFC 6238), as authenticator apps make them."""

import binascii
from base64 import b32decode
from dataclasses import dataclass, field
from datetime import datetime

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.secret import Secret

ALGORITHMS = ("SHA1", "SHA256", "SHA512")
TOO_SHORT = 5  # seconds: before such a code is typed, it has gone
FEWEST_DIGITS, MOST_DIGITS = 6, 8
LONGEST_PERIOD = 3600


@dataclass(frozen=True, slots=True)
class Code:
    """What one types, and for how many seconds it is still valid."""

    digits: str = field(repr=False)
    valid_for: int

    @property
    def ends_too_soon(self) -> bool:
        return self.valid_for < TOO_SHORT


@dataclass(frozen=True, slots=True, eq=False)
class Seed:
    """A shared key, and how codes are made of it."""

    key: bytes = field(repr=False)
    digits: int = 6
    period: int = 30
    algorithm: str = "SHA1"

    def code_at(self, moment: datetime) -> Code:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.twofactor.totp import TOTP

        known: dict[str, hashes.SHA1 | hashes.SHA256 | hashes.SHA512] = {
            "SHA1": hashes.SHA1(),  # noqa: S303 (as an HMAC it is sound, and most apps use it)
            "SHA256": hashes.SHA256(),
            "SHA512": hashes.SHA512(),
        }
        totp = TOTP(
            self.key,
            self.digits,
            known[self.algorithm],
            self.period,
            enforce_key_length=False,  # 80 bits are common, and the other side has chosen them
        )
        seconds = int(moment.timestamp())
        return Code(totp.generate(seconds).decode(), self.period - seconds % self.period)


def read_seed(text: Secret) -> Seed:
    """Understand base32, as it is shown to people, or an `otpauth://totp/` address.

    The address is that of a QR code (Google Authenticator's "Key Uri Format").

    Raises:
        InvalidError: neither of them; it never says what was there.
    """
    seed = text.reveal().strip()
    if "://" not in seed:
        return Seed(_key(seed))
    from urllib.parse import parse_qs, urlsplit

    try:
        address = urlsplit(seed)
    except ValueError:
        address = urlsplit("")
    if (address.scheme.lower(), address.netloc.lower()) != ("otpauth", "totp"):
        raise _bad_seed(_("its address does not begin with otpauth://totp/"))
    given = {name: values[-1] for name, values in parse_qs(address.query).items()}
    algorithm = given.get("algorithm", "SHA1").upper().replace("-", "").removeprefix("HMAC")
    if algorithm not in ALGORITHMS:
        raise _bad_seed(_("its algorithm is none of {names}").format(names=" ".join(ALGORITHMS)))
    return Seed(
        _key(given.get("secret", "")),
        _number(given.get("digits", "6"), FEWEST_DIGITS, MOST_DIGITS),
        _number(given.get("period", "30"), 1, LONGEST_PERIOD),
        algorithm,
    )


def _key(text: str) -> bytes:
    plain = "".join(text.replace("-", "").split()).upper().rstrip("=")
    try:
        key = b32decode(plain + "=" * (-len(plain) % 8))
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise _bad_seed(_("it is no base32"))  # not `from`: that error may show the text
    return key


def _number(text: str, least: int, most: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(most)) else 0
    if not least <= number <= most:
        raise _bad_seed(
            _("a number in its address is not between {least} and {most}").format(
                least=least, most=most
            )
        )
    return number


def _bad_seed(reason: str) -> InvalidError:
    return InvalidError(
        _("the seed of the one-time codes cannot be used: {reason}").format(reason=reason),
        hint=_("it is base32, such as JBSW Y3DP EHPK 3PXP, or an otpauth://totp/ address"),
    )
