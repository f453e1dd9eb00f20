"""Names and facts of entries: what is taken, what is refused, what comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.errors import InvalidError
from opskit.core.secret import Secret
from vault.entries import KINDS, EntryFacts, EntryRef, check_secrets


def test_client_and_environment_are_read_in_either_case() -> None:
    assert EntryRef.parse("deleze/PROD/erp-db").path == "DELEZE/prod/erp-db"


def test_both_spellings_of_an_accent_name_the_same_entry() -> None:
    assert EntryRef.parse("DELEZE/prod/paye-rémi") == EntryRef.parse("DELEZE/prod/paye-re\u0301mi")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DELEZE",
        "DELEZE/prod",
        "DELEZE/prod/a/b",
        "DELEZE/prod/",
        "DELEZE//erp",
        "/prod/erp",
        "DELEZE/prod/.",
        "DELEZE/prod/..",
        "../prod/erp",
        "DELEZE/../erp",
        "DELEZE/staging/erp",
        "DELEZE/prod/a\nb",
        "DELEZE/prod/a\x00b",
        "DELEZE/prod/ erp",
        "DELEZE/prod/" + "x" * 101,
        "D/prod/erp",
    ],
)
def test_a_bad_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        EntryRef.parse(text)


@given(st.text(max_size=30))
def test_whatever_is_taken_stays_in_its_place(name: str) -> None:
    try:
        ref = EntryRef.parse(f"DELEZE/prod/{name}")
    except InvalidError:
        return
    segments = ref.path.split("/")
    assert segments[:2] == ["DELEZE", "prod"]
    assert len(segments) == 3
    assert segments[2] not in ("", ".", "..")
    assert EntryRef.parse(ref.path) == ref


def test_another_environment_of_the_settings_is_taken() -> None:
    ref = EntryRef.parse("DELEZE/training/erp", environments=("prod", "training"))
    assert ref.environment == "training"


def test_facts_survive_the_metadata() -> None:
    facts = EntryFacts(
        "vpn", "vpn.deleze.example", 443, "é.müller", "https://x.example", ("a", "b")
    )
    assert EntryFacts.from_metadata(facts.to_metadata()) == facts


def test_empty_facts_are_not_sent_since_the_server_refuses_them() -> None:
    assert EntryFacts("generic").to_metadata() == {"kind": "generic"}


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "nothing"},
        {"kind": "ssh", "url": "https://x.example"},
        {"kind": "vpn", "port": 0},
        {"kind": "vpn", "port": 65536},
        {"kind": "vpn", "host": "a\nb"},
        {"kind": "vpn", "host": "x" * 513},
        {"kind": "vpn", "tags": ("two words",)},
        {"kind": "vpn", "tags": ("",)},
    ],
)
def test_a_bad_fact_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(InvalidError):
        EntryFacts(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_a_password(kind: str) -> None:
    check_secrets(kind, {"password": Secret("x")})


@pytest.mark.parametrize("names", [(), ("private-key",), ("password", "nothing")])
def test_a_secret_that_the_kind_does_not_keep_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(InvalidError, match="secret"):
        check_secrets("database", {name: Secret("x") for name in names})
