"""A table at every width: whole words and dates, and nothing lost."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.screen import Screen, Tone
from opskit.core.tables import Cell, Column, table_lines, wrapped

CLIENTS = {
    "Code": ["DELEZE", "BLUM"],
    "Name": ["Délèze Outillage SA", "Blum & Co. Käserei"],
    "City": ["Delémont", "La Chaux-de-Fonds"],
    "Until": ["2026-11-04", "2028-12-23"],
    "Maintenance": ["lapsed", "active"],
}
PROOFS = {
    "Step": ["backup", "contract"],
    "Proof": ["confirmed by the client on 2026-11-23 22:10 at the latest", "ends on 2026-11-04"],
}


def lines(columns: dict[str, list[str]], width: int, *, coloured: bool = False) -> list[str]:
    table = [Column(title, [Cell(text) for text in texts]) for title, texts in columns.items()]
    return list(table_lines(table, screen=Screen(width, coloured)))


def test_side_by_side_where_it_fits() -> None:
    assert lines(CLIENTS, 80) == [
        "Code    Name                 City               Until       Maintenance",
        "DELEZE  Délèze Outillage SA  Delémont           2026-11-04  lapsed",
        "BLUM    Blum & Co. Käserei   La Chaux-de-Fonds  2028-12-23  active",
    ]


def test_the_last_columns_fold_below_where_it_does_not() -> None:
    assert lines(CLIENTS, 60) == [
        "Code    Name                 City               Until",
        "        Maintenance",
        "DELEZE  Délèze Outillage SA  Delémont           2026-11-04",
        "        lapsed",
        "BLUM    Blum & Co. Käserei   La Chaux-de-Fonds  2028-12-23",
        "        active",
    ]


def test_sentences_wrap_between_words_and_never_within_a_moment() -> None:
    assert lines(PROOFS, 42) == [
        "Step      Proof",
        "backup    confirmed by the client on",
        "          2026-11-23 22:10 at the latest",
        "contract  ends on 2026-11-04",
    ]


def test_nothing_below_takes_no_line() -> None:
    assert lines({"Code": ["A" * 10, "B"], "City": ["", "Bern"]}, 12) == [
        "Code",
        "   City",
        "AAAAAAAAAA",
        "B",
        "   Bern",
    ]


def test_colours_do_not_count_as_width() -> None:
    state = Column("State", [Cell("lapsed", Tone.BAD)])
    city = Column("City", [Cell("Bern")])
    assert list(table_lines([state, city], screen=Screen(80, coloured=True))) == [
        "\x1b[1mState\x1b[0m   \x1b[1mCity\x1b[0m",
        "\x1b[31mlapsed\x1b[0m  Bern",
    ]


@pytest.mark.parametrize("width", [1, 5, 30])
def test_only_a_word_wider_than_the_terminal_breaks(width: int) -> None:
    shown = lines({"Code": ["ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"]}, width)
    assert max(map(len, shown)) <= width
    assert "".join(shown).endswith("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


TEXTS = st.lists(st.text("ab é", max_size=60), min_size=2, max_size=2)


@given(columns=st.lists(TEXTS, min_size=1, max_size=6), width=st.integers(20, 130))
def test_it_fits_and_loses_nothing(columns: Sequence[list[str]], width: int) -> None:
    shown = lines({f"T{number}": texts for number, texts in enumerate(columns)}, width)
    assert max(map(len, shown)) <= width
    letters = sorted(char for line in shown for char in line if char in "abé")
    assert letters == sorted(
        char for texts in columns for text in texts for char in text if char != " "
    )


def test_wrapping() -> None:
    assert wrapped("", 5) == [""]
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("unbreakable x", 5) == ["unbre", "akabl", "e x"]
