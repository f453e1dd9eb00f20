"""How a walk ends, and what comes after it."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding import services
from onboarding.errors import WalkEndedError
from onboarding.models import Consultant
from onboarding.services import Walk
from onboarding.services.walks import walk_of
from opskit.checklists.errors import ReasonMissingError, SecondPersonError
from opskit.checklists.models import Step
from opskit.core.errors import ConflictError, DeniedError
from opskit.core.events import Event, verify_chain
from opskit.core.identity import Identity
from tests.onboarding.walking import AT, BOSS, GUIDE, SIGNED, answer, begin, last_event, settle


@pytest.fixture
def walk(session: Session) -> Walk:
    return begin(session)


def test_finished_when_every_step_is_settled(session: Session, walk: Walk) -> None:
    settle(walk)
    session.flush()
    assert services.finish(session, walk=walk, reason=None, **SIGNED) == []  # type: ignore[arg-type]
    assert (walk.consultant.state, walk.consultant.ended_at) == ("finished", AT)
    event = last_event(session)
    assert (event.action, event.before, event.after) == (
        "onboarding.finished", {"state": "active"}, {"waived": 0},
    )  # fmt: skip
    assert services.walks(session) == []
    assert services.find(session, "zoe kern").run.id == walk.run.id  # its history stays


def test_open_steps_are_waived_for_a_reason_only(session: Session, walk: Walk) -> None:
    answer(session, walk, "mentor")
    with pytest.raises(ConflictError, match="open steps of O1: 34") as caught:
        services.finish(session, walk=walk, reason=" ", **SIGNED)  # type: ignore[arg-type]
    assert "--reason" in caught.value.hint
    waived = services.finish(session, walk=walk, reason="knows it all", **SIGNED)  # type: ignore[arg-type]
    assert len(waived) == 34
    assert (walk.run.state, walk.consultant.state) == ("closed", "finished")
    assert {step.state for step in walk.run.steps} == {"done", "waived"}


def test_nobody_finishes_the_own_path(session: Session, walk: Walk) -> None:
    own = Identity(str(walk.person.entity_id), "zoe", frozenset({"manager"}))
    with pytest.raises(SecondPersonError):
        services.finish(session, walk=walk, reason="I know it", at=AT, actor=own)
    with pytest.raises(DeniedError, match="decides nothing about their own path"):
        services.find_to_lead(session, "zoe", own)


def test_undone_and_begun_again(session: Session, walk: Walk) -> None:
    answer(session, walk, "mentor")
    steps = session.scalar(select(func.count()).select_from(Step))
    events = session.scalar(select(func.count()).select_from(Event)) or 0
    with pytest.raises(ReasonMissingError):
        services.undo(session, walk=walk, reason="", **SIGNED)  # type: ignore[arg-type]
    services.undo(session, walk=walk, reason="the other pole", **SIGNED)  # type: ignore[arg-type]
    assert (walk.run.state, walk.consultant.state) == ("cancelled", "undone")
    assert session.scalar(select(func.count()).select_from(Step)) == steps
    assert (session.scalar(select(func.count()).select_from(Event)) or 0) > events
    assert last_event(session).after == {"answered": 1}
    with pytest.raises(WalkEndedError):
        services.undo(session, walk=walk, reason="again", **SIGNED)  # type: ignore[arg-type]
    second = begin(session, path="path-logistics-sonceboz")
    assert second.run.number == walk.run.number + 1
    assert services.find(session, "zoe").run.id == second.run.id
    assert services.find(session, walk.run.name).consultant.state == "undone"
    assert verify_chain(session).faults == ()


def test_whoever_leaves_ends_the_walk(session: Session, walk: Walk) -> None:
    words = {"reason": "another house", "at": AT}
    with pytest.raises(DeniedError):
        services.leave_path(session, person=walk.person, actor=GUIDE, **words)  # type: ignore[arg-type]
    ended = services.leave_path(session, person=walk.person, actor=BOSS, **words)  # type: ignore[arg-type]
    assert ended is not None
    assert (ended.consultant.state, ended.run.state) == ("left", "cancelled")
    again = services.leave_path(session, person=walk.person, actor=BOSS, **words)  # type: ignore[arg-type]
    assert again is None
    assert services.leave_path(session, person=walk.mentor, actor=BOSS, **words) is None  # type: ignore[arg-type]


def test_a_run_that_was_given_up_before_the_person_left(session: Session, walk: Walk) -> None:
    walk.run.state = "cancelled"
    session.flush()
    ended = services.leave_path(session, person=walk.person, reason="gone", at=AT, actor=BOSS)
    assert ended is not None
    assert ended.consultant.state == "left"


def test_somebody_who_comes_back_walks_again(session: Session, walk: Walk) -> None:
    services.leave_path(session, person=walk.person, reason="gone", at=AT, actor=BOSS)
    walk.person.state = "disabled"
    session.flush()
    with pytest.raises(ConflictError, match="Zoé Kern has left the team") as caught:
        begin(session)
    assert caught.value.hint == "first let the person back: opskit user enable zoe"
    walk.person.state = "active"
    session.flush()
    second = begin(session)
    walks = session.scalars(select(Consultant).order_by(Consultant.id)).all()
    assert [each.state for each in walks] == ["left", "active"]
    assert walk_of(session, walks[0]).run.id != second.run.id


def test_a_path_that_rests_is_a_path(session: Session, walk: Walk) -> None:
    day = walk.consultant.start_on
    services.pause(session, walk=walk, on=day, today=day, reason="ill", **SIGNED)  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match="is on the path"):
        begin(session)
    services.undo(session, walk=walk, reason="never came back", **SIGNED)  # type: ignore[arg-type]
    begin(session)
