"""The typed form: every licence round-trips, and what a person mistypes is found in its line."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licenses import crockford, keytext, typedform
from licenses.keyformat import LicensePayload
from licenses.reference import Reference, parse, reference_of
from licenses.refusals import LicenseRefusedError, Reason
from tests.licenses.samples import SAMPLE, sign
from tests.licenses.strategies import payloads

SIGNED = sign(SAMPLE)
LINES = [line.partition(": ")[2].replace("-", "") for line in typedform.wrap(SIGNED).splitlines()]


def refusal(lines: list[str]) -> LicenseRefusedError:
    with pytest.raises(LicenseRefusedError) as caught:
        typedform.unwrap("\n".join(lines))
    return caught.value


def other(symbol: str, step: int = 1) -> str:
    return crockford.ALPHABET[(crockford.ALPHABET.index(symbol) + step) % 32]


@given(payloads())
def test_any_licence_round_trips_in_every_form(payload: LicensePayload) -> None:
    signed = sign(payload)
    assert keytext.read(typedform.wrap(signed))[0] == signed
    assert keytext.read(typedform.qr_text(signed))[0] == signed


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    with pytest.raises(LicenseRefusedError):
        keytext.read(text)


def test_the_usual_licence_has_seven_lines() -> None:
    assert [len(line) for line in LINES] == [27] * 7


@pytest.mark.parametrize("place", range(7))
def test_every_single_wrong_symbol_is_found_in_its_line(place: int) -> None:
    line = LINES[place]
    for at in range(27):
        for step in range(1, 32):
            mistyped = line[:at] + other(line[at], step) + line[at + 1 :]
            found = refusal([*LINES[:place], mistyped, *LINES[place + 1 :]])
            assert found.lines == (place + 1,)


def test_two_wrong_symbols_of_a_line_are_found() -> None:
    for first, second in combinations(range(27), 2):
        mistyped = list(LINES[3])
        mistyped[first], mistyped[second] = other(mistyped[first]), other(mistyped[second], 7)
        found = refusal([*LINES[:3], "".join(mistyped), *LINES[4:]])
        assert found.lines == (4,)


def test_two_symbols_that_change_places_are_found() -> None:
    for first, second in combinations(range(27), 2):
        swapped = list(LINES[3])
        if swapped[first] != swapped[second]:
            swapped[first], swapped[second] = swapped[second], swapped[first]
            assert refusal([*LINES[:3], "".join(swapped), *LINES[4:]]).lines == (4,)


@pytest.mark.parametrize(("first", "second"), list(combinations(range(7), 2)))
def test_lines_that_change_places_are_found(first: int, second: int) -> None:
    lines = list(LINES)
    lines[first], lines[second] = lines[second], lines[first]
    assert first + 1 in refusal(lines).lines


def test_several_wrong_lines_are_all_named() -> None:
    lines = [line[:-1] if place in (1, 4) else line for place, line in enumerate(LINES)]
    assert refusal(lines).lines == (2, 5)


def test_a_missing_last_line_is_named() -> None:
    found = refusal(LINES[:-1])
    assert (found.reason, found.lines) == (Reason.MISSING_TYPED_LINE, (7,))


def test_a_text_is_capped_before_it_is_read() -> None:
    with pytest.raises(LicenseRefusedError, match="too-long"):
        keytext.read("0" * 8193)


def test_the_reference_number_names_a_licence_and_is_none() -> None:
    reference = reference_of(SIGNED)
    assert reference.serial == SAMPLE.serial
    assert parse(str(reference)) == parse(str(reference).lower()) == reference
    with pytest.raises(LicenseRefusedError, match="reference-not-a-key"):
        keytext.read(str(reference))
    assert parse("L1042") is None
    assert parse("R12") is None


@settings(max_examples=50)
@given(payloads())
def test_a_reference_is_read_back(payload: LicensePayload) -> None:
    reference = reference_of(sign(payload))
    assert parse(str(reference)) == Reference(payload.serial, reference.check)
