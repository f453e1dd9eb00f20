"""Conditions of a run under way: they flip as answers come and go."""

import pytest
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.checks import Verdict
from opskit.checklists.models import Run
from opskit.checklists.templates import load_template
from tests.checklists.samples import ALICE, AT, ON, all_green, check, start_small, states, tick
from tests.checklists.template_texts import HEAD, step

QUESTION = step("question", "evidence: value")
LAST = step("last")


def begun(session: Session, *steps: str) -> Run:
    return start_small(session, template=load_template(HEAD + "".join(steps), "list.yaml"))


def answer_anew(session: Session, run: Run, answer: str) -> None:
    services.reopen(session, run=run, key="question", reason="asked again", at=AT, actor=ALICE)
    tick(session, run, "question", answer=answer)


def test_what_asks_a_step_that_is_left_out_is_left_out_from_the_start(session: Session) -> None:
    first = step("first", 'when: run.version == "1"')
    run = begun(session, first, step("then", 'when: answers.first == "yes"'), LAST)
    assert states(run) == {"first": "not-applicable", "then": "not-applicable", "last": "ready"}
    assert all((each.settled_at is None) is (each.key == "last") for each in run.steps)


def test_conditions_follow_each_other_whatever_the_order_of_the_file(session: Session) -> None:
    then = step("then", 'when: answers.first == "yes"')
    run = begun(session, then, step("first", 'when: answers.question == "yes"'), QUESTION, LAST)
    tick(session, run, "question", answer="no")
    assert (states(run)["first"], states(run)["then"]) == ("not-applicable", "not-applicable")
    answer_anew(session, run, "yes")
    assert (states(run)["first"], states(run)["then"]) == ("ready", "blocked")


def test_what_failed_does_not_outlive_its_condition(session: Session) -> None:
    checked = step("checked", 'when: answers.question == "yes"', "check: license.valid")
    run, registers = begun(session, QUESTION, checked, LAST), all_green()
    tick(session, run, "question", answer="yes")
    registers.answer("license.valid", Verdict.FAILED)
    assert check(session, run, registers)["checked"] == "failed"
    answer_anew(session, run, "no")
    assert states(run)["checked"] == "not-applicable"
    answer_anew(session, run, "yes")
    found = services.find_step(run, "checked")
    assert (found.state, found.verdict, found.proof) == ("ready", None, None)


@pytest.mark.parametrize("begins", ["waiting", "submitted"])
def test_nor_does_what_somebody_began(session: Session, begins: str) -> None:
    rule = 'when: answers.question == "yes"'
    run = begun(session, QUESTION, step("asked", rule, "approval: other-person"), LAST)
    tick(session, run, "question", answer="yes")
    if begins == "submitted":
        tick(session, run, "asked", answer="by phone")
    else:
        services.wait(
            session,
            run=run,
            key="asked",
            awaited=services.Awaited.CLIENT,
            nudge_on=ON.replace(day=20),
            reason="which day?",
            on=ON,
            at=AT,
            actor=ALICE,
        )
    assert states(run)["asked"] == begins
    answer_anew(session, run, "no")
    asked = services.find_step(run, "asked")
    assert (asked.state, asked.waiting_for, asked.nudge_on) == ("not-applicable", None, None)
    answer_anew(session, run, "yes")
    assert (asked.state, asked.answer, asked.answered_by) == ("ready", None, None)


def test_what_is_done_stays_done(session: Session) -> None:
    run = begun(session, QUESTION, step("asked", 'when: answers.question == "yes"'), LAST)
    tick(session, run, "question", answer="yes")
    tick(session, run, "asked")
    answer_anew(session, run, "no")
    assert states(run)["asked"] == "done"
