"""The armoured file: signed bytes as text (docs/spec/license-key-v1.md, section 6).

    -----BEGIN OPSKIT LICENCE-----
    Client: Deleze SA

    EQEBAgAABBIAAAAqAAEJ...
    -----END OPSKIT LICENCE-----

Headers are for people and never trusted: make them anew from the payload, and warn with
`differing_headers` where the file claims otherwise.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Final

from licenses.refusals import LicenseRefusedError, Reason
from licenses.textlines import MAX_TEXT_SIZE, lines_of

BEGIN: Final = "-----BEGIN OPSKIT LICENCE-----"
END: Final = "-----END OPSKIT LICENCE-----"
MAX_NAME_LENGTH: Final = 40

_LINE_LENGTH: Final = 64
_BLANKS: Final = " \t"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*={0,2}")


def wrap(signed: bytes, headers: Mapping[str, str]) -> str:
    """The text of a licence file. White space and control characters in headers become
    single spaces.

    Raises:
        ValueError: a header's name cannot be written, or the text would be too long to be read.
    """
    code = base64.b64encode(signed).decode()
    block = [code[start : start + _LINE_LENGTH] for start in range(0, len(code), _LINE_LENGTH)]
    shown = [f"{name}: {value}".rstrip() for name, value in _clean(headers).items()]
    text = "\n".join([BEGIN, *shown, "", *block, END, ""])
    if len(text.encode()) > MAX_TEXT_SIZE:
        raise ValueError(f"the headers are too long: a file has at most {MAX_TEXT_SIZE} bytes")
    return text


def unwrap(text: str | bytes) -> tuple[bytes, dict[str, str]]:
    """Signed bytes and claimed headers of a licence file, given as text or as its bytes.

    Raises:
        LicenseRefusedError: the text is too long, no armour, or not canonical base64.
    """
    return from_lines(lines_of(text))


def from_lines(lines: Sequence[str]) -> tuple[bytes, dict[str, str]]:
    """`unwrap`, for lines without blanks at their ends."""
    inner = _between_markers(lines)
    headers = list(takewhile(lambda line: ":" in line, inner))
    block = "".join(inner[len(headers) :])
    if ":" in block:
        raise _bad_armour("a header comes after the block")
    claimed = _parse_headers(headers)
    return _decode_block(block), claimed


def differing_headers(claimed: Mapping[str, str], expected: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the headers by which a file claims something else than its payload says."""
    wanted = _clean(expected)
    names = dict.fromkeys([*wanted, *claimed])
    return tuple(name for name in names if claimed.get(name) != wanted.get(name))


def _clean(headers: Mapping[str, str]) -> dict[str, str]:
    cleaned: dict[str, str] = {}
    for raw_name, value in headers.items():
        name = _one_line(raw_name)
        if not 0 < len(name) <= MAX_NAME_LENGTH or ":" in name or name in cleaned:
            raise ValueError(f"{raw_name!r} cannot be the name of a header")
        cleaned[name] = _one_line(value)
    return cleaned


@lru_cache  # a batch has the same names and many equal values in every file
def _one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _between_markers(lines: Sequence[str]) -> Sequence[str]:
    if any(_CONTROL.search(line) for line in lines):
        raise _bad_armour("a line holds a control character")
    if not lines or lines[0] != BEGIN:
        raise _bad_armour(f"the first line is not {BEGIN}")
    if lines[-1] != END:
        raise _bad_armour(f"the last line is not {END}")
    inner = lines[1:-1]
    if BEGIN in inner or END in inner:
        raise _bad_armour("the file holds more than one licence")
    return inner


def _parse_headers(lines: Sequence[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        name = name.rstrip(_BLANKS)
        if not 0 < len(name) <= MAX_NAME_LENGTH:
            raise _bad_armour(f"a header's name has 1 to {MAX_NAME_LENGTH} characters")
        if name in headers:
            raise _bad_armour(f"the header {name} comes twice")
        headers[name] = value.lstrip(_BLANKS)
    return headers


def _decode_block(block: str) -> bytes:
    if not _BASE64.fullmatch(block) or len(block) % 4:
        raise LicenseRefusedError(Reason.BAD_BASE64, "the block is not padded standard base64")
    signed = base64.b64decode(block)
    if base64.b64encode(signed).decode() != block:
        raise LicenseRefusedError(Reason.NON_CANONICAL_BASE64, "unused bits are not zero")
    return signed


def _bad_armour(detail: str) -> LicenseRefusedError:
    return LicenseRefusedError(Reason.BAD_ARMOUR, detail)
