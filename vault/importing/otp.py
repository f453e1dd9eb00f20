"""The forms in which keepers keep the seed of one-time passwords, made into one.

A seed with the usual settings (SHA-1, 6 digits, 30 seconds) is kept as Base32; with others as an
`otpauth://` address (https://github.com/google/google-authenticator/wiki/Key-Uri-Format), and an
address always as it came.
"""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode

TIME_OTP = "timeotp-"
ADDRESS = "otpauth://"
OURS = "otpauth://totp/opskit?"
USUAL = {"digits": "6", "period": "30", "algorithm": "SHA1"}


def from_time_otp(fields: Mapping[str, str]) -> str | None:
    """The seed from KeePass's own fields, by lower-case name (`timeotp-secret-base32`, ...).

    https://keepass.info/help/base/placeholders.html#otp. None where it cannot be read.
    """
    seed = _seed(fields)
    if not seed:
        return None
    algorithm = fields.get("timeotp-algorithm", "HMAC-SHA-1").upper()
    return _kept(
        seed,
        digits=fields.get("timeotp-length", ""),
        period=fields.get("timeotp-period", ""),
        algorithm=algorithm.removeprefix("HMAC-").replace("-", ""),
    )


def from_otp_field(text: str) -> str:
    """The seed from the field `otp`: an address, KeeOtp's `key=...&step=...`, or Base32."""
    text = text.strip()
    if text.startswith(OURS):
        seed = parse_qs(text.removeprefix(OURS)).get("secret", [""])[0]
        return seed if as_address(seed) == text else text
    given = {name: values[0] for name, values in parse_qs(text).items()}
    if text.startswith(ADDRESS) or "key" not in given:
        return text
    return _kept(
        given["key"],
        digits=given.get("size", ""),
        period=given.get("step", ""),
        algorithm=given.get("otpHashMode", "").upper(),
    )


def as_address(seed: str) -> str:
    """The address of a kept seed, as KeePassXC wants it; `from_otp_field` gives the seed back."""
    return seed if seed.startswith(ADDRESS) else OURS + urlencode({"secret": _plain(seed), **USUAL})


def _kept(seed: str, **given: str) -> str:
    settings = {name: value for name, value in given.items() if value}
    seed = _plain(seed)
    if not settings.items() - USUAL.items():
        return seed
    return OURS + urlencode({"secret": seed, **USUAL, **settings})


def _seed(fields: Mapping[str, str]) -> str | None:
    if base32 := fields.get("timeotp-secret-base32"):
        return base32
    try:
        if text := fields.get("timeotp-secret"):
            raw = text.encode()
        elif text := fields.get("timeotp-secret-hex"):
            raw = bytes.fromhex(text)
        else:
            raw = base64.b64decode(fields.get("timeotp-secret-base64", ""), validate=True)
    except (ValueError, binascii.Error):
        return None
    return base64.b32encode(raw).decode()


def _plain(seed: str) -> str:
    return "".join(seed.split()).rstrip("=").upper()
