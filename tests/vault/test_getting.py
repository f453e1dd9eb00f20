"""The short way of `vault get` understands what the front door does, and answers the same."""

import pytest

from opskit.cli import front_door
from opskit.core.cliapp import run
from tests.support.home import House
from vault.getting import Wish, read_plain

ENTRY = "DELEZE/prod/short-way"
PLAIN = [
    [ENTRY],
    [ENTRY, "--ticket", "CS-1001"],
    ["--ticket", "CS-1001", ENTRY],
    ["--field=password", ENTRY, "--ticket=CS-1001"],
    ["deleze/PROD/short-way"],
    [ENTRY, "--field", "pin"],
    [ENTRY, "--ticket", "no ticket"],
    ["DELEZE/prod/short-wax"],
    ["DELEZE/../short-way"],
]
OTHER = [
    [],
    ["--help"],
    ["-h"],
    [ENTRY, ENTRY],
    [ENTRY, "--fild", "x"],
    [ENTRY, "--json"],
    [ENTRY, "--ticket"],
    [ENTRY, "--ticket", "--json"],
    ["--", ENTRY],
    ["-x"],
]


def test_the_plain_form() -> None:
    assert read_plain([ENTRY]) == Wish(ENTRY)
    assert read_plain(["--clip", ENTRY]) == Wish(ENTRY, clip=True)
    assert read_plain(["--ticket=CS-1", ENTRY, "--field", "pin"]) == Wish(ENTRY, "pin", "CS-1")


@pytest.mark.parametrize("words", OTHER, ids=" ".join)
def test_anything_else_is_left_to_the_front_door(words: list[str]) -> None:
    assert read_plain(words) is None


@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_both_ways_answer_the_same(
    own_house: House, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert read_plain(words) is not None
    entry = ("vault", "add", ENTRY, "--kind", "web", "--password-file", "-")
    own_house.done(*entry, stdin="s3cret")
    short = own_house.opskit("vault", "get", *words)
    code = run(front_door(), ["vault", "get", *words], obj=own_house.context())
    shown = capsys.readouterr()
    assert (code, shown.out, shown.err) == (short.code, short.out, short.err)
