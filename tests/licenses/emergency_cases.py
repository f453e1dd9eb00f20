"""Emergency codes of one licence, and what becomes of each (specification, section 9)."""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from licenses import crockford
from licenses.emergency import LINK_DOMAIN, anchor_extension, chain, code
from licenses.keyformat import Extension
from licenses.payload import LINK_BITS
from licenses.refusals import Reason
from tests.licenses.samples import SAMPLE, sample, sign

SECRET = bytes(range(32))
AT = "2028-02-27T23:30:00Z"
UNTIL = "2028-03-04T12:00:00Z"
ANCHOR = anchor_extension(SECRET, SAMPLE.serial, days=5)


def emergency_vectors() -> dict[str, Any]:
    """The licence, its secret, all its codes, and cases."""
    return {
        "secret": SECRET.hex(),
        "serial": SAMPLE.serial,
        "signed": sign(sample(extensions=(ANCHOR,))).hex(),
        "codes": [_code(number) for number in range(1, 25)],
        "cases": [*_granted_cases(), *_refused_codes(), *_refused_licences()],
    }


def _granted_cases() -> Iterator[dict[str, Any]]:
    yield _granted("first", _code(1), 0, 1)
    yield _granted("skipped", _code(9), 2, 9)
    yield _granted("last", _code(24), 23, 24)
    sloppy = _code(1).lower().replace("-", " ").replace("0", "o").replace("1", "i")
    yield _granted("sloppy", sloppy, 0, 1)
    yield _granted("no-dashes", _code(1).replace("-", ""), 0, 1)
    yield _granted("in-time", _code(1), 0, 1, at="2027-03-01T12:00:00Z",
                   until="2027-03-07T12:00:00Z")  # fmt: skip
    one_day = sample(extensions=(anchor_extension(SECRET, SAMPLE.serial, days=1),))
    yield _granted("one-day", _code(1), 0, 1, until="2028-02-29T12:00:00Z",
                   signed=sign(one_day).hex())  # fmt: skip
    most = sample(extensions=(anchor_extension(SECRET, SAMPLE.serial, days=15),))
    yield _granted("fifteen-days", _code(1), 0, 1, until="2028-03-14T12:00:00Z",
                   signed=sign(most).hex())  # fmt: skip
    highest = 0xFFFF_FFFF
    other = sample(serial=highest, extensions=(anchor_extension(SECRET, highest, days=5),))
    yield _granted("highest-serial", code(SECRET, highest, 3), 0, 3, signed=sign(other).hex())
    facts = {"product": 1, "site": "ERP-PROD-7", "last_sequence": 3, "erp_version": "12.4"}
    yield _granted("every-fact", _code(1), 0, 1, context=facts)


def _refused_codes() -> Iterator[dict[str, Any]]:
    yield _refused("replay", _code(1), 1, Reason.EMERGENCY_REPLAY)
    yield _refused("older", _code(3), 7, Reason.EMERGENCY_REPLAY)
    yield _refused("replay-last", _code(24), 24, Reason.EMERGENCY_REPLAY)
    other = code(SECRET, SAMPLE.serial + 1, 1)
    yield _refused("other-serial", other, 0, Reason.EMERGENCY_WRONG)
    anchor = _code_of(chain(SECRET, SAMPLE.serial)[0])
    yield _refused("anchor-itself", anchor, 0, Reason.EMERGENCY_WRONG)
    twenty_fifth, long_chain = _long_chain()
    yield _refused("twenty-five-steps", twenty_fifth, 0, Reason.EMERGENCY_WRONG,
                   signed=sign(long_chain).hex())  # fmt: skip
    malformed = {
        "short": _code(1)[:-1],
        "long": _code(1) + "0",
        "no-symbol": "U" + _code(1)[1:],
        "empty": "",
        "line-feed": _code(1) + "\n",
        "dotless-i": _code(1).replace("1", "\u0131", 1),
    }
    for name, text in malformed.items():
        yield _refused(name, text, 0, Reason.EMERGENCY_MALFORMED)
    without = {"signed": sign(SAMPLE).hex()}
    yield _refused("none", _code(1), 0, Reason.EMERGENCY_NONE, **without)
    yield _refused("none-before-malformed", "", 0, Reason.EMERGENCY_NONE, **without)


def _refused_licences() -> Iterator[dict[str, Any]]:
    """A good code of a licence that step 5 refuses for another reason: it is not used up."""
    facts: dict[Reason, dict[str, Any]] = {
        Reason.WRONG_PRODUCT: {"product": 2},
        Reason.WRONG_KIND: {"kinds": ["test"]},
        Reason.WRONG_SITE: {"site": "elsewhere"},
        Reason.STALE_SEQUENCE: {"last_sequence": 4},
        Reason.VERSION_ABOVE_CEILING: {"erp_version": "12.5"},
        Reason.MAINTENANCE_LAPSED: {"release_date": "2027-11-05"},
    }
    for reason, context in facts.items():
        yield _refused(reason.value, _code(1), 0, reason, context=context)
    early = {"at": "2026-11-25T12:00:00Z"}
    yield _refused(Reason.NOT_YET_VALID.value, _code(1), 0, Reason.NOT_YET_VALID, **early)
    later = sample(issued_on=date(2028, 3, 1), extensions=(ANCHOR,))
    yield _refused(Reason.CLOCK_BEHIND.value, _code(1), 0, Reason.CLOCK_BEHIND,
                   signed=sign(later).hex())  # fmt: skip
    critical = sample(extensions=(ANCHOR, Extension(112, b"new", critical=True)))
    yield _refused(
        Reason.UNKNOWN_CRITICAL_EXTENSION.value, _code(1), 0, Reason.UNKNOWN_CRITICAL_EXTENSION,
        signed=sign(critical).hex(),
    )  # fmt: skip
    yield _refused("replay-before-wrong-product", _code(1), 1, Reason.EMERGENCY_REPLAY,
                   context={"product": 2})  # fmt: skip


def _long_chain() -> tuple[str, Any]:
    """Code number 25 of a chain that has one link too many, and the licence with its anchor."""
    link = seed = int.from_bytes(bytes(range(13)), "big") >> 4
    for number in range(25, 0, -1):
        step = SAMPLE.serial.to_bytes(4, "big") + bytes([number]) + link.to_bytes(13, "big")
        link = int.from_bytes(hashlib.sha256(LINK_DOMAIN + step).digest()[:13], "big") >> 4
    anchor = Extension(ANCHOR.number, (5 << LINK_BITS | link).to_bytes(13, "big"))
    return _code_of(seed), sample(extensions=(anchor,))


def _code(number: int) -> str:
    return code(SECRET, SAMPLE.serial, number)


def _code_of(link: int) -> str:
    return crockford.in_groups(crockford.write(link, 20), 5)


def _granted(
    name: str, text: str, last_used: int, number: int, *, until: str = UNTIL, **more: Any
) -> dict[str, Any]:
    case = _case(name, text, last_used, more)
    return {**case, "expect": "ok", "number": number, "until": until}


def _refused(name: str, text: str, last_used: int, reason: Reason, **more: Any) -> dict[str, Any]:
    return {**_case(name, text, last_used, more), "expect": reason.value}


def _case(name: str, text: str, last_used: int, more: dict[str, Any]) -> dict[str, Any]:
    """`more` is another instant, further facts of step 5, or another licence."""
    return {"id": name, "code": text, "last_used": last_used, "at": AT, **more}
