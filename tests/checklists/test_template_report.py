"""What many runs teach about the steps of their template."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import event
from sqlalchemy.orm import Session

from opskit.checklists.models import CANCELLED, Run
from opskit.checklists.states import State
from opskit.checklists.template_tools.report import StepLesson, report
from tests.checklists.samples import AT, BOB, small_template, start_small

WHO = BOB.entity_id


def finish(run: Run, **answers: dict[str, Any]) -> None:
    """Put the steps of a run where these answers lead; the others stay as they began."""
    for step in run.steps:
        for name, value in answers.get(step.key, {}).items():
            setattr(step, name, value)


def done(on: date, days: int, *, hour: int = 8) -> dict[str, Any]:
    at = datetime(on.year, on.month, on.day, hour, tzinfo=UTC) + timedelta(days=days)
    return {"state": State.DONE, "answered_at": at, "answered_by": WHO}


def lessons(session: Session) -> dict[str, StepLesson]:
    session.flush()
    return {each.key: each for each in report(session, small_template())}


def runs(session: Session, count: int) -> list[Run]:
    return [start_small(session, subject=f"CLIENT-{i}") for i in range(count)]


def due(run: Run, key: str) -> date:
    return next(step.due_on for step in run.steps if step.key == key)


def test_without_runs_there_is_nothing_to_learn(session: Session) -> None:
    assert [(each.runs, each.average_days_late, each.remarks) for each in report(
        session, small_template()
    )] == [(0, None, ())] * 5  # fmt: skip


def test_steps_that_are_always_late_never_fail_or_are_left_out(session: Session) -> None:
    for i, run in enumerate(runs(session, 3)):
        finish(
            run,
            license={"state": State.DONE, "checked_at": AT},
            note={"state": State.NOT_APPLICABLE, "answered_by": WHO, "answered_at": AT},
            backup=done(due(run, "backup"), 2 + i),
            rerun={"state": State.WAIVED, "answered_by": WHO, "answered_at": AT},
            go=done(due(run, "go"), -1),
        )
    found = lessons(session)
    assert found["license"].remarks == ("never-fails",)
    assert found["note"].remarks == ("always-waived",)
    assert (found["note"].skipped, found["note"].waived) == (3, 0)
    assert found["backup"].remarks == ("always-late",)
    assert (found["backup"].late, found["backup"].average_days_late) == (3, 3.0)
    assert (found["rerun"].waived, found["rerun"].remarks) == (3, ("always-waived",))
    assert (found["go"].late, found["go"].average_days_late) == (0, -1.0)
    assert found["go"].remarks == ()


def test_two_runs_are_not_enough_and_one_exception_is_an_exception(session: Session) -> None:
    first, second, third = runs(session, 3)
    finish(first, backup=done(due(first, "backup"), 5), license={"state": State.DONE})
    finish(second, backup=done(due(second, "backup"), 5), license={"state": State.DONE})
    assert {each.remarks for each in lessons(session).values()} == {()}
    finish(third, backup=done(due(third, "backup"), 0, hour=22), license={"state": State.FAILED})
    third.steps[0].failures = 4
    found = lessons(session)
    assert (found["backup"].late, found["backup"].average_days_late) == (2, 3.3)
    assert (found["license"].answered, found["license"].failures) == (3, 4)
    assert {each.remarks for each in found.values()} == {()}


def test_other_templates_cancelled_runs_and_rules_do_not_count(session: Session) -> None:
    other = msgspec.structs.replace(small_template(), id="other")
    start_small(session, template=other)
    cancelled, by_rule, plain, newer = runs(session, 4)
    cancelled.state = CANCELLED
    finish(by_rule, note={"state": State.NOT_APPLICABLE})
    newer.steps[1].dropped_at = AT
    finish(plain, note=done(due(plain, "note"), 0))
    found = lessons(session)
    assert (found["note"].runs, found["note"].answered, found["note"].skipped) == (1, 1, 0)
    assert found["license"].runs == 3


def test_every_version_counts_and_one_query_is_enough(session: Session) -> None:
    runs(session, 1)
    start_small(session, template=msgspec.structs.replace(small_template(), version=2))
    session.flush()
    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert {each.runs for each in report(session, small_template())} == {2}
    assert len(asked) == 1
