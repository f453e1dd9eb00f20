"""check, go, no-go, close and cancel as typed."""

import sys
from pathlib import Path

import pytest

from tests.checklists.office import begun
from tests.support.home import House
from tests.support.terminal import sit_before


@pytest.fixture
def run(house: House, tmp_path: Path) -> str:
    """A list of bob's, who is logged in."""
    return begun(house, tmp_path)


def prepare(house: House, run: str) -> None:
    """Everything that a go rests on."""
    house.done("checklist", "tick", run, "1", "--answer", "240 m2")
    house.done("checklist", "tick", run, "2", "4")


def test_go_names_what_is_open(house: House, run: str) -> None:
    house.done("checklist", "tick", run, "2")
    result = house.opskit("checklist", "go", run, "--reason", "ready", as_user="alice")
    assert (result.code, result.err) == (
        8,
        (
            f"error[steps-open]: {run}: still open (2): 1 space, 4 keys\n"
            f"hint: opskit checklist show {run}\n"
        ),
    )


def test_go_is_the_word_of_a_second_person(house: House, run: str) -> None:
    prepare(house, run)
    own = house.opskit("checklist", "go", run, "--reason", "ready")
    assert own.code == 6
    assert own.err.startswith(f"error[second-person]: bob cannot decide this: {run} is their own")
    result = house.done("checklist", "go", run, "--reason", "ready", as_user="alice")
    assert result.err == f"{run}: go, with 9 proofs\n"
    page = house.done("checklist", "show", run, "--json").json
    assert [step["state"] for step in page["steps"]][5:7] == ["done", "ready"]
    again = house.opskit("checklist", "go", run, "--reason", "ready")
    assert (again.code, again.err.partition("\n")[0]) == (
        4,
        f"error[conflict]: {run} 6 (go): the step is done already",
    )


def test_a_decision_as_json(house: House, run: str) -> None:
    prepare(house, run)
    words = ("--reason", "ready", "--ticket", "CS-7", "--json")
    row = house.done("checklist", "go", run, *words, as_user="alice").json
    assert row.pop("decided_at")
    proofs = row.pop("proofs")
    assert row == {"number": run, "decision": "go", "reason": "ready", "ticket": "CS-7"}
    assert (proofs[0]["step"], proofs[0]["answer"]) == ("space", "240 m2")


def test_no_go_is_anybodys_word(house: House, run: str) -> None:
    result = house.done("checklist", "no-go", run, "--reason", "the lift is out of order")
    assert result.err == f"{run}: no-go\n"
    page = house.done("checklist", "show", run).out
    assert "the lift is out of order" in page
    missing = house.opskit("checklist", "no-go", run, "--reason", " ")
    assert (missing.code, missing.err.partition("\n")[0]) == (
        5,
        "error[reason-missing]: a reason is missing",
    )


def test_close_after_the_event(house: House, run: str) -> None:
    prepare(house, run)
    early = house.opskit("checklist", "close", run, "--answer", "keys given back")
    assert (early.code, early.err.partition("\n")[0]) == (
        8,
        f"error[steps-open]: {run}: still open (2): 6 go, 7 unload",
    )
    house.done("checklist", "go", run, "--reason", "ready", as_user="alice")
    house.done("checklist", "tick", run, "unload")
    silent = house.opskit("checklist", "close", run)
    assert silent.code == 5
    assert silent.err.startswith("error[evidence]: the step demands evidence: text")
    assert house.done("checklist", "show", run, "--json").json["state"] == "open"
    result = house.done("checklist", "close", run, "--answer", "keys given back")
    assert result.err == f"{run} is closed\n"
    page = house.done("checklist", "show", run, "--json").json
    assert (page["state"], page["percent"]) == ("closed", 100)
    assert page["steps"][7]["state"] == "not-applicable"


def test_check_without_a_check(house: House, run: str) -> None:
    result = house.done("checklist", "check", run)
    assert (result.out, result.err) == ("", f"{run} has no step that checks itself now\n")
    assert house.done("checklist", "check", run, "--json").json == []


def test_a_file_that_changed_on_its_share_turns_red(house: House, run: str, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    policy = share / "policy.txt"
    policy.write_text("insured")
    settings = house.home.settings_file
    before = settings.read_text(encoding="utf-8")
    settings.write_text(f'{before}evidence_shares = "documents={share}"\n', encoding="utf-8")
    try:
        prepare(house, run)
        house.done("checklist", "tick", run, "insurance", "--answer", "documents:policy.txt")
        house.done("checklist", "check", run)
        policy.write_text("not insured")
        result = house.opskit("checklist", "check", run)
        told = "documents:policy.txt is another file by now"
        assert (result.code, result.out) == (8, f"insurance\tfailed\t{told}\n")
        assert result.err.startswith(
            f"error[check-failed]: {run}: 1 of 1 checks are not green: insurance\n"
        )
        assert told in house.done("checklist", "show", run).out
        house.done("checklist", "tick", run, "insurance", "--answer", "documents:policy.txt")
        share.rename(tmp_path / "away")
        out_of_reach = house.done("checklist", "check", run)
        assert "insurance: the share documents is out of reach\n" in out_of_reach.err
        undecided = house.opskit("checklist", "go", run, "--reason", "ready", as_user="alice")
        assert (undecided.code, undecided.err.partition("\n")[0]) == (
            7,
            (
                f"error[unavailable]: {run}: the decision was not recorded: "
                "insurance: the share documents is out of reach"
            ),
        )
    finally:
        settings.write_text(before, encoding="utf-8")


def test_cancel_asks_first(house: House, run: str) -> None:
    refused = house.opskit("checklist", "cancel", run, "--reason", "no")
    assert (refused.code, refused.err.partition("\n")[2]) == (2, "hint: give --yes to do it\n")
    command = [sys.executable, "-m", "opskit", "checklist", "cancel", run, "--reason", "no"]
    environment = house.environment(LANG="C.UTF-8")
    assert sit_before(command, environment, answers=[("[y/N]", "n\n")]).code != 0
    assert house.done("checklist", "show", run, "--json").json["state"] == "open"
    shown = sit_before(command, environment, answers=[("[y/N]", "y\n")])
    assert shown.code == 0
    assert f"Cancel {run}  Office move" in shown.text
    assert house.done("checklist", "show", run, "--json").json["state"] == "cancelled"
