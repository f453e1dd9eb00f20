"""Flaws of credentials: every one is found, and what is well is left alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from opskit.core.secret import Secret
from vault.caring.judging import Fingerprints, Flaw, judge_facts, judge_strength
from vault.entries import Entry, EntryRef, Stamps
from vault.facts import EntryFacts

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
YEAR = timedelta(days=365)
GOOD = Entry(
    EntryRef.parse("DELEZE/prod/erp-db"),
    EntryFacts("database", "db.deleze.example", 1521, "SYSTEM", service="ERP"),
    version=3,
    updated_at="2026-11-01T08:00:00Z",
    stamps=Stamps(rotated="2026-10-01T08:00:00+00:00", holds=("password",), version=3),
)


def flaws(entry: Entry) -> list[Flaw]:
    return [finding.flaw for finding in judge_facts(entry, at=AT, longest=YEAR)]


def test_what_is_well_is_left_alone() -> None:
    assert flaws(GOOD) == []


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"expires": "2026-11-23"}, [Flaw.EXPIRED]),
        ({"expires": "2026-11-24"}, []),
        ({"host": "", "service": ""}, [Flaw.MISSING]),
        ({"username": ""}, [Flaw.MISSING]),
    ],
)
def test_facts(facts: dict[str, str], found: list[Flaw]) -> None:
    assert flaws(replace(GOOD, facts=replace(GOOD.facts, **facts))) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stamps", "found"),
    [
        ({"rotated": "2025-11-01T08:00:00+00:00"}, [Flaw.STALE]),
        ({"pending": "2026-11-01T08:00:00+00:00"}, [Flaw.PENDING]),
        ({"pending": "2026-11-20T08:00:00+00:00"}, []),
        ({"holds": ("note",)}, [Flaw.MISSING]),
        ({"holds": ("private-key",)}, []),
    ],
)
def test_stamps(stamps: dict[str, object], found: list[Flaw]) -> None:
    assert flaws(replace(GOOD, stamps=replace(GOOD.stamps, **stamps))) == found  # type: ignore[arg-type]


def test_an_entry_without_stamps_is_as_old_as_its_last_change() -> None:
    assert flaws(replace(GOOD, updated_at="2024-01-01T00:00:00Z", stamps=Stamps())) == [Flaw.STALE]


@pytest.mark.parametrize(
    "password", ["", "deleze2024", "System!", "erp-db1", "P@ssw0rd", "azertyuiop"]
)
def test_what_is_guessed_is_weak(password: str) -> None:
    (finding,) = judge_strength(GOOD, Secret(password))
    assert finding.flaw is Flaw.WEAK
    assert not password or password not in finding.why


@pytest.mark.parametrize("password", ["q7#Vw!zP2kLm9tRx", "x" * 100, "lune-tapis-vélo-orage-13"])
def test_what_is_not_is_strong(password: str) -> None:
    assert list(judge_strength(GOOD, Secret(password))) == []


def test_the_same_password_twice_names_the_others() -> None:
    prints = Fingerprints(b"k" * 32)
    refs = [EntryRef.parse(f"{code}/prod/db") for code in ("DELEZE", "PERRET", "MOSER")]
    for ref, password in zip(refs, ["same", "same", "another"], strict=True):
        prints.take(ref, Secret(password))
    found = {finding.ref: finding.why for finding in prints.findings()}
    assert found == {refs[0]: "as in PERRET/prod/db", refs[1]: "as in DELEZE/prod/db"}


def test_no_fingerprint_can_be_compared_with_another_look() -> None:
    ones, others = Fingerprints(b"a" * 32), Fingerprints(b"b" * 32)
    for prints in (ones, others):
        prints.take(GOOD.ref, Secret("same"))
    assert set(ones._seen).isdisjoint(others._seen)


def test_clients_in_order_the_worst_first() -> None:
    entry = replace(
        GOOD,
        facts=replace(GOOD.facts, username="", expires="2020-01-01"),
        stamps=replace(GOOD.stamps, rotated="2020-01-01T00:00:00+00:00"),
    )
    other = replace(entry, ref=EntryRef.parse("AEBI/prod/db"))
    found = sorted(
        (finding for each in (entry, other) for finding in judge_facts(each, at=AT, longest=YEAR)),
        key=lambda finding: finding.rank,
    )
    assert [finding.ref.client.value for finding in found] == ["AEBI"] * 3 + ["DELEZE"] * 3
    assert [each.flaw for each in found[3:]] == [Flaw.EXPIRED, Flaw.STALE, Flaw.MISSING]
