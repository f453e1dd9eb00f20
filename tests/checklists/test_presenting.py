"""Runs and steps as JSON has them; scripts depend on the keys."""

from datetime import date

from sqlalchemy.orm import Session

from opskit.checklists.checks import Verdict
from opskit.checklists.presenting import check_rows, run_page, run_row, step_row
from opskit.checklists.services import CheckResult
from opskit.checklists.states import State
from tests.checklists.samples import ANCHOR, ON, start_small, tick


def test_a_run(session: Session) -> None:
    run = start_small(session)
    tick(session, run, "note", answer="seen")
    assert run_row(run, on=ON) == {
        "version": "12.4",
        "number": "P1",
        "subject": "DELEZE",
        "state": "open",
        "anchor_on": ANCHOR,
        "done": 1,
        "total": 5,
        "late": 0,
        "percent": 20,
    }


def test_a_fact_never_hides_a_key(session: Session) -> None:
    run = start_small(session, facts={"number": "X", "state": "X", "percent": "X"})
    row = run_row(run, on=ON)
    assert (row["number"], row["state"], row["percent"]) == ("P1", "open", 0)


def test_a_page_says_which_steps_are_late(session: Session) -> None:
    run = start_small(session)
    tick(session, run, "note", answer="seen")
    page = run_page(run, on=date(2027, 1, 7))
    assert [(each["step"], each["late"]) for each in page["steps"]] == [
        ("license", True),
        ("note", False),
        ("backup", False),
        ("rerun", False),
        ("go", False),
    ]
    assert page["late"] == 1


def test_a_step(session: Session) -> None:
    run = start_small(session)
    assert step_row(run.steps[0]) == {
        "position": 1,
        "step": "license",
        "phase": "before",
        "text": "The licence is valid",
        "state": "ready",
        "due_on": date(2027, 1, 6),
        "owner": "sales",
        "checks": ["license.valid"],
        "proof": None,
        "answer": None,
        "answered_at": None,
        "checked_at": None,
        "ticket": None,
    }


def test_what_checks_found() -> None:
    found = CheckResult("license", Verdict.FAILED, "lapsed", State.FAILED, changed=True)
    assert check_rows([found]) == [
        {
            "step": "license",
            "verdict": "failed",
            "proof": "lapsed",
            "state": "failed",
            "changed": True,
        }
    ]
