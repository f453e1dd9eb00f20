"""Whoever may not hears which role or which group is missing, and what gives it."""

import re
from collections.abc import Iterator

import pytest

from tests.support.commands import fault_of, typed
from tests.support.faults import ask, keep_token, new_token, server_of
from tests.support.home import House, Result
from tests.support.openbao import log_in
from tests.vault.lines import LINES, REF, Line, Typist, ids, stocked

PASSWORD = "pass of everybody"
PEOPLE = {  # DELEZE belongs to the back office
    "seller": ("--role", "sales"),
    "boss": ("--role", "manager"),
    "stranger": ("--role", "agent", "--pole", "logistics"),
    "otto": ("--role", "agent", "--pole", "back-office"),
}
FOR_ALL = {"break-glass list", "receive --token-file -"}
SEEN = {  # names and facts, of every client
    *("find erp --fresh", "list DELEZE", "tree DELEZE", "sheet DELEZE", f"show {REF}"),
    *(f"connect {REF}", f"history {REF}", "refresh", "health DELEZE"),
}
MAY = {
    "seller": FOR_ALL,
    "boss": FOR_ALL | SEEN | {"access-report", "exposure alice"},
    "stranger": FOR_ALL
    | SEEN
    | {  # what a client sends in is for either pole; guarded entries a second person gives out
        f"intake {REF} --out {{place}}/form{{n}}.html",
        "break-glass request DELEZE/prod/guarded --ticket CS-2",
    },
}
SAYS_WHAT_IS_MISSING = re.compile(
    r"this takes the role [a-z]|lacks the role [a-z]|this takes the group clients-back-office"
)


@pytest.fixture(scope="module")
def typist(house_pattern: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typist]:
    with stocked(house_pattern, tmp_path_factory.mktemp("place")) as typist:
        for name, words in PEOPLE.items():
            typist.house.done("user", "add", name, *words, "--password-file", "-", stdin=PASSWORD)
        yield typist


@pytest.fixture(scope="module")
def tokens(typist: Typist) -> dict[str, str]:
    address = server_of(typist.house).address
    return {name: log_in(address, name, PASSWORD) for name in PEOPLE}


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("line", LINES, ids=ids(LINES))
def test_what_is_missing_is_told(
    typist: Typist, tokens: dict[str, str], line: Line, who: str
) -> None:
    ready = typist.prepare(line)
    keep_token(typist.house, tokens[who])
    done = ready.type()
    if line.words in MAY[who]:
        assert done.code == 0, done
    elif line.command == "opskit vault import" and who == "stranger":
        assert done.code == 5  # client by client: another one might be of the own pole
        assert done.err.count("this takes the group clients-back-office") == 1
        assert "entries: 2\tDELEZE\tcannot write DELEZE: " in done.err
    elif line.words.startswith("break-glass read"):
        assert (done.code, done.out) == (6, "")
        assert "was asked for by somebody else" in done.err
    else:
        assert (done.code, done.out) == (6, ""), done
        assert SAYS_WHAT_IS_MISSING.search(done.err), done.err
        ways = done.err.rpartition("hint: ")[2].split("; ")
        assert [fault_of(typed(way) or ["?"]) for way in ways] == [None] * len(ways)


@pytest.mark.parametrize("who", ["otto", "stranger", "bob"])
@pytest.mark.parametrize("words", [["get"], ["get", "--json"], ["check"]], ids=" ".join)
def test_a_client_that_does_not_exist_is_not_found(
    typist: Typist, tokens: dict[str, str], words: list[str], who: str
) -> None:
    house = typist.house
    if who == "bob":  # an agent who serves both poles
        house.login("bob")
    else:
        keep_token(house, tokens[who])
    command, *options = words
    done = house.opskit("vault", command, "DELESE/prod/erp-db", *options)
    assert (done.code, done.out) == (3, ""), done
    assert done.err.startswith("error[entry-not-found]: the safe holds no entry DELESE/prod/erp-db")
    assert f"did you mean {REF}" in done.err


def test_a_client_without_entries_is_still_refused(typist: Typist, tokens: dict[str, str]) -> None:
    keep_token(typist.house, tokens["stranger"])
    assert typist.house.opskit("vault", "get", "BETSCH/prod/erp-db").code == 6


def test_what_the_hint_gives_is_enough(typist: Typist) -> None:
    house, words = typist.house, ("--role", "consultant", "--password-file", "-")
    house.login("alice")
    house.done("user", "add", "newcomer", *words, stdin=PASSWORD)
    house.done("login", "newcomer", "--password-file", "-", stdin=PASSWORD)
    denied = house.opskit("vault", "get", REF)
    given = typed(denied.err.rpartition("hint: ")[2])
    assert given == ["user", "grant", "newcomer", "--role", "agent"]
    house.login("alice")
    house.done(*given)
    house.done("login", "newcomer", "--password-file", "-", stdin=PASSWORD)
    assert house.done("vault", "get", REF).out == f"secret of {REF}\n"


def test_what_was_stored_and_cannot_be_mirrored_is_told_and_mended(
    typist: Typist, tokens: dict[str, str]
) -> None:
    """Somebody took the right to write what finding reads out of the pole's policy."""
    house, admin = typist.house, new_token(typist.house)
    policy = 'path "clients/data/DELEZE/*" { capabilities = ["create", "read", "update"] }'
    path = "v1/sys/policies/acl/clients-back-office"
    assert ask(house, admin, "POST", path, {"policy": policy}).status == 204
    keep_token(house, tokens["otto"])
    done = _add(house, "DELEZE/prod/half")
    assert done.code == 6
    said, hint = done.err.splitlines()
    assert "DELEZE/prod/half is in the safe, version 1, but cannot be found yet: " in said
    assert "the safe refuses it" in said or "clients-back-office" in said
    assert "opskit vault provision" in hint
    assert hint.endswith("; then opskit doctor --repair")

    house.login("alice")
    house.done("vault", "provision")
    house.done("doctor", "--repair")
    assert house.done("vault", "show", "DELEZE/prod/half", "--json").json["kind"] == "generic"
    assert _add(house, "DELEZE/prod/half").code == 4


def _add(house: House, ref: str) -> Result:
    words = ("--kind", "generic", "--password-file", "-")
    return house.opskit("vault", "add", ref, *words, stdin="stored")
