"""Emergency codes of one licence, and what becomes of each (specification, section 9)."""

from collections.abc import Iterator
from typing import Any

from licenses.emergency import anchor_extension, code
from licenses.refusals import Reason
from tests.licenses.samples import SAMPLE, sample, sign

SECRET = bytes(range(32))
AT = "2028-02-27T23:30:00Z"


def emergency_vectors() -> dict[str, Any]:
    """The licence, its secret, all its codes, and cases."""
    anchored = sample(extensions=(anchor_extension(SECRET, SAMPLE.serial, days=5),))
    return {
        "secret": SECRET.hex(),
        "serial": SAMPLE.serial,
        "signed": sign(anchored).hex(),
        "without_anchor": sign(SAMPLE).hex(),
        "codes": [_code(number) for number in range(1, 25)],
        "cases": list(_cases()),
    }


def _cases() -> Iterator[dict[str, Any]]:
    until = "2028-03-04T12:00:00+00:00"
    yield _granted("first", _code(1), 0, 1, until)
    yield _granted("skipped", _code(9), 2, 9, until)
    yield _granted("last", _code(24), 23, 24, until)
    sloppy = _code(1).lower().replace("-", " ").replace("0", "o").replace("1", "i")
    yield _granted("sloppy", sloppy, 0, 1, until)
    yield _refused("replay", _code(1), 1, Reason.EMERGENCY_REPLAY)
    yield _refused("older", _code(3), 7, Reason.EMERGENCY_REPLAY)
    other = code(SECRET, SAMPLE.serial + 1, 1)
    yield _refused("other-serial", other, 0, Reason.EMERGENCY_WRONG)
    yield _refused("short", _code(1)[:-1], 0, Reason.EMERGENCY_MALFORMED)
    yield _refused("no-symbol", "U" + _code(1)[1:], 0, Reason.EMERGENCY_MALFORMED)
    yield {**_refused("none", _code(1), 0, Reason.EMERGENCY_NONE), "without_anchor": True}


def _code(number: int) -> str:
    return code(SECRET, SAMPLE.serial, number)


def _granted(name: str, text: str, last_used: int, number: int, until: str) -> dict[str, Any]:
    return {**_case(name, text, last_used), "expect": "ok", "number": number, "until": until}


def _refused(name: str, text: str, last_used: int, reason: Reason) -> dict[str, Any]:
    return {**_case(name, text, last_used), "expect": reason.value}


def _case(name: str, text: str, last_used: int) -> dict[str, Any]:
    return {"id": name, "code": text, "last_used": last_used, "at": AT}
