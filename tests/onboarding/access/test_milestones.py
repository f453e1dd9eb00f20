"""What sign-offs propose, on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from onboarding.access.carrying import enter
from onboarding.access.level import Level
from onboarding.access.levels import Levels
from onboarding.access.milestones import held_by, proposals
from onboarding.access.todo import GrowingTodo
from onboarding.models import ConsultantState
from onboarding.services import Walk
from opskit.core.config import Home
from tests.onboarding import walkers
from tests.onboarding.access.conftest import Sign


def proposed(session: Session, levels: Levels) -> list[tuple[str, Level, Level]]:
    return [(each.person.login, each.held, each.level) for each in proposals(session, levels)]


@pytest.fixture
def newcomer(session: Session) -> Walk:
    """No safe is asked for a proposal."""
    person = walkers.person(session, "cperret", "Camille Perret", role="consultant")
    return walkers.walk(session, person, walkers.person(session, "mruiz", "Maria Ruiz"))


def test_milestones_propose_one_level_after_the_other(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign, now: datetime
) -> None:
    assert proposed(session, levels) == []
    sign(newcomer, "safe-training")
    assert proposed(session, levels) == [("cperret", Level.NONE, Level.SANDBOX)]
    enter(session, newcomer.person, before="none", level="sandbox", by=walkers.ADMIN, at=now)
    assert proposed(session, levels) == []
    sign(newcomer, "review-day-60", "patch-with-mentor")
    assert proposed(session, levels) == []
    sign(newcomer, "review-day-30")
    assert proposed(session, levels) == [("cperret", Level.SANDBOX, Level.POLE)]
    assert held_by(session, newcomer.person) is Level.SANDBOX


def test_the_newcomers_own_hand_signs_nothing(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign
) -> None:
    sign(newcomer, "safe-training", by=str(newcomer.person.entity_id))
    assert proposed(session, levels) == []


def test_another_newcomers_hand_signs_nothing_but_a_mentors(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign
) -> None:
    """To whom a step was given may tick it: two newcomers could do that for each other."""
    friend = walkers.person(session, "afriend", "Ann Friend", role="consultant")
    sign(newcomer, "safe-training", by="e-afriend")
    assert proposed(session, levels) == []
    newcomer.consultant.mentor_id = friend.id
    session.flush()
    assert proposed(session, levels) == [("cperret", Level.NONE, Level.SANDBOX)]


@pytest.mark.parametrize("state", ["submitted", "waived", "not-applicable", "ready"])
def test_only_a_step_that_is_done_counts(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign, state: str
) -> None:
    sign(newcomer, "safe-training")
    next(each for each in newcomer.run.steps if each.key == "safe-training").state = state
    session.flush()
    assert proposed(session, levels) == []


def test_what_was_taken_away_waits_for_a_later_sign_off(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign, now: datetime
) -> None:
    sign(newcomer, "safe-training", at=now)
    later = now + timedelta(days=1)
    enter(session, newcomer.person, before="none", level="sandbox", by=walkers.ADMIN, at=now)
    enter(session, newcomer.person, before="sandbox", level="none", by=walkers.ADMIN, at=later)
    assert proposed(session, levels) == []
    sign(newcomer, "safe-training", at=later + timedelta(hours=1))
    assert proposed(session, levels) == [("cperret", Level.NONE, Level.SANDBOX)]


def test_after_a_step_down_the_signatures_of_before_count_no_more(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign, now: datetime
) -> None:
    sign(newcomer, *levels.keys, at=now)
    later = now + timedelta(days=1)
    for before, level in (("none", "pole"), ("pole", "none"), ("none", "sandbox")):
        enter(session, newcomer.person, before=before, level=level, by=walkers.ADMIN, at=later)
    assert proposed(session, levels) == []
    sign(newcomer, "review-day-30", at=later + timedelta(days=1))
    assert proposed(session, levels) == [("cperret", Level.SANDBOX, Level.READ_ONLY)]


def test_what_was_given_without_a_sign_off_needs_none_afterwards(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign, now: datetime
) -> None:
    enter(session, newcomer.person, before="none", level="sandbox", by=walkers.ADMIN, at=now)
    sign(newcomer, "review-day-30")
    assert proposed(session, levels) == [("cperret", Level.SANDBOX, Level.READ_ONLY)]


@pytest.mark.parametrize("state", ConsultantState)
def test_whose_path_counts(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign, state: ConsultantState
) -> None:
    sign(newcomer, "safe-training")
    newcomer.consultant.state = state
    session.flush()
    counts = state in ("active", "paused", "finished")
    assert bool(proposed(session, levels)) is counts


def test_who_is_no_newcomer_or_has_left_is_not_proposed(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign
) -> None:
    sign(newcomer, "safe-training")
    newcomer.person.role = "agent"
    session.flush()
    assert proposed(session, levels) == []
    newcomer.person.role, newcomer.person.state = "consultant", "disabled"
    session.flush()
    assert proposed(session, levels) == []


def test_a_second_path_begins_without_the_signatures_of_the_first(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign
) -> None:
    sign(newcomer, "safe-training")
    newcomer.consultant.state = ConsultantState.FINISHED
    session.flush()
    second = walkers.walk(session, newcomer.person, newcomer.mentor)
    assert proposed(session, levels) == []
    sign(second, "safe-training")
    (found,) = proposals(session, levels)
    assert found.run == second.run.name


def test_who_came_back_earns_nothing_by_a_path_before_the_one_that_was_left(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign
) -> None:
    sign(newcomer, "safe-training")
    newcomer.consultant.state = ConsultantState.FINISHED
    session.flush()
    walkers.walk(session, newcomer.person, newcomer.mentor, state=ConsultantState.LEFT)
    assert proposed(session, levels) == []


def test_a_path_that_was_undone_hides_none(
    session: Session, levels: Levels, newcomer: Walk, sign: Sign
) -> None:
    sign(newcomer, "safe-training")
    newcomer.consultant.state = ConsultantState.FINISHED
    session.flush()
    walkers.walk(session, newcomer.person, newcomer.mentor, state=ConsultantState.UNDONE)
    assert proposed(session, levels) == [("cperret", Level.NONE, Level.SANDBOX)]


def test_a_proposal_stands_in_the_list_of_the_admins(
    session: Session, newcomer: Walk, sign: Sign, now: datetime, home: Home
) -> None:
    sign(newcomer, "safe-training")
    (item,) = GrowingTodo(home).items(session, today=now.date())
    assert (item.role, item.person, item.due, item.what) == (
        "admin",
        None,
        None,
        "access to give: sandbox",
    )
    assert item.command == "opskit onboarding access grant cperret sandbox"
    assert item.key == f"onboarding-access {newcomer.run.name} sandbox"


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))
