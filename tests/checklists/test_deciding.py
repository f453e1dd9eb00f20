"""Go, no-go, and the closing."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.checks import Verdict
from opskit.checklists.errors import (
    EvidenceError,
    ReasonMissingError,
    RunClosedError,
    SecondPersonError,
    StepDecidesError,
    StepsOpenError,
)
from opskit.checklists.models import Decision, Run
from opskit.checklists.services.deciding import proofs_digest
from opskit.checklists.standing import standings
from opskit.checklists.templates import load_template
from opskit.checklists.todo import open_steps
from opskit.core.business_days import PUBLIC
from opskit.core.errors import ConflictError, ExitCode
from opskit.core.events import Event, verify_chain
from tests.checklists.samples import ALICE, AT, BOB, ON, SMALL, all_green, check, start_small, tick

GATED = (
    SMALL.replace("    approval: other-person\n", "    gate: go\n    evidence: text\n")
    + """\
  - key: aside
    text: {fr: En passant, en: By the way}
    phase: after
    owner: agent
    due: +1bd
    mandatory: false
  - key: review
    text: {fr: Bilan, en: Review}
    phase: after
    owner: agent
    due: +1bd
    needs: [go]
  - key: closing
    text: {fr: Clôture, en: Closing}
    phase: after
    owner: agent
    due: +2bd
    needs: [go]
    gate: close
    evidence: text
