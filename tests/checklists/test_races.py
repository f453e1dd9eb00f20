"""Two people at the same step at once: one of them is told, and nothing is lost."""

import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.models import Run
from opskit.checklists.templates import load_template
from opskit.core.db import snapshot, transaction
from opskit.core.errors import ConflictError
from opskit.core.events import Event, record, verify_chain
from opskit.core.identity import Identity
from opskit.core.numbers import next_number
from tests.checklists.samples import ALICE, AT, BOB, ON, SMALL, start_small
from tests.support.races import at_once, together

Work = Callable[[Session], None]


@pytest.fixture
def number(own_engine: Engine) -> int:
    with transaction(own_engine) as session:
        return start_small(session).number


def found(session: Session, number: int) -> Run:
    return services.find_run(session, kind="patch", number=number)


def ticking(number: int, key: str, who: Identity, answer: str) -> Work:
    def work(session: Session) -> None:
        services.tick(
            session,
            run=found(session, number),
            key=key,
            answer=answer,
            ticket=None,
            on=ON,
            at=AT,
            actor=who,
        )

    return work


def ticks(engine: Engine) -> list[Event]:
    with snapshot(engine) as session:
        query = select(Event).where(Event.action == "patch.ticked").order_by(Event.id)
        return list(session.scalars(query))


def assert_one_tick(
    engine: Engine, number: int, failures: list[Exception], *, before: int = 0
) -> None:
    assert [type(err) for err in failures] == [ConflictError]
    assert str(failures[0]) == "P1 2 (note): the step is done already"
    (event,) = ticks(engine)[before:]
    with snapshot(engine) as session:
        note = found(session, number).steps[1]
        assert (note.state, note.answer) == ("done", (event.personal or {})["answer"])
        assert note.answered_by == event.actor_id
        assert verify_chain(session).faults == ()


def test_the_second_waits_and_sees_what_the_first_did(own_engine: Engine, number: int) -> None:
    first, second = ticking(number, "note", ALICE, "hers"), ticking(number, "note", BOB, "his")
    assert_one_tick(own_engine, number, together(own_engine, first, second))
    assert [event.actor_id for event in ticks(own_engine)] == [ALICE.entity_id]


def test_whoever_has_read_the_run_before(own_engine: Engine, number: int) -> None:
    """Both look at a step that is open; the lock of the second shows it what happened since."""
    first, second = ticking(number, "note", ALICE, "hers"), ticking(number, "note", BOB, "his")
    for turn in range(3):
        failures = at_once(own_engine, first, second)
        assert_one_tick(own_engine, number, failures, before=turn)
        with transaction(own_engine) as session:
            services.reopen(
                session, run=found(session, number), key="note", reason="again", at=AT, actor=ALICE
            )


def test_two_steps_at_once_are_both_done(own_engine: Engine) -> None:
    text = SMALL.replace("needs: [license, note]\n    evidence: value", "evidence: value")
    with transaction(own_engine) as session:
        run = start_small(session, template=load_template(text, "small.yaml"))
        number = run.number
    failures = at_once(
        own_engine,
        ticking(number, "note", ALICE, "nothing"),
        ticking(number, "backup", BOB, "84 GB"),
    )
    assert failures == []
    with snapshot(own_engine) as session:
        steps = {step.key: (step.state, step.answer) for step in found(session, number).steps}
    assert (steps["note"], steps["backup"]) == (("done", "nothing"), ("done", "84 GB"))


@pytest.mark.parametrize("own_engine", ["postgresql"], indirect=True)
def test_a_first_run_of_a_template_beside_another_run(own_engine: Engine) -> None:
    """Its template is an event of its own, and the number comes before every event."""
    has_number = threading.Event()

    def begin(session: Session) -> None:
        next_number(session, "P")
        has_number.set()
        time.sleep(0.3)  # the other one has come as far as it gets
        record(session, actor=BOB, at=AT, action="patch.started", subject="P1")

    def begin_with_new_template(session: Session) -> None:
        assert has_number.wait(10)
        start_small(session)

    assert at_once(own_engine, begin, begin_with_new_template) == []


def test_a_tick_against_a_cancellation(own_engine: Engine, number: int) -> None:
    def cancel(session: Session) -> None:
        services.cancel(session, run=found(session, number), reason="no", at=AT, actor=BOB)

    failures = together(own_engine, cancel, ticking(number, "note", ALICE, "x"))
    assert [str(err) for err in failures] == [f"P{number} was cancelled"]
    assert ticks(own_engine) == []
