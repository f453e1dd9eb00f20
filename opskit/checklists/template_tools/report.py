"""What the runs of a template teach: which steps never fail, are always left out, always late."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from opskit.checklists.models import CANCELLED, PublishedTemplate, Run, Step
from opskit.checklists.states import State
from opskit.checklists.templates import Gate, Template

ENOUGH = 3  # fewer runs teach nothing

NEVER_FAILS = "never-fails"
ALWAYS_WAIVED = "always-waived"
ALWAYS_LATE = "always-late"


@dataclass(frozen=True, slots=True)
class StepLesson:
    """One step over the runs it concerned; an answer before its day counts below zero."""

    key: str
    runs: int
    answered: int
    failures: int
    waived: int
    skipped: int
    late: int
    average_days_late: float | None
    remarks: tuple[str, ...]


class days_late(FunctionElement[int]):  # noqa: N801 (a function of SQL)
    """Days from the due date to the answer, both as dates."""

    type = Integer()
    inherit_cache = True


@compiles(days_late, "sqlite")
def _on_sqlite(element: days_late, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 (SQLAlchemy's)
    answered, due = element.clauses
    told, wanted = compiler.process(answered, **kw), compiler.process(due, **kw)
    return f"CAST(julianday(date({told})) - julianday({wanted}) AS INTEGER)"


@compiles(days_late, "postgresql")
def _on_postgresql(element: days_late, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 (SQLAlchemy's)
    answered, due = element.clauses
    told, wanted = compiler.process(answered, **kw), compiler.process(due, **kw)
    return f"(CAST({told} AT TIME ZONE 'UTC' AS DATE) - {wanted})"


def report(session: Session, template: Template) -> list[StepLesson]:
    """A line for each step of the template, in its order; cancelled runs teach nothing."""
    found = {row.key: row for row in session.execute(_query(template.id))}
    return [_lesson(template, step.key, found.get(step.key)) for step in template.steps]


def _query(template_id: str) -> Select[Any]:
    """One pass over every step of every run of any version."""
    late = days_late(Step.answered_at, Step.due_on)
    by_rule = (Step.state == State.NOT_APPLICABLE) & Step.answered_by.is_(None)
    is_done = (Step.state == State.DONE) & Step.answered_at.is_not(None)

    def count(condition: Any) -> Any:  # noqa: ANN401 (an expression of SQL)
        return func.sum(case((condition, 1), else_=0))

    return (
        select(
            Step.key,
            func.count().label("runs"),
            count(Step.state.in_([State.DONE, State.FAILED])).label("answered"),
            func.sum(Step.failures).label("failures"),
            count(Step.state == State.WAIVED).label("waived"),
            count(Step.state == State.NOT_APPLICABLE).label("skipped"),
            count(is_done & (late > 0)).label("late"),
            count(is_done).label("timed"),
            func.sum(case((is_done, late), else_=0)).label("days"),
        )
        .join(Run, Run.id == Step.run_id)
        .join(PublishedTemplate, PublishedTemplate.digest == Run.template_digest)
        .where(PublishedTemplate.id == template_id, Run.state != CANCELLED)
        .where(Step.dropped_at.is_(None), ~by_rule)
        .group_by(Step.key)
    )


def _lesson(template: Template, key: str, row: Any) -> StepLesson:  # noqa: ANN401 (a row)
    if row is None:
        return StepLesson(key, 0, 0, 0, 0, 0, 0, None, ())
    return StepLesson(
        key=key,
        runs=row.runs,
        answered=row.answered,
        failures=row.failures,
        waived=row.waived,
        skipped=row.skipped,
        late=row.late,
        average_days_late=round(row.days / row.timed, 1) if row.timed else None,
        remarks=tuple(_remarks(template, key, row)),
    )


def _remarks(template: Template, key: str, row: Any) -> Iterator[str]:  # noqa: ANN401
    """Only a check or a decision can fail; the others have nothing to teach there."""
    step = next(each for each in template.steps if each.key == key)
    can_fail = bool(step.checks) or step.gate is Gate.GO
    if can_fail and row.answered >= ENOUGH and not row.failures:
        yield NEVER_FAILS
    left_out = row.waived + row.skipped
    if left_out >= ENOUGH and left_out == row.answered + left_out:
        yield ALWAYS_WAIVED
    if row.timed >= ENOUGH and row.late == row.timed:
        yield ALWAYS_LATE
