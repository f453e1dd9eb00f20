"""New passwords keep to their policy, and the entropy that is told is the true one."""

from itertools import product
from math import log2
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.errors import InvalidError
from tests.support.home import House
from vault.facts import EntryFacts
from vault.using.generating import (
    CLASSES,
    PRESETS,
    STRONG,
    Policy,
    bits,
    french_words,
    generate_password,
    policy_for,
)


@given(
    st.integers(4, 40),
    st.lists(st.sampled_from(sorted(CLASSES)), min_size=1, unique=True),
    st.integers(),
)
def test_every_class_is_there_and_nothing_else(length: int, classes: list[str], seed: int) -> None:
    policy = Policy(length, tuple(classes), without="l1O0")
    password = generate_password(policy, random=Random(seed)).reveal()
    assert len(password) == length
    assert set(password) <= set("".join(CLASSES[name] for name in classes)) - set("l1O0")
    assert all(set(password) & set(CLASSES[name]) for name in classes)


@pytest.mark.parametrize("letter_first", [False, True])
def test_the_entropy_is_that_of_all_possible_passwords(letter_first: bool) -> None:
    keep = "ab12"
    gone = "".join(c for each in CLASSES.values() for c in each if c not in keep)
    policy = Policy(5, ("lower", "digits"), without=gone, letter_first=letter_first)
    possible = {
        "".join(each)
        for each in product(keep, repeat=5)
        if set(each) & set("ab") and set(each) & set("12")
        if each[0] in "ab" or not letter_first
    }
    assert bits(policy) == pytest.approx(log2(len(possible)))
    random = Random(1)
    made = {generate_password(policy, random=random).reveal() for _ in range(15000)}
    assert made == possible


def test_two_are_never_the_same() -> None:
    assert len({generate_password().reveal() for _ in range(1000)}) == 1000
    assert bits(STRONG) > 120


def test_the_words_are_easily_told_apart_and_typed() -> None:
    words = french_words()
    assert len(words) == len({word[:4] for word in words}) == 2048
    assert all(word.isascii() and word.islower() and 5 <= len(word) <= 8 for word in words)
    parts = generate_password(Policy(words=5), random=Random(7)).reveal().split("-")
    assert len(parts) == 5
    assert set(parts) <= set(words)
    assert bits(Policy(words=5)) == 55


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_makes_what_its_system_takes(name: str) -> None:
    passwords = [generate_password(PRESETS[name]).reveal() for _ in range(200)]
    if name in {"oracle", "database"}:
        assert all(each[0].isalpha() and len(each) == 30 for each in passwords)
        assert not set("".join(passwords)) & set("\"'@/:;\\?%= ")
    if name in {"spoken", "windows"}:
        assert not set("".join(passwords)) & set("l1IO0o")


def test_an_entry_gets_what_suits_it() -> None:
    assert policy_for(EntryFacts("database", engine="oracle")) == PRESETS["oracle"]
    assert policy_for(EntryFacts("database", engine="mysql")) == PRESETS["database"]
    assert policy_for(EntryFacts("rdp")) == PRESETS["windows"]
    assert policy_for(EntryFacts("web")) == STRONG


@pytest.mark.parametrize(
    "wrong",
    [
        {"length": 3},
        {"length": 129},
        {"classes": ("lower", "runes")},
        {"classes": ()},
        {"classes": ("digits",), "without": "0123456789"},
        {"classes": ("digits",), "letter_first": True},
        {"words": 2},
        {"words": 21},
    ],
    ids=str,
)
def test_what_nobody_could_generate_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidError):
        Policy(**wrong)  # type: ignore[arg-type]


def test_the_command(house: House) -> None:
    done = house.done("vault", "generate", "--count", 3, "--length", 12, "--without", "lO")
    lines = done.out.splitlines()
    assert [len(line) for line in lines] == [12, 12, 12]
    assert done.err == "74 bits of entropy each\n"
    made = house.done("vault", "generate", "--for", "oracle", "--json").json
    assert (len(made["passwords"][0]), made["bits"]) == (30, pytest.approx(175, abs=5))
    assert len(house.done("vault", "generate", "--words", 6).out.strip().split("-")) == 6


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("--words 5 --length 20", 2, "--words"),
        ("--for nothing", 5, "oracle"),
        ("--classes lower,runes", 5, "lower,upper,digits,signs"),
        ("--count 0", 2, "--count"),
        ("--count 2 --clip", 2, "--clip"),
    ],
)
def test_what_the_command_refuses(house: House, line: str, code: int, said: str) -> None:
    done = house.opskit("vault", "generate", *line.split())
    assert (done.code, done.out) == (code, "")
    assert said in done.err
