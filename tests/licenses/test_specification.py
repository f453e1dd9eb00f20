"""What docs/spec/license-key-v1.md shows worked out, against the code."""

import hashlib
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from licenses import armour, crockford, emergency, typedform
from licenses.document import CLIENT, headers
from licenses.reference import REFERENCE_DOMAIN, reference_of
from licenses.refusals import Reason
from licenses.validity import begins_at, ends_at
from tests.licenses.emergency_cases import SECRET
from tests.licenses.file_cases import TEXT
from tests.licenses.samples import SAMPLE

PAGE = (Path(__file__).parents[2] / "docs" / "spec" / "license-key-v1.md").read_text("utf-8")
SIGNED = armour.unwrap(TEXT)[0]


def hex_lines(data: bytes) -> str:
    """A block of hex, 16 bytes a line, as the page shows it."""
    rows = (data[start : start + 16].hex(" ") for start in range(0, len(data), 16))
    return "```\n" + "\n".join(rows) + "\n```"


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_named(reason: Reason) -> None:
    assert f"`{reason}`" in PAGE


def test_the_forms_of_the_sample() -> None:
    assert TEXT in PAGE
    assert hex_lines(SIGNED[:45]) in PAGE
    assert f"```\n{typedform.wrap(SIGNED)}```" in PAGE
    assert f"`{reference_of(SIGNED)}`" in PAGE


def test_the_headers_are_those_that_are_written() -> None:
    rows = re.search(r"\| header \| value \|\n(.*?)\n\n", PAGE, re.DOTALL)
    assert rows is not None
    names = [
        name for row in rows[1].splitlines()[1:] for name in re.findall("`(.*?)`", _first(row))
    ]
    assert names == [CLIENT, *headers(SAMPLE, "")]


def test_the_reference_number() -> None:
    asked = REFERENCE_DOMAIN + SIGNED
    digest = hashlib.sha256(asked).digest()
    values = crockford.values(reference_of(SIGNED).check)
    assert hex_lines(asked) in PAGE
    assert f"`{digest[:3].hex(' ')}`; the first 20 bits, `{digest.hex()[:5]}`" in PAGE
    assert f"are the values {', '.join(map(str, values))}." in PAGE


def test_the_last_step_of_a_chain() -> None:
    link = emergency.chain(SECRET, SAMPLE.serial)[1]
    step = emergency.LINK_DOMAIN + SAMPLE.serial.to_bytes(4, "big") + b"\1"
    step += link.to_bytes(13, "big")
    anchor = emergency.anchor_extension(SECRET, SAMPLE.serial, days=5).value
    assert f"`{emergency.code(SECRET, SAMPLE.serial, 1)}`" in PAGE
    assert hex_lines(step) in PAGE
    assert f"`{hashlib.sha256(step).digest()[:13].hex(' ')}`" in PAGE
    assert hex_lines(anchor) in PAGE


def test_the_instants_of_the_sample() -> None:
    assert SAMPLE.last_day is not None
    graced = SAMPLE.last_day + timedelta(days=SAMPLE.grace_days)
    instants = begins_at(SAMPLE.valid_from), ends_at(SAMPLE.last_day), ends_at(graced)
    works, warns, expired = map(_written, instants)
    assert f"works from {works} on, warns from {warns} on, and is expired from {expired} on." in (
        " ".join(PAGE.split())
    )


def _first(row: str) -> str:
    return row.split("|")[1]


def _written(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
