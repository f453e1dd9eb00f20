"""Names in texts, and what stands instead of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.privacy.pseudonyms import Traits, is_pseudonym, pseudonym, replaced_in

ZOE = Traits("Zoé Délèze", "zdeleze", "zdeleze@example.ch", "erased-7")
NAMESAKE = Traits("Zoé Délèze", "zdeleze", "zdeleze@example.ch", "erased-7", has_namesake=True)


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("agreed with Zoé Délèze by phone", "agreed with erased-7 by phone"),
        ("agreed with ZOE DELEZE by phone", "agreed with erased-7 by phone"),
        ("zdeleze: done", "erased-7: done"),
        ("mail zdeleze@example.ch", "mail erased-7"),
        ("DELEZE is the client", "DELEZE is the client"),
        ("Zoé Délèzeux came", "Zoé Délèzeux came"),
        ("", ""),
    ],
)
def test_a_person_in_a_text(text: str, replaced: str) -> None:
    assert ZOE.replaced(text) == replaced


def test_the_name_of_a_namesake_stays() -> None:
    assert NAMESAKE.replaced("Zoé Délèze, zdeleze") == "Zoé Délèze, erased-7"
    assert not NAMESAKE.are_in({"name": "Zoé Délèze"})
    assert NAMESAKE.are_in({"login": "zdeleze"})


def test_a_short_login_is_no_word_of_a_text() -> None:
    bob = Traits("Bob Rey", "bob", "", "erased-2")
    assert bob.replaced("bob for apples") == "bob for apples"
    assert bob.are_in({"login": "bob"})
    assert replaced_in(bob, {"who": "bob", "list": ["Bob Rey", 3]}) == {
        "who": "erased-2",
        "list": ["erased-2", 3],
    }


def test_a_pseudonym_is_told_from_a_login() -> None:
    assert is_pseudonym(pseudonym(7))
    assert not is_pseudonym("erased-by-hand")
    assert not is_pseudonym("zdeleze")


@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_no_text_around_a_name_keeps_it_or_changes(before: str, after: str) -> None:
    """Also where folding makes a text longer, such as the ligature of ffi."""
    replaced = ZOE.replaced(f"{before} Zoé Délèze {after}")
    assert "Zoé Délèze" not in replaced
    assert "erased-7" in replaced
    assert ZOE.replaced(replaced) == replaced
