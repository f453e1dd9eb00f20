"""Client codes, ticket keys and the numbers that people say aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.errors import InvalidError
from opskit.core.refs import ClientCode, TicketKey, format_number, parse_number


@pytest.mark.parametrize("text", ["DELEZE", " deleze\n", "A1", "A-B", "A" * 16])
def test_a_client_code_is_read(text: str) -> None:
    assert str(ClientCode.parse(text)) == text.strip().upper()


@pytest.mark.parametrize(
    "text", ["", "A", "1AB", "-AB", "A" * 17, "A B", "A/B", "A.B", "..", "DÉLÈZE", "AB\nC", "ＡＢ"]
)
def test_what_is_no_client_code(text: str) -> None:
    with pytest.raises(InvalidError, match="is no client code"):
        ClientCode.parse(text)


def test_a_code_that_is_made_directly_is_checked_too() -> None:
    for text in ("deleze", "DELEZE\n"):
        with pytest.raises(InvalidError):
            ClientCode(text)


@pytest.mark.parametrize("text", ["CS-1", "cs-1001", " ABC2-999999999 "])
def test_a_ticket_key_is_read(text: str) -> None:
    assert str(TicketKey.parse(text)) == text.strip().upper()


@pytest.mark.parametrize(
    "text", ["", "CS", "CS-", "CS-0", "CS-01", "C-1", "CS1", "CS-1\nX: y", "CS-٣", "CS-1234567890"]
)
def test_what_is_no_ticket_key(text: str) -> None:
    with pytest.raises(InvalidError, match="is no ticket key"):
        TicketKey.parse(text)


@given(st.sampled_from("RLPC"), st.integers(1, 999_999_999))
def test_a_number_is_read_as_it_is_written(letter: str, number: int) -> None:
    written = format_number(letter, number)
    assert parse_number(letter, written) == number
    assert parse_number(letter, f" {written.lower()} ") == number
    assert parse_number(letter, str(number)) == number


@given(st.integers(1_000_000_000, 0xFFFF_FFFF))
def test_a_licence_may_have_a_number_of_32_bits(number: int) -> None:
    assert parse_number("L", f"L{number}") == number


def test_no_number_is_longer_than_that() -> None:
    for letter, text in (("L", "4294967296"), ("R", "1000000000"), ("B", "4294967295")):
        with pytest.raises(InvalidError):
            parse_number(letter, text)


@pytest.mark.parametrize(
    "text", ["", "R", "R0", "R01", "P12", "RR1", "R-1", "R1.0", "R 1", "R1234567890", "R٣"]
)
def test_what_is_no_number_of_this_kind(text: str) -> None:
    with pytest.raises(InvalidError, match="is no number of this kind") as caught:
        parse_number("R", text)
    assert caught.value.hint == "it looks like R12"
