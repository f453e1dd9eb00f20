"""Whatever happens on a path, its progress stays between 0 and 100, and its log in order."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from onboarding import services
from onboarding.paths import Wish, choose_path
from onboarding.roll import Wanted, roll
from onboarding.services import Walk
from opskit.checklists import services as checklists
from opskit.checklists.progress import progress
from opskit.checklists.states import SETTLED
from opskit.core.business_days import PUBLIC
from opskit.core.errors import OpsError
from opskit.core.events import verify_chain
from tests.onboarding.walking import BOSS, SIGNED, START, answer, begin

WORDS: dict[str, Any] = {"calendar": PUBLIC, **SIGNED}
WISHES = (
    Wish(pole="logistics", site="sonceboz"),
    Wish(pole="back-office", site="lausanne", modules=("on-call", "remote")),
    Wish(path="back-office"),
)


def tick(session: Session, walk: Walk, number: int) -> None:
    ready = [step.key for step in walk.run.steps if step.state == "ready"]
    if ready:
        answer(session, walk, ready[number % len(ready)])


def reopen(session: Session, walk: Walk, number: int) -> None:
    settled = [step.key for step in walk.run.steps if step.state in SETTLED]
    if settled:
        key = settled[number % len(settled)]
        checklists.reopen(session, run=walk.run, key=key, reason="again", **SIGNED)  # type: ignore[arg-type]


def waive(session: Session, walk: Walk, number: int) -> None:
    key = walk.run.steps[number % len(walk.run.steps)].key
    checklists.waive(session, run=walk.run, key=key, reason="known", **SIGNED)  # type: ignore[arg-type]


def add(session: Session, walk: Walk, number: int) -> None:
    wish = services.OwnStep("German course", START + timedelta(days=number))
    services.add_own_step(session, walk=walk, wish=wish, **WORDS)


def move(session: Session, walk: Walk, number: int) -> None:
    to = services.anchor_of(session, walk.run, START + timedelta(days=number), PUBLIC)
    checklists.move_run(session, run=walk.run, to=to, **WORDS)


def pause(session: Session, walk: Walk, number: int) -> None:
    day = START + timedelta(days=number)
    services.pause(session, walk=walk, on=day, today=day, reason="ill", **SIGNED)  # type: ignore[arg-type]


def resume(session: Session, walk: Walk, number: int) -> None:
    services.resume(session, walk=walk, on=START + timedelta(days=number), **WORDS)


def switch(session: Session, walk: Walk, number: int) -> None:
    path = choose_path(session, WISHES[number % len(WISHES)])
    services.switch_path(session, walk=walk, path=path, reason="needed", canton="BE", **WORDS)


def finish(session: Session, walk: Walk, number: int) -> None:
    if number > 90:
        services.finish(session, walk=walk, reason="enough", **SIGNED)  # type: ignore[arg-type]


Act = Callable[[Session, Walk, int], None]
ACTS: tuple[Act, ...] = (tick, tick, reopen, waive, add, move, pause, resume, switch, finish)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 99)), max_size=20))
def test_any_course_of_a_walk(session: Session, course: list[tuple[Act, int]]) -> None:
    with session.begin_nested() as nested:
        walk = begin(session)
        for act, number in course:
            try:
                act(session, walk, number)
            except OpsError:
                continue  # refused, and nothing has changed
        session.flush()
        counted = progress(walk.run.steps, on=date(2027, 6, 1))
        assert 0 <= counted.percent <= 100
        assert 0 <= counted.done <= counted.total
        assert (counted.percent == 100) is (counted.done == counted.total)
        positions = [step.position for step in walk.run.steps]
        assert positions == sorted(set(positions))
        states = ("active", "paused", "finished")
        (line,) = roll(session, wanted=Wanted(states), actor=BOSS, on=date(2027, 6, 1))
        assert (line.done, line.total, line.percent) == (
            counted.done, counted.total, counted.percent,
        )  # fmt: skip
        assert verify_chain(session).faults == ()
        nested.rollback()
    session.expunge_all()
