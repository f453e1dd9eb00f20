"""The open steps as things to do: whose they are, since when, and what to type."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.checks import Verdict
from opskit.checklists.services import Awaited
from opskit.checklists.states import State
from opskit.checklists.templates import load_template
from opskit.checklists.todo import ChecklistTodo, OpenStep, open_steps
from opskit.core.todo import TodoItem
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
    tick,
)

FIRST = date(2027, 1, 6)  # ten business days before the patch
GATES = """\
id: gates
version: 1
title: {fr: Portes, en: Gates}
anchor: patch-date
phases: [{key: all, title: {fr: Tout, en: All}}]
steps:
  - {key: go, text: {fr: Décision, en: Decision}, phase: all, owner: manager, due: -9bd, gate: go}
  - {key: end, text: {fr: Fin, en: End}, phase: all, owner: agent, due: -9bd, gate: close}
"""


def steps(session: Session, *, on: date = ON, until: date | None = None) -> list[OpenStep]:
    return list(open_steps(session, kind="patch", today=on, until=until))


def items(session: Session, *, on: date = ON, until: date | None = None) -> dict[str, TodoItem]:
    return {str(each.item.step): each.item for each in steps(session, on=on, until=until)}


def test_what_is_ready_and_not_what_is_blocked(session: Session) -> None:
    run = start_small(session)
    found = items(session)
    assert list(found) == ["license", "note"]
    assert found["note"] == TodoItem(
        kind="patch-step",
        subject=run.name,
        step="note",
        what="2. Optional note",
        due=FIRST,
        role="agent",
        client="DELEZE",
        command=f"opskit patch tick {run.name} 2",
    )
    assert found["license"].command == f"opskit patch check {run.name}"
    assert [(each.state, each.run_number) for each in steps(session)] == [
        (State.READY, run.number)
    ] * 2


def test_ten_business_days_ahead_and_further_for_who_asks(session: Session) -> None:
    start_small(session)
    assert items(session, on=date(2026, 12, 18)) == {}
    assert list(items(session, on=date(2026, 12, 21))) == ["license", "note"]
    assert list(items(session, on=date(2026, 12, 18), until=FIRST)) == ["license", "note"]
    assert items(session, until=date(2027, 1, 5)) == {}


def test_what_failed_is_to_be_done(session: Session) -> None:
    run = start_small(session)
    registers = Registers()
    registers.answer("license.valid", Verdict.FAILED)
    registers.answer("safe.ready", Verdict.OK)
    check(session, run, registers)
    session.flush()
    assert items(session)["license"].command == f"opskit patch check {run.name}"


def test_what_no_longer_counts_is_to_be_done_again(session: Session) -> None:
    run = start_small(session)
    registers = all_green()
    registers.answer("license.valid", Verdict.OK, fresh_until=date(2027, 1, 7))
    check(session, run, registers)
    step = services.find_step(run, "note")
    step.state, step.waived_until = "waived", date(2027, 1, 5)
    session.flush()
    assert "license" not in items(session, on=date(2027, 1, 7))
    found = items(session, on=date(2027, 1, 11))
    assert (found["license"].due, found["note"].due) == (date(2027, 1, 8), FIRST)
    assert found["license"].what == "no longer counts: 1. The licence is valid"
    assert found["license"].command == f"opskit patch check {run.name}"
    assert found["note"].command == f"opskit patch reopen {run.name} 2 --reason TEXT"


def test_what_needs_it_is_blocked_and_on_nobodys_list(session: Session) -> None:
    """Also where what lapsed is itself due only later, and its run was not touched since."""
    run = start_small(session)
    registers = all_green()
    registers.answer("license.valid", Verdict.OK, fresh_until=date(2027, 1, 7))
    check(session, run, registers)
    tick(session, run, "note", answer="seen")
    services.find_step(run, "license").due_on = date(2027, 3, 1)
    session.flush()
    assert list(items(session, on=date(2027, 1, 7))) == ["backup"]
    assert list(items(session, on=date(2027, 1, 8))) == []
    assert list(items(session, on=date(2027, 1, 8), until=date(2027, 3, 1))) == ["license"]


def test_whoever_a_step_waits_for_is_asked_again_on_the_day(session: Session) -> None:
    run, nudge_on = start_small(session), date(2027, 1, 8)
    services.wait(
        session, run=run, key="note", awaited=Awaited.CLIENT, nudge_on=nudge_on,
        reason="asked for a date", on=ON, at=AT, actor=ALICE,
    )  # fmt: skip
    session.flush()
    found = items(session)["note"]
    assert (found.due, found.since) == (nudge_on, ON)
    assert found.what == "ask the client again: 2. Optional note"
    assert (found.command, found.kind) == (f"opskit patch nudge {run.name} 2", "patch-nudge")
    assert "note" not in items(session, until=date(2027, 1, 7))


def test_what_is_submitted_waits_for_a_second_person(session: Session) -> None:
    run = start_small(session)
    check(session, run, all_green())
    tick(session, run, "note", answer="seen")
    tick(session, run, "backup", answer="22:10, 84 GB")
    check(session, run, all_green())
    services.assign(session, run=run, key="go", login="alice", at=AT, actor=ALICE)
    tick(session, run, "go")
    session.flush()
    found = items(session, until=date(2027, 1, 20))
    assert list(found) == ["go"]
    assert (found["go"].person, found["go"].role) == (None, "manager")
    assert (found["go"].what, found["go"].kind) == ("to approve: 5. Decision", "patch-approve")
    tick(session, run, "go", actor=BOB)
    session.flush()
    assert items(session, until=date(2027, 1, 20)) == {}


def test_whose_a_step_is(session: Session) -> None:
    run = start_small(session)
    services.assign(session, run=run, key="license", login="nora", at=AT, actor=ALICE)
    services.assign(session, run=run, key=None, login="max", at=AT, actor=ALICE)
    session.flush()
    jobs = {"max": "agent", "nora": "manager"}
    found = open_steps(session, kind="patch", today=ON, jobs=jobs)
    assert {each.item.step: each.item.person for each in found} == {
        "license": "nora",
        "note": "max",
    }
    found = open_steps(session, kind="patch", today=ON, jobs={"max": "sales"})
    assert {each.item.step: each.item.person for each in found} == {"license": "nora", "note": None}


def test_the_gates_have_commands_of_their_own(session: Session) -> None:
    run = start_small(session, template=load_template(GATES, "gates.yaml"))
    found = items(session)
    assert found["go"].command == f"opskit patch go {run.name}"
    assert found["end"].command == f"opskit patch close {run.name}"


def test_a_text_of_several_lines_is_told_on_one(session: Session) -> None:
    """And nothing in it colours a terminal, or makes a heading in a mail."""
    text = SMALL.replace("en: Optional note", 'en: "Optional\\n\\n# \\e[31mnote"')
    start_small(session, template=load_template(text, "small.yaml"))
    assert items(session)["note"].what == "2. Optional  # ?[31mnote"


def test_what_is_given_up_waits_for_nobody(session: Session) -> None:
    run = start_small(session)
    services.cancel(session, run=run, reason="client left", at=AT, actor=ALICE)
    session.flush()
    assert steps(session) == []


def test_a_list_that_stands_by_itself(session: Session) -> None:
    run = start_small(session, kind="checklist", letter="K", subject="Spring cleaning")
    assert steps(session) == []
    services.assign(session, run=run, key=None, login="max", at=AT, actor=ALICE)
    session.flush()
    first, second = ChecklistTodo().items(session, today=ON)
    assert (first.title, first.person, first.kind) == ("Spring cleaning", "max", "checklist-step")
    assert second.command == f"opskit checklist tick {run.name} 2"


@pytest.mark.parametrize("runs", [1, 12])
def test_one_question_to_the_database_however_many_runs(session: Session, runs: int) -> None:
    for _number in range(runs):
        start_small(session)
    session.flush()
    session.expunge_all()
    with counted(session.get_bind().engine) as asked:
        assert len(steps(session)) == 2 * runs
    assert len(asked) == 1


@pytest.mark.parametrize("runs", [1, 12])
def test_and_two_more_where_something_no_longer_counts(session: Session, runs: int) -> None:
    for _number in range(runs):
        run = start_small(session)
        step = services.find_step(run, "note")
        step.state, step.waived_until = "waived", date(2027, 1, 3)
    session.flush()
    session.expunge_all()
    with counted(session.get_bind().engine) as asked:
        assert len(steps(session)) == 2 * runs
    assert len(asked) == 3


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)
