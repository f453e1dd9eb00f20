"""Finding by words."""

from vault.entries import Entry, EntryRef
from vault.facts import EntryFacts
from vault.search import search


def entry(path: str, facts: EntryFacts) -> Entry:
    return Entry(EntryRef.parse(path), facts, 1, "2026-11-24T09:30:00Z")


ERP = entry("DELEZE/prod/erp-db", EntryFacts("database", "db.deleze.example", 1521, "SYSTEM"))
PAY = entry(
    "DELEZE/prod/paie-rémi", EntryFacts("web", url="https://paie.example", tags=("Salaires",))
)
VPN = entry("PERRET/common/vpn", EntryFacts("vpn", "vpn.perret.example", username="deleze-support"))
ALL = (ERP, PAY, VPN)


def found(*words: str) -> list[str]:
    return [each.ref.name for each in search(ALL, words)]


def test_every_word_must_occur() -> None:
    assert found("deleze", "database") == ["erp-db"]
    assert found("deleze", "nothing") == []


def test_accents_and_case_do_not_count() -> None:
    assert found("REMI", "salaires") == ["paie-rémi"]
    assert found("Délèze", "rémi") == ["paie-rémi"]


def test_host_user_url_and_tags_are_searched() -> None:
    assert found("system") == ["erp-db"]
    assert found("paie.example") == ["paie-rémi"]


def test_the_client_named_comes_before_a_mention() -> None:
    assert found("deleze", "erp") == ["erp-db"]
    assert found("deleze")[-1] == "vpn"


def test_no_word_finds_all() -> None:
    assert sorted(found()) == ["erp-db", "paie-rémi", "vpn"]
