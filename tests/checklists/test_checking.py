"""Steps that answer themselves, and change their mind when the facts do."""

import hashlib
import threading
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.asking import ask_all
from opskit.checklists.checks import Check, CheckSubject, Finding, Verdict
from opskit.checklists.errors import RunClosedError, StepBlockedError
from opskit.checklists.models import Run
from opskit.checklists.templates import load_template
from opskit.core.errors import DeniedError, UnavailableError
from opskit.core.events import Event, verify_chain
from tests.checklists.samples import (
    ALICE,
    ANCHOR,
    AT,
    BOB,
    ON,
    SMALL,
    Registers,
    all_green,
    check,
    start_small,
    states,
    tick,
)


def enter(session: Session, run: Run, checks: Mapping[str, Check]) -> list[services.CheckResult]:
    findings = services.ask_checks(run, checks=checks, on=ON)
    return services.enter_findings(session, run=run, findings=findings, on=ON, at=AT, actor=ALICE)


def events_of(session: Session, action: str) -> list[Event]:
    return list(session.scalars(select(Event).where(Event.action == action).order_by(Event.id)))


def test_a_green_check_settles_its_step(session: Session) -> None:
    run, registers = start_small(session), all_green()
    registers.answer("license.valid", Verdict.OK, date(2027, 3, 31))
    assert check(session, run, registers)["license"] == "done"
    step = run.steps[0]
    assert (step.verdict, step.proof) == ("ok", "license.valid ok")
    assert (step.fresh_until, step.checked_at, step.answered_by) == (date(2027, 3, 31), AT, None)


def test_checks_are_told_subject_facts_and_day(session: Session) -> None:
    registers = all_green()
    check(session, start_small(session), registers)
    about = CheckSubject("DELEZE", {"version": "12.4"}, ANCHOR, ON)
    assert sorted(registers.asked, key=str) == [("license.valid", about), ("safe.ready", about)]


def test_a_step_follows_its_fact_both_ways(session: Session) -> None:
    run, registers = start_small(session), all_green()
    assert check(session, run, registers)["license"] == "done"
    registers.answer("license.valid", Verdict.FAILED)
    assert check(session, run, registers)["license"] == "failed"
    registers.answer("license.valid", Verdict.OK)
    assert check(session, run, registers)["license"] == "done"
    seen = [event.after["state"] for event in events_of(session, "patch.checked") if event.after]
    assert seen == ["done", "failed", "done"]
    assert verify_chain(session).faults == ()


def test_an_unchanged_result_writes_no_event(session: Session) -> None:
    run, registers = start_small(session), all_green()
    results = [enter(session, run, registers.checks()) for _ in range(2)]
    assert [result.changed for each in results for result in each] == [True, False]
    assert len(events_of(session, "patch.checked")) == 1


def test_what_a_check_says_may_name_people(session: Session) -> None:
    """Of a register that may not be asked the proof is `bob lacks the role agent`."""
    run, registers = start_small(session), all_green()
    registers.findings["license.valid"] = DeniedError("bob lacks the role agent", hint="ask alice")
    check(session, run, registers)
    event = session.scalars(select(Event).where(Event.action == "patch.checked")).first()
    assert event is not None
    assert event.after == {"state": "failed", "verdict": "failed"}
    assert (event.personal or {})["proof"] == "bob lacks the role agent"


def test_a_broken_check_fails_alone(session: Session) -> None:
    run, registers = start_small(session), all_green()
    registers.findings["license.valid"] = ValueError("s3cret")
    assert check(session, run, registers)["license"] == "failed"
    assert run.steps[0].proof == "the check broke: ValueError"


def test_a_check_that_hangs_fails_alone(session: Session) -> None:
    run, never = start_small(session), threading.Event()

    def hanging(_about: CheckSubject) -> Finding:
        never.wait()
        raise AssertionError

    about = CheckSubject("DELEZE", {}, ANCHOR, ON)
    checks = {**all_green().checks(), "license.valid": hanging}
    found = ask_all(checks, about, patience=0.2)
    services.enter_findings(session, run=run, findings=found, on=ON, at=AT, actor=ALICE)
    assert (run.steps[0].state, run.steps[0].proof) == ("failed", "no answer within 0.2 s")
    assert found["safe.ready"].verdict is Verdict.OK


def test_a_register_that_is_away_leaves_the_step_open_and_is_remembered(session: Session) -> None:
    run, registers = start_small(session), all_green()
    away = UnavailableError("the safe is sealed", hint="opskit local unseal")
    registers.findings["license.valid"] = away
    found = services.ask_checks(run, checks=registers.checks(), on=ON)
    assert found["license.valid"].away is away
    assert check(session, run, registers)["license"] == "ready"


def test_a_check_that_is_not_plugged_in_leaves_the_step_open(session: Session) -> None:
    run = start_small(session)
    assert check(session, run, Registers())["license"] == "ready"
    assert run.steps[0].proof == "there is no check license.valid here"


