"""Access and departures that are asked for while the safe is away: recorded, and done later."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count

import pytest

from opskit.core.intents import open_intents
from tests.support.faults import HangUpAt, detour, sealed, silent, stopped
from tests.support.home import PASSWORDS, House, copy_of

PASSWORD = "pass of somebody"
ENTRIES = ("DELEZE/prod/erp", "KUHNCO/prod/erp")  # of either pole
LEAVES = ("--on", "today", "--reason", "resigned", "--yes")

Outage = Callable[[House], AbstractContextManager[None]]
Somebody = Callable[..., str]

_numbers = count()


@pytest.fixture(scope="module")
def home(house_pattern: House) -> Iterator[House]:
    with copy_of(house_pattern) as house:
        house.login("alice")
        for ref in ENTRIES:
            words = ("--kind", "erp", "--password-file", "-")
            house.done("vault", "add", ref, *words, stdin="s3cret")
        yield house


@pytest.fixture
def house(home: House) -> Iterator[House]:
    home.login("alice")
    yield home
    assert open_kinds(home) == []


@pytest.fixture
def somebody(house: House, monkeypatch: pytest.MonkeyPatch) -> Somebody:
    """Makes a person of back-office with that role, who can log in."""

    def make(role: str = "consultant") -> str:
        login = f"zoe{next(_numbers)}"
        words = ("--role", role, "--pole", "back-office", "--password-file", "-")
        house.done("user", "add", login, *words, stdin=PASSWORD)
        monkeypatch.setitem(PASSWORDS, login, PASSWORD)
        return login

    return make


def open_kinds(house: House) -> list[str]:
    with house.context().snapshot() as session:
        return [intent.kind for intent in open_intents(session)]


def grant(login: str, level: str) -> tuple[str, ...]:
    return ("onboarding", "access", "grant", login, level, "--yes")


def revoke(login: str, level: str) -> tuple[str, ...]:
    return ("onboarding", "access", "revoke", login, level, "--reason", "too early")


def pending(house: House, *words: str) -> None:
    """That command is recorded, and nothing else is done."""
    result = house.opskit(*words)
    assert (result.code, result.out) == (7, "")
    first, hint = result.err.splitlines()
    assert first.startswith("error[safe-pending]: the change for zoe")
    assert " is recorded and not yet done: " in first
    assert hint.endswith("; once the safe answers: opskit doctor --repair")


def repaired(house: House) -> str:
    """The doctor names what waits, and does it."""
    (kind,) = open_kinds(house)
    found = house.opskit("doctor")
    assert found.code == 8
    assert f"{kind} zoe" in found.out
    return house.done("doctor", "--repair").out


def reaches(house: House, login: str) -> list[str]:
    """What the server itself lets that person read."""
    house.login(login)
    try:
        return [ref for ref in ENTRIES if house.opskit("vault", "get", ref).code == 0]
    finally:
        house.done("todo", as_user="alice")  # whom this home then knows


@pytest.mark.parametrize("away", [stopped, sealed, silent])
def test_access_is_given_and_taken_once_the_safe_is_back(
    house: House, somebody: Somebody, away: Outage
) -> None:
    login = somebody()
    with away(house):
        pending(house, *grant(login, "read-only"))
        assert house.opskit("doctor", "--repair").code == 8
        assert open_kinds(house) == ["access.grant"]
    assert reaches(house, login) == []
    assert f"{login} has the access level read-only now" in repaired(house)
    assert reaches(house, login) == ["DELEZE/prod/erp"]
    with away(house):
        pending(house, *revoke(login, "sandbox"))
    assert reaches(house, login) == ["DELEZE/prod/erp"]
    assert f"{login} has the access level none now" in repaired(house)
    assert reaches(house, login) == []
    facts = house.done("onboarding", "access", login, "--json").json
    assert (facts["level"], facts["in_safe"], facts["pending"]) == ("none", "none", None)
    assert [each["by"] for each in facts["history"]] == ["alice", "alice"]


def test_the_same_command_does_it_too_and_the_last_wish_counts(
    house: House, somebody: Somebody
) -> None:
    login = somebody()
    with stopped(house):
        pending(house, *grant(login, "pole"))
        pending(house, *grant(login, "read-only"))
        assert open_kinds(house) == ["access.grant"]
    waits = "access that the safe has not heard of: read-only"
    assert waits in house.done("todo", "--role", "admin").out
    done = house.done(*grant(login, "read-only"))
    assert done.err == f"{login} has the access level read-only now\n"
    assert reaches(house, login) == ["DELEZE/prod/erp"]


def test_what_was_taken_is_taken_before_something_is_given(
    house: House, somebody: Somebody
) -> None:
    login = somebody()
    house.done(*grant(login, "pole"))
    with stopped(house):
        pending(house, *revoke(login, "sandbox"))
        pending(house, *grant(login, "sandbox"))
    house.done("doctor", "--repair")
    facts = house.done("onboarding", "access", login, "--json").json
    assert [each["level"] for each in facts["history"]] == ["pole", "none", "sandbox"]
    assert facts["in_safe"] == "sandbox"
    assert house.done("user", "show", login, "--json").json["roles"] == ["consultant"]


@pytest.mark.parametrize("away", [stopped, sealed])
def test_somebody_leaves_once_the_safe_is_back(
    house: House, somebody: Somebody, away: Outage
) -> None:
    login = somebody("agent")
    assert reaches(house, login) == ["DELEZE/prod/erp"]
    with away(house):
        pending(house, "onboarding", "leave", login, *LEAVES)
    assert f"to close the safe to {login}" in house.done("todo", "--role", "admin").out
    assert f"onboarding.leave {login}: {login} is out of the safe" in repaired(house)
    again = house.opskit("login", login, "--password-file", "-", stdin=PASSWORD)
    assert again.code == 6
    facts = house.done("user", "show", login, "--json").json
    assert (facts["state"], facts["roles"]) == ("disabled", [])
    rows = house.done("onboarding", "leavers", "--json").json
    row = next(each for each in rows if each["login"] == login)
    assert (row["state"], row["reads"]) == ("left", 1)


def test_a_departure_that_waits_is_taken_back(house: House, somebody: Somebody) -> None:
    """Whoever is enabled again is not shut out by the next repair."""
    login = somebody("agent")
    with stopped(house):
        pending(house, "onboarding", "leave", login, *LEAVES)
    for words in (("enable", login), ("grant", login, "--role", "sales")):
        refused = house.opskit("user", *words)
        assert refused.code == 4
        assert refused.err == (
            f"error[conflict]: the departure of {login} is under way\n"
            f"hint: opskit onboarding leave {login} --withdraw\n"
        )
    assert house.opskit(*grant(login, "pole")).code == 4
    stays = house.done("onboarding", "leave", login, "--withdraw")
    assert stays.err == (
        f"{login} stays\nthe safe may refuse {login} all the same: opskit user enable {login}\n"
    )
    house.done("doctor", "--repair")
    house.done("user", "enable", login)
    house.done("user", "grant", login, "--role", "sales")
    assert reaches(house, login) == ["DELEZE/prod/erp"]


def test_whoever_was_shut_out_half_way_comes_back(house: House, somebody: Somebody) -> None:
    login = somebody("agent")
    with detour(house, HangUpAt(2)):  # disabled, and still in the group
        assert house.opskit("onboarding", "leave", login, *LEAVES).code == 7
    assert house.opskit("user", "enable", login).code == 4
    stays = house.done("onboarding", "leave", login, "--withdraw").err
    way_back = f"opskit user enable {login}; opskit user grant {login} --role agent"
    assert way_back in stays
    house.done("user", "enable", login)
    house.done("user", "grant", login, "--role", "agent")
    house.done("doctor", "--repair")
    assert reaches(house, login) == ["DELEZE/prod/erp"]


def test_who_is_no_admin_records_nothing(house: House, somebody: Somebody) -> None:
    login = somebody()
    house.done("todo", as_user="bob")  # the safe knows this login
    with stopped(house):
        for words in (grant(login, "pole"), ("onboarding", "leave", login, *LEAVES)):
            refused = house.opskit(*words)
            assert refused.code == 6
            assert refused.err.startswith("error[denied]: bob lacks the role admin\n")


def test_where_nobody_can_tell_who_asks_nothing_is_recorded(
    house: House, somebody: Somebody
) -> None:
    login = somebody()
    house.home.last_login_file.unlink()
    with stopped(house):
        refused = house.opskit(*grant(login, "pole"))
        assert refused.code == 7
        assert refused.err.startswith("error[server-stopped]: the safe is not running\n")


def test_a_login_alone_is_remembered_and_a_logout_forgotten(
    own_house: House, somebody: Somebody
) -> None:
    del somebody
    own_house.login("alice")
    kept = own_house.home.last_login_file
    assert '"name": "alice"' in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0
    own_house.done("logout")
    assert not kept.exists()


def test_who_is_no_admin_any_more_gives_nothing(house: House, somebody: Somebody) -> None:
    login, chief = somebody(), somebody("admin")
    house.done("todo", as_user=chief)
    with stopped(house):
        pending(house, *grant(login, "pole"))
    house.login("alice")
    house.done("user", "revoke", chief, "--role", "admin")
    refused = house.opskit("doctor", "--repair")
    assert refused.code == 8
    assert f"{chief} asked for this while the safe was away, and is no admin" in refused.out
    assert f"an admin types: opskit onboarding access grant {login} pole" in refused.out
    assert reaches(house, login) == []


def test_a_departure_asked_for_by_who_is_no_admin_any_more_is_planned_again(
    house: House, somebody: Somebody
) -> None:
    login, chief = somebody("agent"), somebody("admin")
    house.done("todo", as_user=chief)
    with stopped(house):
        pending(house, "onboarding", "leave", login, *LEAVES)
    house.login("alice")
    house.done("user", "disable", chief)
    assert house.opskit("doctor", "--repair").code == 8
    assert reaches(house, login) == ["DELEZE/prod/erp"]
    rows = house.done("onboarding", "leavers", "--json").json
    assert next(each for each in rows if each["login"] == login)["state"] == "planned"
    house.done("onboarding", "leave", login, "--withdraw")
    house.done("user", "enable", chief)
    house.done("user", "revoke", chief, "--role", "admin")


def test_another_admin_who_types_the_same_stands_behind_it(
    house: House, somebody: Somebody
) -> None:
    login, chief = somebody(), somebody("admin")
    house.done("todo", as_user=chief)
    with stopped(house):
        pending(house, *grant(login, "read-only"))
    house.login("alice")
    house.done("user", "revoke", chief, "--role", "admin")
    house.done(*grant(login, "read-only"))
    facts = house.done("onboarding", "access", login, "--json").json
    assert [(each["level"], each["by"]) for each in facts["history"]] == [("read-only", "alice")]
