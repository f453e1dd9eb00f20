"""Words compared as people compare them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.text import did_you_mean, fold, nearest

CODES = ["DELEZE", "DELEMO", "BETSCH", "BERNAS", "BLUMCO"]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Délèze", "deleze"),
        ("DE\u0301LE\u0300ZE", "deleze"),
        ("Zürich", "zurich"),
        ("Straße", "strasse"),
        ("Łódź", "łodz"),
        ("ﬁn", "fin"),
        ("", ""),
    ],
)
def test_accents_and_case_do_not_count(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_nearest_names_come_best_first() -> None:
    assert nearest("delèse", CODES)[0] == "DELEZE"
    assert nearest("DELEMO", CODES)[:2] == ["DELEMO", "DELEZE"]
    assert len(nearest("e", [f"E{n}" for n in range(9)])) == 3
    assert nearest("xyzzy", CODES) == []
    assert nearest("deleze", []) == []


def test_a_hint_lists_them_or_says_where_to_look() -> None:
    assert did_you_mean("BETSH", CODES, otherwise="opskit client list") == "did you mean BETSCH?"
    assert did_you_mean("xyzzy", CODES, otherwise="opskit client list") == "opskit client list"