def test_a_red_step_blocks_everything_that_rests_on_it(session: Session) -> None:
    run, registers = start_small(session), all_green()
    check(session, run, registers)
    tick(session, run, "note")
    tick(session, run, "backup", answer="22:14")
    assert check(session, run, registers)["go"] == "ready"
    registers.answer("license.valid", Verdict.FAILED)
    assert check(session, run, registers) == {
        "license": "failed",
        "note": "done",
        "backup": "done",
        "rerun": "failed",
        "go": "blocked",
    }
    with pytest.raises(StepBlockedError, match="go waits for rerun"):
        tick(session, run, "go", actor=BOB)


def test_a_step_that_has_just_been_freed_is_checked_in_the_same_pass(session: Session) -> None:
    run, registers = start_small(session), all_green()
    registers.answer("license.valid", Verdict.FAILED)
    check(session, run, registers)
    services.waive(session, run=run, key="backup", reason="no database", at=AT, actor=BOB)
    assert states(run)["rerun"] == "ready"
    registers.answer("license.valid", Verdict.OK)
    assert check(session, run, registers)["rerun"] == "done"


def test_a_finding_of_the_same_day_is_out_of_date_tomorrow(session: Session) -> None:
    run, registers = start_small(session), all_green()
    check(session, run, registers)
    tick(session, run, "note")
    tick(session, run, "backup", answer="22:14")
    check(session, run, registers)
    assert run.steps[3].fresh_until == ON
    tomorrow = date(2027, 1, 5)
    with pytest.raises(StepBlockedError, match="go waits for rerun") as caught:
        tick(session, run, "go", on=tomorrow, actor=BOB)
    assert "opskit patch check P1" in caught.value.hint
    check(session, run, registers, on=tomorrow)
    tick(session, run, "go", on=tomorrow, actor=BOB)
    assert states(run)["go"] == "done"


def test_a_lapsed_finding_blocks_from_far_away(session: Session) -> None:
    run, registers = start_small(session), all_green()
    registers.answer("license.valid", Verdict.OK, ON)
    check(session, run, registers)
    tick(session, run, "note")
    with pytest.raises(StepBlockedError, match="backup waits for license"):
        tick(session, run, "backup", answer="22:14", on=date(2027, 1, 5))


def test_a_doubt_takes_a_green_step_back_but_not_what_a_person_answered(session: Session) -> None:
    run, registers = start_small(session), all_green()
    check(session, run, registers)
    registers.answer("license.valid", Verdict.UNKNOWN)
    assert check(session, run, registers)["license"] == "ready"
    tick(session, run, "license", answer="seen on paper")
    assert check(session, run, registers)["license"] == "done"
    registers.answer("license.valid", Verdict.FAILED)
    assert check(session, run, registers)["license"] == "failed"


def test_a_doubt_keeps_the_proof_that_a_person_gave(session: Session, tmp_path: Path) -> None:
    text = SMALL.replace("check: license.valid\n", "check: license.valid\n    evidence: file\n")
    run, registers = start_small(session, template=load_template(text, "small")), all_green()
    registers.answer("license.valid", Verdict.UNKNOWN)
    check(session, run, registers)
    step = services.find_step(run, "license")
    scan = tmp_path / "licence.pdf"
    scan.write_bytes(b"signed on paper")
    tick(session, run, "license", answer=str(scan))
    check(session, run, registers)
    assert (step.state, step.evidence_digest) == (
        "done",
        hashlib.sha256(b"signed on paper").hexdigest(),
    )


def test_what_a_person_answered_for_the_day_is_out_of_date_tomorrow(session: Session) -> None:
    run, registers = start_small(session), all_green()
    registers.answer("safe.ready", Verdict.UNKNOWN)
    check(session, run, registers)
    tick(session, run, "note")
    tick(session, run, "backup", answer="22:14")
    assert check(session, run, registers)["rerun"] == "ready"
    tick(session, run, "rerun", answer="tried by hand")
    tomorrow = date(2027, 1, 5)
    assert check(session, run, registers, on=tomorrow)["rerun"] == "done"
    with pytest.raises(StepBlockedError, match="go waits for rerun"):
        tick(session, run, "go", on=tomorrow, actor=BOB)


def test_waived_steps_are_left_alone(session: Session) -> None:
    run, registers = start_small(session), all_green()
    services.waive(session, run=run, key="license", reason="paper licence", at=AT, actor=BOB)
    assert check(session, run, registers)["license"] == "waived"
    assert {name for name, _about in registers.asked} == {"license.valid", "safe.ready"}


def test_what_nobody_asks_any_more_is_not_asked(session: Session) -> None:
    run, registers = start_small(session), all_green()
    for key in ("license", "rerun"):
        services.waive(session, run=run, key=key, reason="paper licence", at=AT, actor=BOB)
    check(session, run, registers)
    assert registers.asked == []


def test_a_closed_run_keeps_what_was_proved(session: Session) -> None:
    run, registers = start_small(session), all_green()
    for step in run.steps:
        services.waive(session, run=run, key=step.key, reason="rehearsal", at=AT, actor=BOB)
    assert run.state == "closed"
    with pytest.raises(RunClosedError, match="P1 is closed"):
        check(session, run, registers)
