"""opskit onboarding review, as typed."""

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.onboarding.skills.desk import Newcomer, log_in, newcomer
from tests.support.home import House
from tests.support.terminal import sit_before

TODAY = date.today()  # noqa: DTZ011 (the wall's, as the commands have it)
BEFORE_DAY_30 = ("self-assessment", "first-answers")


@pytest.fixture
def zoe(house: House, tmp_path: Path) -> Newcomer:
    return newcomer(house, tmp_path, start=TODAY - timedelta(10))


def free(house: House, who: Newcomer, *steps: str) -> None:
    """What holds the review up is left out."""
    for step in steps or BEFORE_DAY_30:
        house.done("onboarding", "waive", who.path, step, "--reason", "known already")


def review(house: House, who: Newcomer, *words: str, stdin: str = "") -> list[str]:
    return house.done("onboarding", "review", who.login, *words, stdin=stdin).err.splitlines()


def test_the_agenda(house: House, zoe: Newcomer) -> None:
    for level, person in ((3, zoe), (1, None)):
        if person is None:
            house.login("alice")
        else:
            log_in(house, person)
        house.done("onboarding", "rate", zoe.login, "vat", level)
    facts = house.done("onboarding", "review", zoe.name, "--json").json
    due = date.fromisoformat(facts["due_on"])
    days = (due - TODAY).days
    lines = house.done("onboarding", "review", zoe.path).out.splitlines()
    assert lines[0] == f"{zoe.path}  {zoe.name}  Day-30 review held  {due}  in {days} days"
    assert lines[1] == f"Probation: until {facts['probation_until']}"
    assert lines[3] == "Late"
    assert lines[4].startswith("   1  Mentor and backup named  ")
    seen = lines.index("Seen differently")
    assert lines[seen + 1] == "  VAT return and its methods  self 3, mentor 1  +2  !"
    assert lines[-1] == "  skills by neither: 23"
    assert [line for line in lines if len(line) > 80] == []
    assert (facts["kind"], facts["decision"], facts["decided"]) == ("day-30", None, [])
    assert facts["gaps"] == [{"skill": "vat", "self": 3, "mentor": 1, "gap": 2}]
    holding = [each["step"] for each in (*facts["late"], *facts["open"]) if each["holds_up"]]
    assert holding == list(BEFORE_DAY_30)


def test_open_steps_hold_the_decision_up(house: House, zoe: Newcomer) -> None:
    words = ("--kind", "day-30", "--decision", "continue")
    result = house.opskit("onboarding", "review", zoe.login, *words)
    assert (result.code, result.err.split(":")[0]) == (4, "error[step-blocked]")
    page = house.done("onboarding", "review", zoe.login, "--json").json
    assert page["decision"] is None


def test_a_review_before_its_day_and_twice(house: House, zoe: Newcomer) -> None:
    free(house, zoe)
    words = ("--kind", "day-30", "--decision", "continue")
    due = house.done("onboarding", "review", zoe.login, "--json").json["due_on"]
    house.login("bob")
    assert review(house, zoe, *words) == [
        f"{zoe.name}, day-30 review: goes on as planned",
        f"the review was due on {due} only",
    ]
    again = house.opskit("onboarding", "review", zoe.login, *words)
    assert (again.code, again.err.splitlines()) == (
        4,
        [
            f"error[conflict]: the day-30 review was held on {TODAY}",
            f"hint: opskit onboarding review {zoe.login} --kind day-30",
        ],
    )
    lines = house.done("onboarding", "review", zoe.login, "--kind", "day-30").out.splitlines()
    assert lines[1] == f"held on {TODAY}: goes on as planned"
    after = house.done("onboarding", "review", zoe.login, "--json").json
    assert after["kind"] == "day-60"
    assert after["decided"] == [
        {"kind": "day-30", "decision": "continue", "held_on": TODAY.isoformat(), "until": None}
    ]
    steps = house.done("onboarding", "show", zoe.path, "--json", as_user="alice").json["steps"]
    step = next(each for each in steps if each["step"] == "review-day-30")
    assert (step["state"], step["answer"]) == ("done", "goes on as planned")


def test_notes_and_who_reads_them(house: House, zoe: Newcomer, tmp_path: Path) -> None:
    file = tmp_path / "notes.md"
    file.write_text("Speaks well with clients.\n", encoding="utf-8")
    shared = ("--kind", "day-30", "--notes", str(file), "--visible", "newcomer")
    assert review(house, zoe, *shared) == ["the notes are kept, for the newcomer too"]
    private = ("--kind", "day-30", "--notes", "-", "--visible", "manager")
    said = review(house, zoe, *private, stdin="Too shy on the phone.")
    assert said == ["the notes are kept, for managers only"]
    between = ("--kind", "day-30", "--notes", "-")
    assert review(house, zoe, *between, stdin="More VAT.") == [
        "the notes are kept, for mentor and managers"
    ]

    def notes() -> list[str]:
        page = house.done("onboarding", "review", zoe.login, "--kind", "day-30", "--json")
        return [each["text"] for each in page.json["notes"]]

    assert notes() == ["Speaks well with clients.", "Too shy on the phone.", "More VAT."]
    house.login("bob")
    assert notes() == ["Speaks well with clients.", "More VAT."]
    log_in(house, zoe)
    assert notes() == ["Speaks well with clients."]
    page = house.done("onboarding", "review", zoe.login, "--kind", "day-30").out
    assert "Too shy" not in page
    house.login("alice")
    log = house.done("audit", "list", "--json").out
    assert "Too shy" not in log
    assert "Speaks well" not in log


