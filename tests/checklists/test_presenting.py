"""Runs and steps as JSON has them; scripts depend on the keys."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.checks import Verdict
from opskit.checklists.presenting import check_rows, line_row, run_page, run_row, step_row
from opskit.checklists.services import CheckResult
from opskit.checklists.states import State
from tests.checklists.samples import ALICE, ANCHOR, AT, ON, all_green, check, start_small, tick
from tests.checklists.told_runs import rich_run


def test_a_run(session: Session) -> None:
    run = start_small(session, assignee="bob")
    tick(session, run, "note", answer="seen")
    assert run_row(run, on=ON) == {
        "version": "12.4",
        "number": "P1",
        "subject": "DELEZE",
        "state": "open",
        "anchor_on": ANCHOR,
        "assignee": "bob",
        "done": 1,
        "total": 5,
        "late": 0,
        "percent": 20,
    }


def test_a_line_of_a_list_says_the_same(session: Session) -> None:
    late = date(2027, 1, 19)
    run = start_small(session, assignee="bob")
    over = start_small(session)
    services.cancel(session, run=over, reason="the client left", at=AT, actor=ALICE)
    lines = services.overview(session, kind="patch", on=late)
    assert [line_row(line) for line in lines] == [run_row(each, on=late) for each in (run, over)]
    assert [line_row(line)["late"] for line in lines] == [2, 0]


def test_a_fact_never_hides_a_key(session: Session) -> None:
    run = start_small(session, facts={"number": "X", "state": "X", "percent": "X"})
    row = run_row(run, on=ON)
    assert (row["number"], row["state"], row["percent"]) == ("P1", "open", 0)


def test_a_page_says_what_is_late_and_what_waits_for_what(session: Session) -> None:
    run = start_small(session)
    tick(session, run, "note", answer="seen")
    page = run_page(run, on=date(2027, 1, 7))
    assert page["template"] == "small/1"
    assert [(each["step"], each["late"], each["waits_for"]) for each in page["steps"]] == [
        ("license", True, []),
        ("note", False, []),
        ("backup", False, ["license"]),
        ("rerun", False, ["backup"]),
        ("go", False, ["rerun"]),
    ]
    assert page["late"] == 1


def test_a_step(session: Session) -> None:
    run = start_small(session)
    assert step_row(run.steps[0], run=run, on=ON) == {
        "position": 1,
        "step": "license",
        "phase": "before",
        "text": "The licence is valid",
        "state": "ready",
        "due_on": date(2027, 1, 6),
        "pinned": False,
        "late": False,
        "owner": "sales",
        "assignee": None,
        "mandatory": True,
        "gate": None,
        "needs": [],
        "waits_for": [],
        "checks": ["license.valid"],
        "verdict": None,
        "proof": None,
        "checked_at": None,
        "fresh_until": None,
        "answer": None,
        "answered_at": None,
        "ticket": None,
        "evidence": None,
        "waived_until": None,
        "waiting_for": None,
        "waiting_since": None,
        "nudge_on": None,
    }


def test_what_was_found_answered_and_awaited(session: Session, tmp_path: Path) -> None:
    run = rich_run(session, tmp_path)
    rows = {row["step"]: row for row in run_page(run, on=ON)["steps"]}
    licence, backup = rows["license"], rows["backup"]
    found = (licence["verdict"], licence["proof"], licence["fresh_until"], licence["checked_at"])
    assert found == ("ok", "L7 covers 12.4", date(2027, 1, 6), AT)
    assert (backup["answer"], len(backup["evidence"])) == ("backup.log", 64)
    assert (backup["answered_at"], backup["ticket"]) == (AT, "CS-7")
    awaited = [rows["confirmed"][key] for key in ("waiting_for", "waiting_since", "nudge_on")]
    assert awaited == ["client", ON, date(2027, 1, 7)]
    assert rows["deputy"]["waived_until"] == date(2027, 1, 31)
    assert rows["go"]["gate"] == "go"
    assert rows["go"]["needs"] == ["reviewed"]


def test_what_has_lapsed_keeps_others_waiting(session: Session) -> None:
    run = start_small(session)
    registers = all_green()
    registers.answer("license.valid", Verdict.OK, ON)
    check(session, run, registers)
    tick(session, run, "note")
    backup = next(each for each in run.steps if each.key == "backup")
    assert step_row(backup, run=run, on=ON)["waits_for"] == []
    assert step_row(backup, run=run, on=date(2027, 1, 5))["waits_for"] == ["license"]


def test_what_checks_found() -> None:
    found = CheckResult("license", Verdict.FAILED, "lapsed", None, State.FAILED, changed=True)
    assert check_rows([found]) == [
        {
            "step": "license",
            "verdict": "failed",
            "proof": "lapsed",
            "fresh_until": None,
            "state": "failed",
            "changed": True,
        }
    ]
