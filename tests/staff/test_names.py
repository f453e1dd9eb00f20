"""Good login names."""

import pytest

from opskit.core.errors import InvalidError
from opskit.staff.names import suggest_login

SUGGESTED = {
    "Camille Perret": "cperret",
    "Emma Béguelin": "ebeguelin",
    "Jean-Luc Mettler": "jmettler",
    "Chantal de Dardel": "cdardel",
    "Noémie O'Neill": "noneill",
    "Madonna": "madonna",
}


@pytest.mark.parametrize("name", SUGGESTED)
def test_a_login_is_made_of_the_name(name: str) -> None:
    assert suggest_login(name, set()) == SUGGESTED[name]


def test_a_taken_login_gets_a_number() -> None:
    assert suggest_login("Camille Perret", {"cperret", "cperret2"}) == "cperret3"


def test_a_name_without_latin_letters_needs_a_login() -> None:
    with pytest.raises(InvalidError, match="no login can be made of '李明'"):
        suggest_login("李明", set())
