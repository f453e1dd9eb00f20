"""The login ends in the middle of a command: whichever request comes next, it says to log in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from opskit.core.intents import open_intents
from tests.support.faults import ask, detour, keep_token, new_token
from tests.support.home import House, Result
from tests.vault.lines import LINES, Line, Ready, Typist, ids, stocked

LONG = "provision --check"  # forty requests, of which every twelfth is tried
NO_LOGIN = ("receive --token-file -", "break-glass list")
KEPT = re.compile(r"what you typed is kept: (\S+);")


@dataclass(frozen=True)
class Revoked:
    """A command whose login ended before its request number `before`."""

    before: int
    result: Result
    asked: list[tuple[str, str]]

    @property
    def came_so_far(self) -> bool:
        return len(self.asked) >= self.before

    @property
    def needed_it_no_more(self) -> bool:
        """The name of who is known already; what else a moved entry led to."""
        method, path = self.asked[self.before - 1]
        return path.startswith("/v1/identity/entity/id/") or method == "SCAN"


@pytest.fixture(scope="module")
def typist(house_pattern: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typist]:
    with stocked(house_pattern, tmp_path_factory.mktemp("place")) as typist:
        yield typist


@pytest.fixture(scope="module")
def alice(typist: Typist) -> str:
    return new_token(typist.house)


def revoked(ready: Ready, alice: str, *, before: int) -> Revoked:
    house, asked = ready.typist.house, list[tuple[str, str]]()
    made = ask(house, alice, "POST", "v1/auth/token/create", {"policies": ["default"]})
    token = made.data["auth"]["client_token"]
    keep_token(house, token)

    def revoke(method: str, path: str) -> None:
        asked.append((method, path))
        if len(asked) == before:
            assert ask(house, token, "POST", "v1/auth/token/revoke-self", {}).status == 204

    with detour(house, revoke):
        return Revoked(before, ready.type(), asked)


@pytest.mark.parametrize("line", LINES, ids=ids(LINES))
def test_it_says_to_log_in(typist: Typist, alice: str, line: Line) -> None:
    for before in range(1, 50, 12 if line.words == LONG else 1):
        ready = typist.prepare(line)
        seen = revoked(ready, alice, before=before)
        if not seen.came_so_far:
            break
        if seen.result.code == 0:
            assert line.words in NO_LOGIN or seen.needed_it_no_more, seen
            continue
        told_to_log_in(seen.result)
        clear_what_was_typed(seen.result)
        typist.house.login("alice")
        what_the_hint_says_ends_it(ready, seen)
    assert before > 1 or line.words in NO_LOGIN, "it never asked the safe"


def told_to_log_in(done: Result) -> None:
    assert (done.code, done.out) == (6, ""), done
    assert "error[login-needed]: " in done.err
    assert "not logged in, or the login has expired" in done.err
    assert "\nhint: opskit login" in f"\n{done.err}"


def what_the_hint_says_ends_it(ready: Ready, seen: Revoked) -> None:
    """Something is half done where it says so, and nowhere else."""
    house, said = ready.typist.house, seen.result.err
    if "the same command again" in said:
        assert is_unfinished(house), seen
        assert ready.type().code == 0
    elif "opskit doctor --repair" in said:
        assert is_unfinished(house), seen
        house.done("doctor", "--repair")
    assert not is_unfinished(house), seen


def clear_what_was_typed(done: Result) -> None:
    if kept := KEPT.search(done.err):
        Path(kept[1]).unlink()
        Path(kept[1]).parent.rmdir()


def is_unfinished(house: House) -> bool:
    with house.context().snapshot() as session:
        return bool(open_intents(session))
