"""The anchors that new licences carry, and the codes that lead to them.

One key of the safe stands behind all of them: the secret that begins a licence's chain is the HMAC
of its serial. So nothing secret is stored, and a serial has the same codes for ever.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from licenses.emergency import Grant, anchor_extension, code, redeem
from licenses.errors import SelfVerificationError
from licenses.payload import Extension, LicensePayload
from licenses.refusals import LicenseRefusedError
from opskit.core.i18n import _
from opskit.core.refs import format_number
from opskit.core.secret import Secret
from opskit.core.signing import EMERGENCY_KEY, Signer

KEY_VERSION: Final = 1  # never another: the codes of the licences out there hang on it
SECRET_DOMAIN: Final = b"opskit/emergency/secret/v1\0"


def anchors(signer: Signer, serials: Sequence[int], days: int) -> list[Extension]:
    """What each licence carries so that its codes grant some days; in the serials' order.

    Raises:
        ValueError: the days are not between 1 and 15.
        NotFoundError: the safe has no key for it yet.
        DeniedError, UnavailableError: as `Signer.hmacs`.
    """
    return [
        anchor_extension(secret, serial, days)
        for serial, secret in zip(serials, _chain_secrets(signer, serials), strict=True)
    ]


def code_of(
    signer: Signer, payload: LicensePayload, number: int, *, at: datetime
) -> tuple[Secret, Grant]:
    """A licence's code of that number, and what it grants when it is entered at once.

    Raises:
        SelfVerificationError: the licence would not take it; nobody has seen it.
        NotFoundError, DeniedError, UnavailableError: as `Signer.hmacs`.
    """
    (secret,) = _chain_secrets(signer, [payload.serial])
    text = code(secret, payload.serial, number)
    try:
        return Secret(text), redeem(payload, text, last_used=number - 1, at=at)
    except LicenseRefusedError as err:
        raise _foreign(payload) from err


def _chain_secrets(signer: Signer, serials: Sequence[int]) -> Sequence[bytes]:
    """The 32 bytes that begin each licence's chain; the safe is asked at once for all."""
    messages = [SECRET_DOMAIN + serial.to_bytes(4, "big") for serial in serials]
    return signer.hmacs(EMERGENCY_KEY, messages, KEY_VERSION)


def _foreign(payload: LicensePayload) -> SelfVerificationError:
    name = format_number("L", payload.serial)
    return SelfVerificationError(
        _("{license} was issued with another key {key} than the safe's").format(
            license=name, key=EMERGENCY_KEY
        ),
        hint=_(
            "a new licence takes the safe's codes: opskit license renew {license} --until +1m"
        ).format(license=name),
    )
