"""A newcomer, the mentor and an auditor, each with a login of their own."""

from itertools import count

import pytest

from tests.support.home import House

START = "2035-12-03"  # a Monday
_letters = (f"{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in count())


class People:
    """Two newcomers with one mentor, and somebody who audits; each can log in."""

    def __init__(self, house: House) -> None:
        self.house, letters = house, next(_letters)
        self.mentor_name = f"Mona Guide {letters}"
        self.mentor = self.with_login(f"mentor{letters}", "agent", name=self.mentor_name)
        self.auditor = self.with_login(f"auditor{letters}", "auditor")
        self.number = self._begin(f"Una Neu{letters}")
        self.other = self._begin(f"Ida Neu{letters}")
        self.newcomer = self.with_login(f"uneu{letters}", "consultant")

    def sit(self, login: str) -> House:
        """That person sits before the home now."""
        self.house.done("login", login, "--password-file", "-", stdin=f"pass of {login}")
        return self.house

    def _begin(self, name: str) -> str:
        words = ("--pole", "logistics", "--site", "lausanne", "--start", START)
        started = self.house.done("onboarding", "start", name, *words, "--mentor", self.mentor)
        return started.out.strip()

    def with_login(self, login: str, role: str, *, name: str | None = None) -> str:
        words = ("--name", name) if name else ()
        self.house.done(
            *("user", "add", login, "--role", role, *words, "--password-file", "-"),
            stdin=f"pass of {login}",
        )
        return login


@pytest.fixture
def people(house: House) -> People:
    return People(house)


def test_a_newcomer_sees_the_own_path_alone(people: People) -> None:
    house = people.sit(people.newcomer)
    listed = house.done("onboarding", "list", "--json").json
    assert [each["number"] for each in listed] == [people.number]
    assert house.done("onboarding", "show", people.newcomer).out.startswith("This week, ")
    for verb in ("show", "history"):
        denied = house.opskit("onboarding", verb, people.other)
        assert (denied.code, denied.err) == (
            6,
            (
                f"error[denied]: {people.other} is not {people.newcomer}'s own path\n"
                f"hint: ask {people.mentor_name}, or a manager\n"
            ),
        )
    for words in (
        ("pause", people.number, "--reason", "tired"),
        ("finish", people.number, "--reason", "I know it", "--yes"),
        ("undo", people.number, "--reason", "I do not like it", "--yes"),
        ("custom-step", people.number, "A day off", "--due", "2035-12-10"),
        ("hand-over", people.mentor, "alice", "--yes"),
    ):
        assert house.opskit("onboarding", *words).code == 6, words


def test_the_newcomer_submits_and_the_mentor_signs(people: People) -> None:
    house, number = people.house, people.number
    for key in ("workstation", "accounts"):
        house.done("onboarding", "tick", number, key)
    house = people.sit(people.newcomer)
    house.done("onboarding", "tick", number, "confidentiality", "--answer", "signed on paper")
    house.done("onboarding", "tick", number, "ticket-tool", "--answer", "CS-1001")
    told = house.done("onboarding", "tick", number, "first-answers", "--answer", "CS-1002")
    assert told.err.endswith(": submitted\n")
    denied = house.opskit("onboarding", "sign", number, "first-answers")
    assert (denied.code, denied.err.splitlines()[1]) == (
        6, f"hint: the mentor is {mentor_name(people)}",
    )  # fmt: skip
    house = people.sit(people.mentor)
    assert {each["number"] for each in house.done("onboarding", "list", "--json").json} == {
        people.number, people.other,
    }  # fmt: skip
    waiting = [
        each for each in house.done("todo", "--json", "--within", "200m").json
        if each["command"] == f"opskit onboarding sign {number} first-answers"
    ]  # fmt: skip
    assert len(waiting) == 1
    signed = house.done("onboarding", "sign", number, "first-answers", "--json").json
    assert (signed["state"], signed["answer"]) == ("done", "CS-1002")
    added = house.done("onboarding", "custom-step", number, "A visit", "--due", "2035-12-10")
    assert added.err == f"{number} 36: A visit: ready\n"
    assert house.opskit("onboarding", "pause", number, "--reason", "ill").code == 6


@pytest.mark.parametrize(("key", "owner"), [("site-tour", "mentor"), ("workstation", "alice")])
def test_what_is_somebody_elses_is_submitted_to_them(people: People, key: str, owner: str) -> None:
    house, number = people.sit(people.newcomer), people.number
    told = house.done("onboarding", "tick", number, key)
    assert told.err.endswith(": submitted\n")
    again = house.opskit("onboarding", "tick", number, key)
    assert (again.code, again.err.splitlines()[0]) == (
        6, f"error[second-person]: {people.newcomer} cannot decide this: {number} is their own",
    )  # fmt: skip
    login = people.mentor if owner == "mentor" else owner
    if owner == "mentor":
        house = people.sit(login)
    else:
        house.login(login)
    waiting = [
        each for each in house.done("todo", "--json", "--within", "200m", "--person", "me").json
        if each["command"] == f"opskit onboarding sign {number} {key}"
    ]  # fmt: skip
    assert [each["kind"] for each in waiting] == ["onboarding-approve"]
    signed = house.done("onboarding", "sign", number, key, "--json").json
    assert signed["state"] == "done"


def test_several_at_once_and_what_is_left_out(people: People) -> None:
    house, number = people.sit(people.newcomer), people.number
    told = house.done("onboarding", "tick", number, "site-tour", "team-and-clients")
    assert [line.rpartition(": ")[2] for line in told.err.splitlines()] == ["submitted"] * 2
    denied = house.opskit("onboarding", "skip", number, "other-pole", "--reason", "no wish to")
    assert (denied.code, denied.err.splitlines()[0].split(":")[0]) == (6, "error[second-person]")
    house.done("onboarding", "skip", number, "mentor-a-day", "--reason", "nobody comes")
    house = people.sit(people.mentor)
    house.done("onboarding", "skip", number, "other-pole", "--reason", "comes from there")


def test_a_helper_does_the_own_step_and_signs_nothing(people: People) -> None:
    house, number = people.house, people.number
    helper = people.with_login(f"helper{number.lower()}", "agent")
    house.done("onboarding", "assign", number, "workstation", helper)
    house = people.sit(helper)
    house.done("onboarding", "tick", number, "workstation")
    for words in (
        ("tick", number, "review-day-30", "--answer", "all is well"),
        ("waive", number, "ten-calls", "--reason", "no need"),
        ("sign", number, "first-answers"),
    ):
        denied = house.opskit("onboarding", *words)
        assert (denied.code, denied.err.splitlines()[1]) == (
            6, f"hint: the mentor is {mentor_name(people)}",
        ), words  # fmt: skip


def test_an_auditor_looks_and_changes_nothing(people: People) -> None:
    house, number = people.sit(people.auditor), people.number
    assert house.done("onboarding", "show", number, "--json").json["number"] == number
    assert house.done("onboarding", "history", number).out
    for verb in ("tick", "sign"):
        assert house.opskit("onboarding", verb, number, "workstation").code == 6
    assert house.opskit("onboarding", "move", number, "--to", "2036-01-07", "--yes").code == 6


def mentor_name(people: People) -> str:
    return f"Mona Guide {people.mentor.removeprefix('mentor')}"
