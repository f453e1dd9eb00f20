"""The typed form as a QR code: alphanumeric, level M, which survives a fold or a stain."""

from io import BytesIO
from typing import TYPE_CHECKING

from licenses import typedform

if TYPE_CHECKING:
    from segno import QRCode

QUIET_ZONE = 4  # empty modules around the code, as ISO/IEC 18004 asks


def qr_code(signed: bytes) -> "QRCode":
    """The smallest code that holds the key."""
    import segno

    text = typedform.qr_text(signed)
    return segno.make_qr(text, error="m", mode="alphanumeric", boost_error=False)


def svg(signed: bytes) -> bytes:
    return _saved(signed, "svg", scale=4)


def png(signed: bytes) -> bytes:
    return _saved(signed, "png", scale=8)


def terminal_lines(signed: bytes) -> list[str]:
    """Two rows of modules in a line of text, light on dark: most terminals are dark."""
    rows = [
        [bool(module) for module in row]
        for row in qr_code(signed).matrix_iter(scale=1, border=QUIET_ZONE)
    ]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    halves = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
    return [
        "".join(halves[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]


def _saved(signed: bytes, kind: str, *, scale: int) -> bytes:
    file = BytesIO()
    qr_code(signed).save(file, kind=kind, scale=scale, border=QUIET_ZONE)
    return file.getvalue()