"""
)


@pytest.fixture
def run(session: Session) -> Run:
    return start_small(session, template=load_template(GATED, "gated.yaml"))


def prepare_for_go(session: Session, run: Run) -> None:
    check(session, run, all_green())
    tick(session, run, "note", answer="agreed with Ms Beguin")
    tick(session, run, "backup", answer="22:14")
    check(session, run, all_green())


def go(session: Session, run: Run, **changes: object) -> Decision:
    words: dict[str, object] = {"reason": "all green", "on": ON, "at": AT, "actor": BOB}
    return services.go(session, run=run, **{**words, **changes})  # type: ignore[arg-type]


def close(session: Session, run: Run, answer: str | None = "nothing to report") -> None:
    services.close(session, run=run, answer=answer, on=ON, at=AT, actor=ALICE)


def state(run: Run, key: str) -> str:
    return services.find_step(run, key).state


def test_go_keeps_every_proof(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    made = go(session, run, ticket="CS-1003")
    assert (made.decision, made.reason, made.ticket) == ("go", "all green", "CS-1003")
    assert (made.decided_by, made.decided_at) == (BOB.entity_id, AT)
    proofs = {each["step"]: each for each in made.proofs}
    assert proofs["license"]["proof"] == "license.valid ok"
    assert proofs["backup"]["answer"] == "22:14"
    assert state(run, "go") == "done"
    assert services.last_decision(session, run) is made


def test_the_event_binds_the_proofs_and_names_nobody(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    made = go(session, run)
    event = session.scalars(select(Event).where(Event.action == "patch.go")).one()
    assert (event.subject, event.client) == ("P1", "DELEZE")
    assert event.after == {"proofs": proofs_digest(made.proofs)}
    assert verify_chain(session).faults == ()


def test_what_is_open_is_named(session: Session, run: Run) -> None:
    check(session, run, all_green())
    with pytest.raises(
        StepsOpenError, match="P1: still open \\(3\\): 2 note, 3 backup, 4 rerun"
    ) as e:
        go(session, run)
    assert (e.value.exit_code, e.value.hint) == (ExitCode.CHECK_FAILED, "opskit patch show P1")
    assert services.last_decision(session, run) is None


def test_what_comes_after_the_decision_does_not_hinder_it(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    assert {state(run, "review"), state(run, "aside")} == {"blocked", "ready"}
    go(session, run)
    assert state(run, "review") == "ready"


def test_a_proof_of_yesterday_is_no_proof(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    with pytest.raises(StepsOpenError, match="4 rerun"):
        go(session, run, on=ON + timedelta(days=1))


def test_a_check_that_turned_red_stops_it(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    registers = all_green()
    registers.answer("license.valid", Verdict.FAILED)
    check(session, run, registers)
    with pytest.raises(StepsOpenError, match="still open \\(2\\): 1 license, 4 rerun"):
        go(session, run)


def test_nobody_decides_alone(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    with pytest.raises(SecondPersonError):
        go(session, run, actor=ALICE)
    assert state(run, "go") == "ready"


def test_a_decision_says_why(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    with pytest.raises(ReasonMissingError):
        go(session, run, reason=" ")


def test_a_decision_is_no_tick(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    with pytest.raises(StepDecidesError, match="go is a decision of its own") as caught:
        tick(session, run, "go", answer="yes", actor=BOB)
    assert caught.value.hint == "opskit patch go P1 --reason TEXT"


def test_no_go_and_then_go(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    no = services.no_go(session, run=run, reason="the client is ill", at=AT, actor=ALICE)
    assert (no.decision, state(run, "go")) == ("no-go", "failed")
    assert (run.state, state(run, "review")) == ("open", "blocked")
    assert go(session, run).decision == "go"
    again = services.no_go(session, run=run, reason="snow", at=AT, actor=BOB)
    assert services.last_decision(session, run) is again
    assert state(run, "review") == "blocked"


def test_a_go_is_given_once(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    go(session, run)
    with pytest.raises(ConflictError, match="done already"):
        go(session, run)


def test_closing_leaves_out_what_was_optional(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    go(session, run)
    with pytest.raises(StepsOpenError, match="still open \\(1\\): 7 review"):
        close(session, run)
    tick(session, run, "review")
    with pytest.raises(EvidenceError):
        close(session, run, answer=None)


def test_a_closed_run_is_closed(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    go(session, run)
    tick(session, run, "review")
    close(session, run)
    assert (run.state, run.ended_at) == ("closed", AT)
    assert (state(run, "aside"), state(run, "closing")) == ("not-applicable", "done")
    with pytest.raises(RunClosedError):
        close(session, run)
    with pytest.raises(RunClosedError):
        services.no_go(session, run=run, reason="too late", at=AT, actor=BOB)


def test_what_a_go_rested_on_has_served_once_it_is_given(session: Session, run: Run) -> None:
    """The checks counted on the day of the go; the work and the closing come days after it."""
    prepare_for_go(session, run)
    go(session, run)
    later = ON + timedelta(days=3)
    assert not any(each.has_lapsed for each in standings(run, on=later))
    due = open_steps(session, kind="patch", today=later, until=run.anchor_on + timedelta(days=9))
    assert [each.item.step for each in due] == ["aside", "review", "closing"]
    tick(session, run, "review", on=later)
    services.close(session, run=run, answer="it runs", on=later, at=AT, actor=ALICE)
    assert run.state == "closed"


def test_once_a_go_is_taken_back_its_proofs_are_old(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    go(session, run)
    services.no_go(session, run=run, reason="the client is ill", at=AT, actor=ALICE)
    later = ON + timedelta(days=3)
    assert [each.step.key for each in standings(run, on=later) if each.has_lapsed] == ["rerun"]
    with pytest.raises(StepsOpenError, match="4 rerun"):
        go(session, run, on=later)


def test_a_waiver_does_not_outlive_the_go_behind_which_it_stands(
    session: Session, run: Run
) -> None:
    prepare_for_go(session, run)
    go(session, run)
    services.waive(session, run=run, key="review", reason="no", until=ON, at=AT, actor=BOB)
    later = ON + timedelta(days=1)
    assert [each.step.key for each in standings(run, on=later) if each.has_lapsed] == ["review"]


@pytest.mark.parametrize("gate", ["go", "closing"])
def test_nobody_goes_round_a_gate(session: Session, run: Run, gate: str) -> None:
    with pytest.raises(StepDecidesError, match=f"{gate} is a decision"):
        services.waive(session, run=run, key=gate, reason="no time", at=AT, actor=BOB)
    assert state(run, gate) == "blocked"


def test_who_looks_after_a_run_is_no_second_person(session: Session, run: Run) -> None:
    """Alice began it, and gave it to bob: he prepared it."""
    prepare_for_go(session, run)
    services.assign(session, run=run, key=None, login="bob", at=AT, actor=ALICE)
    with pytest.raises(SecondPersonError, match="bob cannot decide this"):
        go(session, run, actor=BOB)


def test_a_no_go_ends_the_waiting(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    words = {"nudge_on": ON + timedelta(days=2), "reason": "still on Monday?", "on": ON}
    awaited = services.Awaited.CLIENT
    services.wait(session, run=run, key="go", awaited=awaited, at=AT, actor=ALICE, **words)  # type: ignore[arg-type]
    services.no_go(session, run=run, reason="not on Monday", at=AT, actor=ALICE)
    gate = services.find_step(run, "go")
    assert (gate.state, gate.waiting_for, gate.nudge_on) == ("failed", None, None)


def test_a_go_that_was_opened_again_stands_no_more(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    go(session, run)
    services.reopen(session, run=run, key="go", reason="too early", at=AT, actor=ALICE)
    assert services.last_decision(session, run) is None
    made = go(session, run)
    assert services.last_decision(session, run) is made


def test_closing_without_a_go(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    with pytest.raises(StepsOpenError, match="5 go, 7 review"):
        close(session, run)


def test_a_list_without_gates_has_no_decision(session: Session) -> None:
    plain = start_small(session)
    with pytest.raises(ConflictError, match="P1 has no step that decides this"):
        go(session, plain)


def test_a_go_rests_on_the_answers_that_were_there(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    go(session, run)
    services.reopen(session, run=run, key="backup", reason="restored wrongly", at=AT, actor=ALICE)
    assert (state(run, "go"), services.last_decision(session, run)) == ("blocked", None)
    tick(session, run, "backup", answer="23:50")
    check(session, run, all_green())
    assert state(run, "go") == "ready"
    assert go(session, run).decision == "go"
    tick(session, run, "aside")
    services.reopen(session, run=run, key="aside", reason="not yet", at=AT, actor=ALICE)
    assert state(run, "go") == "done"  # it does not rest on that


def test_a_go_is_for_its_day(session: Session, run: Run) -> None:
    prepare_for_go(session, run)
    go(session, run)
    later = run.anchor_on + timedelta(days=7)
    services.move_run(session, run=run, to=run.anchor_on, calendar=PUBLIC, at=AT, actor=ALICE)
    assert state(run, "go") == "done"
    services.move_run(session, run=run, to=later, calendar=PUBLIC, at=AT, actor=ALICE)
    assert (state(run, "go"), services.last_decision(session, run)) == ("ready", None)
