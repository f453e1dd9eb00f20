"""Finding by words."""

import pytest

from tests.vault.finding.test_index import row
from vault.facts import EntryFacts
from vault.finding.index_file import line_of, row_in
from vault.finding.search import Finder

ENTRIES = [
    row(
        "DELEZE/prod/erp-db",
        "Délèze Outillage SA",
        EntryFacts("database", "db.deleze.example", 1521, "SYSTEM", tags=("oracle",)),
    ),
    row(
        "DELEZE/prod/paie-rémi",
        "Délèze Outillage SA",
        EntryFacts("web", url="https://paie.example", tags=("Salaires",)),
    ),
    row("PERRET/common/vpn", "Perret Horlogerie", EntryFacts("vpn", username="deleze-support")),
    row("PERRET/prod/erp", "Perret Horlogerie", EntryFacts("erp", "erp.perret.example")),
    row("WEBER/prod/fortinet", "Atelier Weber", EntryFacts("vpn", "fortinet.weber.example")),
]
FINDER = Finder([line_of(entry) for entry in ENTRIES])


def found(text: str) -> list[str]:
    return [row_in(line)["name"] for line in FINDER.find(text)]


def test_every_word_must_occur() -> None:
    assert found("deleze database") == ["erp-db"]
    assert found("deleze qqqqqq") == []


def test_accents_and_case_do_not_count() -> None:
    assert found("REMI salaires") == ["paie-rémi"]
    assert found("Délèze rémi") == ["paie-rémi"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("system", "erp-db"),
        ("paie.example", "paie-rémi"),
        ("oracle", "erp-db"),
        ("horlogerie vpn", "vpn"),
        ("weber", "fortinet"),
        ("PERRET/prod/erp", "erp"),
    ],
)
def test_name_kind_host_user_url_and_tags_are_searched(text: str, name: str) -> None:
    assert found(text)[0] == name


def test_the_client_named_comes_before_a_mention() -> None:
    assert found("deleze erp") == ["erp-db"]
    assert found("deleze")[-1] == "vpn"


def test_a_whole_word_comes_before_a_beginning_and_that_before_an_inside() -> None:
    assert found("erp")[:2] == ["erp-db", "erp"]
    assert found("web") == ["paie-rémi", "fortinet"]
    assert found("per") == ["vpn", "erp"]  # not the example of Délèze, which has it inside


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("delese erp", "erp-db"),
        ("deleze erp-bd", "erp-db"),
        ("fortniet", "fortinet"),
        ("fotinet", "fortinet"),
        ("peret vnp", "vpn"),
        ("horlogrie vpn", "vpn"),
        ("salaire remmi", "paie-rémi"),
    ],
)
def test_misspelt_words_find_what_was_meant(text: str, name: str) -> None:
    assert found(text) == [name]


def test_only_what_begins_nowhere_is_taken_for_misspelt() -> None:
    assert found("weber fortniet") == ["fortinet"]
    assert found("weber erp") == []  # neither `web` nor another client's


def test_no_word_finds_all_in_their_order() -> None:
    assert found(" ") == ["erp-db", "paie-rémi", "vpn", "erp", "fortinet"]


def test_an_empty_safe_has_nothing() -> None:
    assert Finder([]).find("deleze") == []
