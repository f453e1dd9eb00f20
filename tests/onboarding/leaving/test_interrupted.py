"""A departure that is cut off, at every point: the person is out, and the doctor does the rest."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from opskit.core.intents import open_intents
from tests.onboarding.leaving.conftest import ENTRIES, PASSWORD, Leaver
from tests.support.faults import HangUpAt, detour, stopped
from tests.support.home import House

NOW = ("--on", "today", "--reason", "dismissed", "--yes")
PATIENCE = 30.0


@pytest.fixture
def house(home_of_leavers: House) -> Iterator[House]:
    home_of_leavers.login("alice")
    yield home_of_leavers
    assert open_kinds(home_of_leavers) == []


def open_kinds(house: House) -> list[str]:
    with house.context().snapshot() as session:
        return [intent.kind for intent in open_intents(session)]


def state_of(house: House, login: str) -> tuple[str, list[str], str, bool, int]:
    """Of the directory, the safe, the departure, and what is known of the reads."""
    person = house.done("user", "show", login, "--json").json
    rows = house.done("onboarding", "leavers", "--json").json
    row = next(each for each in rows if each["login"] == login)
    return person["state"], person["roles"], row["state"], row["reads_known"], row["reads"]


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_safe_that_hangs_up_leaves_the_departure_pending(
    house: House, leaver: Leaver, nth: int
) -> None:
    login = leaver("agent", "license-issuer", reads=ENTRIES[:1])
    with detour(house, HangUpAt(nth)):
        result = house.opskit("onboarding", "leave", login, *NOW)
    assert result.code == 7
    first, hint = result.err.splitlines()
    assert first.startswith(f"error[safe-pending]: the change for {login} is recorded and not yet")
    assert hint.endswith("; once the safe answers: opskit doctor --repair")
    assert open_kinds(house) == ["onboarding.leave"]
    if nth > 1:  # refused before the first group goes
        again = house.opskit("login", login, "--password-file", "-", stdin=PASSWORD)
        assert again.code == 6
        house.login("alice")
    repaired = house.done("doctor", "--repair").out
    assert f"onboarding.leave {login}: {login} is out of the safe" in repaired
    assert state_of(house, login) == ("disabled", [], "left", True, 1)
    rows = house.done("onboarding", "leavers", "--json").json
    assert next(row for row in rows if row["login"] == login)["open_reads"] == 1


def test_the_same_command_again_finishes_it_too(house: House, leaver: Leaver) -> None:
    login = leaver("agent", "sales")
    with detour(house, HangUpAt(3)):
        assert house.opskit("onboarding", "leave", login, *NOW).code == 7
    done = house.done("onboarding", "leave", login, "--yes", "--json").json
    assert done["roles"] == ["agent", "sales"]  # of before the first try
    assert state_of(house, login)[:3] == ("disabled", [], "left")


def test_access_that_waits_does_not_let_a_leaver_in_again(house: House, leaver: Leaver) -> None:
    login = leaver("consultant")
    with detour(house, HangUpAt(1)):
        granted = house.opskit("onboarding", "access", "grant", login, "sandbox", "--yes")
    assert granted.code == 7
    assert granted.err.startswith("error[safe-pending]: ")
    shown = house.done("onboarding", "access", login).out
    assert "waits for the safe: sandbox: the client SANDBOX alone; opskit doctor --repair" in shown
    assert "access that the safe has not heard of: sandbox" in house.done("todo").out
    house.done("onboarding", "leave", login, *NOW)
    house.done("doctor", "--repair")
    facts = house.done("onboarding", "access", login, "--json").json
    assert (facts["level"], facts["in_safe"], facts["pending"]) == ("none", "none", None)


def test_access_that_waits_is_given_by_the_doctor(house: House, leaver: Leaver) -> None:
    login = leaver("consultant")
    with detour(house, HangUpAt(1)):
        house.opskit("onboarding", "access", "grant", login, "read-only", "--yes")
    with stopped(house):
        assert open_kinds(house) == ["access.grant"]
        assert house.opskit("doctor", "--repair").code == 8
    assert open_kinds(house) == ["access.grant"]
    repaired = house.done("doctor", "--repair").out
    assert f"{login} has the access level read-only now" in repaired
    facts = house.done("onboarding", "access", login, "--json").json
    assert (facts["level"], facts["in_safe"]) == ("read-only", "read-only")


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_killed_on_the_way_the_doctor_finishes(house: House, leaver: Leaver, delay: float) -> None:
    login = leaver("agent", "license-issuer", reads=ENTRIES[:1])
    process = subprocess.Popen(
        [sys.executable, "-m", "opskit", "onboarding", "leave", login, *NOW],
        env=house.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and not open_kinds(house):
        assert time.monotonic() < deadline
    time.sleep(delay)
    process.kill()
    process.wait()
    house.opskit("doctor", "--repair")
    assert open_kinds(house) == []
    assert state_of(house, login) == ("disabled", [], "left", True, 1)
    assert house.done("audit", "verify").err.endswith("the chain holds\n")
