"""Dates that move with the anchor, that stand, and that follow a pinned step."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.errors import RunClosedError
from opskit.checklists.models import Run
from opskit.checklists.templates import load_template
from opskit.core.business_days import PUBLIC
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.events import Event
from tests.checklists.samples import ALICE, ANCHOR, AT, BOB, SMALL, start_small, tick

LATER = date(2027, 2, 3)  # ten business days after the anchor
FREE: dict[str, Any] = {"at": AT, "actor": ALICE}
# What is done the day after the backup, and what is asked only in February
CHAINED = (
    SMALL
    + """\
  - key: restore
    text: {fr: Restauration essayée, en: Restore tried}
    phase: after
    owner: agent
    due: backup +2bd
  - key: winter
    text: {fr: Chauffage, en: Heating}
    phase: after
    owner: agent
    due: +1bd
    when: run.on >= "2027-02-01"
"""
)


@pytest.fixture
def run(session: Session) -> Run:
    return start_small(session, template=load_template(CHAINED, "small.yaml"))


def dates(run: Run) -> dict[str, str]:
    return {step.key: step.due_on.isoformat()[5:] for step in run.steps}


def events_of(session: Session, action: str) -> list[Event]:
    return [each for each in session.query(Event).order_by(Event.id) if each.action == action]


def test_what_would_move_is_told_and_nothing_moves(run: Run) -> None:
    before = dates(run)
    shifts = services.plan_move(run, to=LATER, calendar=PUBLIC)
    told = [(each.position, each.key, f"{each.before:%m-%d} {each.after:%m-%d}") for each in shifts]
    assert told == [
        (1, "license", "01-06 01-20"),
        (2, "note", "01-06 01-20"),
        (3, "backup", "01-19 02-02"),
        (4, "rerun", "01-19 02-02"),
        (5, "go", "01-20 02-03"),
        (6, "restore", "01-21 02-04"),
    ]
    assert dates(run) == before


def test_a_run_moves_as_it_was_told(session: Session, run: Run) -> None:
    planned = services.plan_move(run, to=LATER, calendar=PUBLIC)
    assert services.move_run(session, run=run, to=LATER, calendar=PUBLIC, **FREE) == planned
    assert run.anchor_on == LATER
    assert dates(run) == {
        "license": "01-20",
        "note": "01-20",
        "backup": "02-02",
        "rerun": "02-02",
        "go": "02-03",
        "restore": "02-04",
        "winter": "02-04",
    }
    (event,) = events_of(session, "patch.moved")
    assert event.before == {"anchor_on": "2027-01-20"}
    assert event.after == {"anchor_on": "2027-02-03", "steps": 6}


def test_a_condition_may_ask_for_the_day(session: Session, run: Run) -> None:
    (winter,) = (step for step in run.steps if step.key == "winter")
    assert winter.state == "not-applicable"
    services.move_run(session, run=run, to=LATER, calendar=PUBLIC, **FREE)
    assert winter.state == "ready"
    services.move_run(session, run=run, to=ANCHOR, calendar=PUBLIC, **FREE)
    assert winter.state == "not-applicable"


def test_what_is_settled_keeps_its_date(session: Session, run: Run) -> None:
    tick(session, run, "note")
    services.waive(session, run=run, key="license", reason="none", at=AT, actor=BOB)
    services.move_run(session, run=run, to=LATER, calendar=PUBLIC, **FREE)
    assert (dates(run)["note"], dates(run)["license"]) == ("01-06", "01-06")


def test_what_counts_from_a_step_that_is_done_counts_from_its_date(
    session: Session, run: Run
) -> None:
    services.waive(session, run=run, key="license", reason="none", at=AT, actor=BOB)
    tick(session, run, "note")
    tick(session, run, "backup", answer="84 GB")
    services.move_run(session, run=run, to=LATER, calendar=PUBLIC, **FREE)
    assert (dates(run)["backup"], dates(run)["restore"]) == ("01-19", "01-21")


def test_a_pinned_step_stands_and_others_follow_it(session: Session, run: Run) -> None:
    friday = date(2027, 1, 8)
    planned = services.plan_pin(run, key="backup", on=friday, calendar=PUBLIC)
    assert [each.key for each in planned] == ["backup", "restore"]
    services.pin(session, run=run, key="3", on=friday, calendar=PUBLIC, **FREE)
    assert (dates(run)["backup"], dates(run)["restore"]) == ("01-08", "01-12")
    services.move_run(session, run=run, to=LATER, calendar=PUBLIC, **FREE)
    assert (dates(run)["backup"], dates(run)["restore"]) == ("01-08", "01-12")
    (event,) = events_of(session, "patch.pinned")
    assert (event.subject, event.before, event.after) == (
        f"{run.name}/backup",
        {"due_on": "2027-01-19"},
        {"due_on": "2027-01-08"},
    )


def test_an_unpinned_step_follows_again(session: Session, run: Run) -> None:
    services.pin(session, run=run, key="backup", on=date(2027, 1, 8), calendar=PUBLIC, **FREE)
    planned = services.plan_pin(run, key="backup", on=None, calendar=PUBLIC)
    assert [f"{each.key} {each.after:%m-%d}" for each in planned] == [
        "backup 01-19",
        "restore 01-21",
    ]
    services.pin(session, run=run, key="backup", on=None, calendar=PUBLIC, **FREE)
    assert (dates(run)["backup"], dates(run)["restore"]) == ("01-19", "01-21")
    assert not any(step.is_pinned for step in run.steps)
    assert len(events_of(session, "patch.unpinned")) == 1


def test_moving_to_the_same_day_is_no_event(session: Session, run: Run) -> None:
    assert services.move_run(session, run=run, to=ANCHOR, calendar=PUBLIC, **FREE) == []
    assert events_of(session, "patch.moved") == []


def test_what_cannot_be_pinned(session: Session, run: Run) -> None:
    tick(session, run, "note")
    with pytest.raises(ConflictError, match="note is settled and keeps its date"):
        services.pin(session, run=run, key="note", on=LATER, calendar=PUBLIC, **FREE)
    with pytest.raises(ConflictError, match="backup is not pinned"):
        services.pin(session, run=run, key="backup", on=None, calendar=PUBLIC, **FREE)
    with pytest.raises(NotFoundError):
        services.pin(session, run=run, key="bakup", on=LATER, calendar=PUBLIC, **FREE)


def test_what_is_over_does_not_move(session: Session, run: Run) -> None:
    for step in run.steps:
        if step.state not in ("not-applicable", "waived"):
            services.waive(session, run=run, key=step.key, reason="rehearsal", at=AT, actor=BOB)
    assert run.state == "closed"
    with pytest.raises(RunClosedError, match="is closed"):
        services.plan_move(run, to=LATER, calendar=PUBLIC)
    with pytest.raises(RunClosedError, match="is closed"):
        services.move_run(session, run=run, to=LATER, calendar=PUBLIC, **FREE)
    services.reopen(session, run=run, key="go", reason="no", **FREE)
    services.cancel(session, run=run, reason="no", **FREE)
    with pytest.raises(RunClosedError, match="was cancelled"):
        services.plan_pin(run, key="go", on=LATER, calendar=PUBLIC)
    with pytest.raises(RunClosedError, match="was cancelled"):
        services.move_run(session, run=run, to=LATER, calendar=PUBLIC, **FREE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(days=st.lists(st.dates(date(2026, 1, 1), date(2034, 12, 31)), max_size=3))
def test_wherever_a_run_went_it_comes_back_to_the_same_dates(
    session: Session, days: list[date]
) -> None:
    with session.begin_nested() as savepoint:
        run = start_small(session, template=load_template(CHAINED, "small.yaml"))
        began = dates(run)
        for day in (*days, ANCHOR):
            services.move_run(session, run=run, to=day, calendar=PUBLIC, **FREE)
        assert dates(run) == began
        savepoint.rollback()
