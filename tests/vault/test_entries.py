"""Names and facts of entries: what is taken, what is refused, what comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.errors import InvalidError
from opskit.core.secret import Secret
from vault.entries import EntryRef, EntryValue, Stamps, check_secrets
from vault.facts import FACTS, LONGEST_FACT, EntryFacts
from vault.kinds import FIELDS, KINDS


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
        {"kind": "vpn", "via": "vpn"},
        {"kind": "vpn", "expires": "31.12.2027"},
        {"kind": "database", "engine": "abacus"},
    ],
)
def test_a_bad_fact_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(InvalidError):
        EntryFacts(**facts)  # type: ignore[arg-type]


def test_the_table_and_the_facts_have_the_same_names() -> None:
    assert set(FACTS) == {"kind", "tags", *FIELDS}
    assert all(set(kind.facts) <= set(FIELDS) for kind in KINDS.values())


@pytest.mark.parametrize("names", [("password",), ("pin", "licence-code"), ("file:a b.ovpn",)])
def test_secrets_of_any_name_are_kept(names: tuple[str, ...]) -> None:
    check_secrets({name: Secret("x") for name in names})


@pytest.mark.parametrize("name", ["", "host", "a b", "a:b", "a,b", "-x", "file:", "x" * 65])
def test_a_name_that_is_taken_or_cannot_be_typed_is_refused(name: str) -> None:
    with pytest.raises(InvalidError):
        check_secrets({name: Secret("x")})


def test_an_entry_without_any_secret_is_refused() -> None:
    with pytest.raises(InvalidError, match="at least one"):
        check_secrets({})


def test_a_value_survives_the_safe() -> None:
    facts = EntryFacts("ssh", "h", 22, via="common/vpn", expires="2027-12-31", tags=("a", "b"))
    value = EntryValue(facts, {"password": Secret("p")}, 3)
    found = EntryValue.from_data(value.to_data(), version=3, mirrored={"host": "stale"})
    assert (found.facts, found.version) == (facts, 3)
    assert found.secrets["password"].reveal() == "p"


def test_more_names_than_the_metadata_has_room_for_are_left_out_whole() -> None:
    holds = ("password", *(f"file:{'é' * 50}-{number}.ovpn" for number in range(9)))
    kept = Stamps(holds=holds).to_metadata()
    assert len(kept["holds"].encode()) <= LONGEST_FACT
    read = Stamps.from_metadata(kept)
    assert read.holds == holds[: len(read.holds)]
    assert len(read.holds) == 5
    assert read.to_metadata() == kept


@pytest.mark.parametrize(
    ("found", "read"),
    [
        ("2027-01-11T08:00:00+00:00", "2027-01-11T08:00:00+00:00"),
        ("2027-01-11T08:00:00Z", "2027-01-11T08:00:00Z"),
        ("2027-01-11T08:00:00", "2027-01-11T08:00:00+00:00"),
        ("2027-01-11", "2027-01-11T00:00:00+00:00"),
        ("yesterday", ""),
    ],
)
def test_a_time_that_another_tool_left(found: str, read: str) -> None:
    stamps = Stamps.from_metadata(dict.fromkeys(("rotated", "pending", "checked"), found))
    assert (stamps.rotated, stamps.pending, stamps.checked) == (read, read, read)