def test_the_probation_is_extended_then_confirmed(house: House, zoe: Newcomer) -> None:
    free(house, zoe)
    page = house.done("onboarding", "review", zoe.login, "--json").json
    until = (date.fromisoformat(page["probation_until"]) + timedelta(30)).isoformat()
    extend = ("--kind", "day-30", "--decision", "extend", "--until", until)
    denied = house.opskit("onboarding", "review", zoe.login, *extend, as_user="bob")
    assert (denied.code, denied.err.splitlines()[0]) == (
        6,
        "error[denied]: bob lacks the role manager or admin",
    )
    house.login("alice")
    said = f"{zoe.name}, day-30 review: probation extended until {until}"
    assert review(house, zoe, *extend)[0] == said
    page = house.done("onboarding", "review", zoe.login, "--json").json
    assert page["probation_until"] == until
    free(house, zoe, "patch-with-mentor")
    confirm = ("--kind", "day-60", "--decision", "confirm")
    assert review(house, zoe, *confirm)[0] == (
        f"{zoe.name}, day-60 review: confirmed, the probation is over"
    )
    lines = house.done("onboarding", "review", zoe.login).out.splitlines()
    assert lines[1] == f"Probation: confirmed on {TODAY}"


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("--kind", "day-31"), 3, "error[not-found]: this path has no review 'day-31'"),
        (
            ("--kind", "day-30", "--decision", "promote"),
            5,
            "error[invalid]: 'promote' is no decision of a review",
        ),
        (("--decision", "continue"), 2, "error[usage]: say which review"),
        (
            ("--kind", "day-30", "--decision", "extend"),
            2,
            "error[usage]: an extended probation needs its last day",
        ),
        (
            ("--kind", "day-30", "--decision", "continue", "--until", "2999-01-01"),
            2,
            "error[usage]: --until is for --decision extend",
        ),
        (("--visible", "manager"), 2, "error[usage]: --visible is for notes"),
        (
            ("--kind", "day-30", "--notes", "-", "--visible", "everybody"),
            5,
            "error[invalid]: 'everybody' is nobody who reads notes",
        ),
        (("--kind", "day-30", "--notes", "-"), 5, "error[invalid]: there is nothing to note"),
        (
            ("--kind", "day-30", "--notes", "gone.md"),
            3,
            "error[not-found]: cannot read gone.md: No such file or directory",
        ),
    ],
)
def test_what_is_refused(
    house: House, zoe: Newcomer, words: tuple[str, ...], code: int, error: str
) -> None:
    result = house.opskit("onboarding", "review", zoe.login, *words)
    assert (result.code, result.err.splitlines()[0], result.out) == (code, error, "")


def test_somebody_without_a_path(house: House, zoe: Newcomer) -> None:
    result = house.opskit("onboarding", "review", "echatriant0")
    assert (result.code, result.err.splitlines()) == (
        3,
        ["error[not-found]: Ethan Chatriant is on no path", "hint: opskit onboarding board"],
    )


def test_a_newcomer_sees_their_own_and_nobody_elses(
    house: House, tmp_path: Path, zoe: Newcomer
) -> None:
    other = newcomer(house, tmp_path, start=TODAY)
    log_in(house, zoe)
    assert house.done("onboarding", "review", zoe.login).out.startswith(f"{zoe.path}  {zoe.name}")
    result = house.opskit("onboarding", "review", other.login)
    assert (result.code, result.err.split(":")[0]) == (6, "error[not-yours-to-rate]")


def test_what_is_due_stands_on_the_list(house: House, zoe: Newcomer) -> None:
    found = house.done("todo", "--within", "30d", "--json").json
    rows = [row for row in found if row["subject"] == zoe.path]
    kinds = {row["kind"]: row for row in rows}
    assert kinds["onboarding-self-rating"]["person"] == zoe.login
    assert kinds["onboarding-self-rating"]["command"] == f"opskit onboarding rate {zoe.login}"


def test_the_page_on_a_terminal(house: House, zoe: Newcomer) -> None:
    command = (sys.executable, "-m", "opskit", "onboarding", "review", zoe.path)
    environment = {**house.environment(), "COLUMNS": "60"}
    shown = sit_before(command, environment).text
    assert "\x1b[1mLate\x1b[0m" in shown
    assert "\x1b[31m" in shown
    plain = sit_before(command, {**environment, "NO_COLOR": "1"}).text
    assert [line for line in plain.splitlines() if len(line) > 60] == []
