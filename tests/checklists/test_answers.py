"""What people do to steps: tick, waive, mark as not applicable, reopen."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.checks import Verdict
from opskit.checklists.errors import (
    EvidenceError,
    ReasonMissingError,
    SecondPersonError,
    StepBlockedError,
    StepChecksItselfError,
)
from opskit.checklists.evidence import Given
from opskit.checklists.models import EvidenceFile, Run, Step
from opskit.checklists.templates import load_template
from opskit.core.errors import ConflictError, ExitCode, NotFoundError
from opskit.core.events import Event, verify_chain
from tests.checklists.samples import (
    ALICE,
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

Words = dict[str, Any]


@pytest.fixture
def run(session: Session) -> Run:
    return start_small(session)


def last_event(session: Session) -> Event:
    event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert event.personal
    return event


def ready_for_go(session: Session, run: Run) -> None:
    check(session, run, all_green())
    tick(session, run, "note")
    tick(session, run, "backup", answer="22:14")
    check(session, run, all_green())


def test_a_tick_keeps_who_when_what_and_the_ticket(session: Session, run: Run) -> None:
    tick(session, run, "note", answer="nothing special")
    step = run.steps[1]
    assert (step.state, step.answer, step.ticket) == ("done", "nothing special", "CS-7")
    assert (step.answered_by, step.answered_at, step.settled_at) == (ALICE.entity_id, AT, AT)


def test_the_event_holds_free_text_only_where_it_can_be_erased(session: Session, run: Run) -> None:
    tick(session, run, "note", answer="agreed with Ms Beguin")
    event = last_event(session)
    assert (event.action, event.subject, event.client) == ("patch.ticked", "P1/note", "DELEZE")
    assert (event.ticket, event.before) == ("CS-7", {"state": "ready"})
    assert "Beguin" not in str(event.after)
    assert event.personal == {"actor": "alice", "answer": "agreed with Ms Beguin"}


def test_what_is_missing_is_named(session: Session, run: Run) -> None:
    with pytest.raises(StepBlockedError, match="backup waits for license, note") as caught:
        tick(session, run, "backup", answer="22:14")
    assert caught.value.exit_code is ExitCode.CONFLICT
    with pytest.raises(StepBlockedError, match="go waits for rerun"):
        tick(session, run, "go", actor=BOB)


def test_evidence_is_demanded_before_anything_is_written(session: Session, run: Run) -> None:
    check(session, run, all_green())
    tick(session, run, "note")
    before = last_event(session)
    with pytest.raises(EvidenceError, match="demands evidence: value"):
        tick(session, run, "backup", answer=" ")
    assert states(run)["backup"] == "ready"
    assert last_event(session) is before


def test_evidence_in_a_file_leaves_its_digest(session: Session, tmp_path: Path) -> None:
    text = SMALL.replace("evidence: value", "evidence: file").replace("[license, note]", "[]")
    run = start_small(session, template=load_template(text, "small.yaml"))
    log = tmp_path / "backup.log"
    log.write_text("done")
    tick(session, run, "backup", answer=str(log))
    assert run.steps[2].answer == "backup.log"
    digest = hashlib.sha256(b"done").hexdigest()
    assert run.steps[2].evidence_digest == digest
    assert session.get_one(EvidenceFile, digest).content == b"done"
    assert last_event(session).after == {"state": "done", "evidence": digest}


def test_a_file_that_was_looked_at_before_is_not_read_again(session: Session) -> None:
    text = SMALL.replace("evidence: value", "evidence: file")
    run, seen = (
        start_small(session, template=load_template(text, "s")),
        Given("nas:a.bak", "0" * 64),
    )
    check(session, run, all_green())
    tick(session, run, "note")
    words = {"answer": "nas:a.bak", "ticket": None, "on": ON, "at": AT, "actor": ALICE}
    step = services.tick(session, run=run, key="backup", seen=seen, **words)  # type: ignore[arg-type]
    assert (step.answer, step.evidence_digest) == ("nas:a.bak", "0" * 64)


def test_ticking_twice_is_refused(session: Session, run: Run) -> None:
    tick(session, run, "note")
    with pytest.raises(ConflictError, match="the step is done already") as caught:
        tick(session, run, "note")
    assert caught.value.hint == "opskit patch reopen P1 2 --reason TEXT"


def test_an_unknown_step(session: Session, run: Run) -> None:
    with pytest.raises(NotFoundError, match="P1 has no step 'licence'") as caught:
        tick(session, run, "licence")
    assert "license" in caught.value.hint


@pytest.mark.parametrize("verdict", [None, Verdict.FAILED, Verdict.OK])
def test_a_step_with_a_check_is_not_ticked_by_hand(
    session: Session, run: Run, verdict: Verdict | None
) -> None:
    if verdict is not None:
        registers = Registers()
        registers.answer("license.valid", verdict)
        check(session, run, registers)
    with pytest.raises(StepChecksItselfError, match="answered by its check: license"):
        tick(session, run, "license")


def test_by_hand_where_the_check_found_nothing_out(session: Session, run: Run) -> None:
    check(session, run, Registers())
    tick(session, run, "license", answer="seen on paper")
    assert states(run)["license"] == "done"


def test_what_wants_a_second_person_is_submitted_and_then_done(session: Session, run: Run) -> None:
    ready_for_go(session, run)
    tick(session, run, "go", answer="all is ready", actor=ALICE)
    assert (states(run)["go"], last_event(session).action) == ("submitted", "patch.submitted")
    with pytest.raises(SecondPersonError, match="alice cannot decide this: P1") as caught:
        tick(session, run, "go", actor=ALICE)
    assert caught.value.exit_code is ExitCode.DENIED
    tick(session, run, "go", actor=BOB)
    step = run.steps[4]
    assert (step.state, step.answer, step.answered_by) == ("done", "all is ready", BOB.entity_id)


def test_what_is_another_owners_is_submitted_to_them(session: Session, run: Run) -> None:
    words: Words = {"run": run, "key": "note", "answer": None, "ticket": None, "on": ON, "at": AT}
    services.tick(session, **words, actor=ALICE, own_role="sales")
    assert states(run)["note"] == "submitted"
    with pytest.raises(SecondPersonError, match="alice cannot decide this: P1"):
        services.tick(session, **words, actor=ALICE, own_role="sales")
    services.tick(session, **words, actor=BOB, own_role="sales")
    assert states(run)["note"] == "done"


def test_the_own_step_is_done_at_once(session: Session, run: Run) -> None:
    (owner,) = {step.asked.owner for step in run.steps if step.key == "note"}
    words: Words = {"run": run, "key": "note", "answer": None, "ticket": None, "on": ON, "at": AT}
    services.tick(session, **words, actor=ALICE, own_role=owner)
    assert states(run)["note"] == "done"


def test_nobody_leaves_out_what_is_another_owners(session: Session, run: Run) -> None:
    words: Words = {"run": run, "key": "note", "reason": "no need", "at": AT}
    with pytest.raises(SecondPersonError, match="alice cannot decide this: P1"):
        services.not_applicable(session, **words, actor=ALICE, own_role="sales")
    services.not_applicable(session, **words, actor=BOB, own_role="sales")
    assert states(run)["note"] == "not-applicable"


def test_a_second_person_sends_it_back(session: Session, run: Run) -> None:
    ready_for_go(session, run)
    tick(session, run, "go", answer="all is ready", actor=ALICE)
    services.reopen(session, run=run, key="go", reason="the date is wrong", at=AT, actor=BOB)
    assert (states(run)["go"], run.steps[4].answer) == ("ready", None)


def test_what_was_submitted_waits_for_what_opened_again(session: Session, run: Run) -> None:
    ready_for_go(session, run)
    tick(session, run, "go")
    services.reopen(session, run=run, key="backup", reason="too old", at=AT, actor=ALICE)
    with pytest.raises(StepBlockedError, match="go waits for backup"):
        tick(session, run, "go", actor=BOB)
    assert states(run)["go"] == "submitted"


def test_the_last_step_closes_the_run_and_reopening_opens_it(session: Session, run: Run) -> None:
    ready_for_go(session, run)
    tick(session, run, "go", actor=BOB)
    assert (run.state, last_event(session).action) == ("closed", "patch.closed")
    services.reopen(session, run=run, key="note", reason="wrong run", at=AT, actor=ALICE)
    assert (run.state, last_event(session).action) == ("open", "patch.opened")
    assert states(run)["go"] == "done"
    tick(session, run, "note")
    assert run.state == "closed"
    assert verify_chain(session).faults == ()


def test_reopening_forgets_the_answer_and_blocks_what_rests_on_it(
    session: Session, run: Run
) -> None:
    check(session, run, all_green())
    tick(session, run, "note", answer="wrong client")
    services.reopen(session, run=run, key="note", reason="wrong client", at=AT, actor=ALICE)
    step = run.steps[1]
    assert (step.state, step.answer, step.answered_by) == ("ready", None, None)
    assert step.settled_at is None
    assert states(run)["backup"] == "blocked"
    event = last_event(session)
    assert (event.before, event.after) == ({"state": "done"}, {"state": "ready"})
    assert (event.personal or {})["reason"] == "wrong client"


def test_an_open_step_cannot_be_reopened(session: Session, run: Run) -> None:
    with pytest.raises(ConflictError, match="open already"):
        services.reopen(session, run=run, key="note", reason="x", at=AT, actor=ALICE)


def test_a_waiver_lapses(session: Session, run: Run) -> None:
    tick(session, run, "note")
    services.waive(session, run=run, key="license", reason="on paper", until=ON, at=AT, actor=BOB)
    assert last_event(session).after == {"state": "waived", "until": ON.isoformat()}
    with pytest.raises(StepBlockedError, match="backup waits for license"):
        tick(session, run, "backup", answer="22:14", on=ON + timedelta(days=1))
    tick(session, run, "backup", answer="22:14")


def test_a_waiver_needs_a_second_person_and_frees_what_waited(session: Session, run: Run) -> None:
    with pytest.raises(SecondPersonError):
        services.waive(session, run=run, key="backup", reason="none", at=AT, actor=ALICE)
    services.waive(
        session, run=run, key="backup", reason="no database", ticket="CS-9", at=AT, actor=BOB
    )
    step = run.steps[2]
    assert (step.state, step.answer, step.answered_by) == ("waived", "no database", BOB.entity_id)
    assert states(run)["rerun"] == "ready"
    event = last_event(session)
    assert (event.action, event.ticket) == ("patch.waived", "CS-9")
    with pytest.raises(ConflictError, match="the step is waived"):
        tick(session, run, "backup", answer="22:14")


def test_only_an_optional_step_can_be_not_applicable(session: Session, run: Run) -> None:
    with pytest.raises(ConflictError, match="the step backup is mandatory") as caught:
        services.not_applicable(session, run=run, key="backup", reason="x", at=AT, actor=ALICE)
    assert caught.value.hint.endswith(": opskit patch waive P1 3 --reason TEXT")
    services.not_applicable(session, run=run, key="note", reason="no note", at=AT, actor=ALICE)
    assert states(run)["note"] == "not-applicable"
    assert last_event(session).action == "patch.skipped"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_leaving_out_and_reopening_need_a_reason(session: Session, run: Run, reason: str) -> None:
    tick(session, run, "note")
    before = states(run)
    with pytest.raises(ReasonMissingError):
        services.waive(session, run=run, key="backup", reason=reason, at=AT, actor=BOB)
    with pytest.raises(ReasonMissingError):
        services.reopen(session, run=run, key="note", reason=reason, at=AT, actor=ALICE)
    session.expire_all()
    assert states(run) == before


def test_an_answer_that_came_from_elsewhere_is_seen(session: Session, run: Run) -> None:
    """Another command ticked the step after this session had read it."""
    assert states(run)["note"] == "ready"
    session.connection().execute(
        update(Step).where(Step.run_id == run.id, Step.key == "note").values(state="done")
    )
    assert run.steps[1].state == "ready"
    with pytest.raises(ConflictError, match="done already"):
        services.tick(
            session, run=run, key="note", answer=None, ticket=None, on=ON, at=AT, actor=BOB
        )
