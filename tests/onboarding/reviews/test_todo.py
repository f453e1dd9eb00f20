"""What waits on the way to a review."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from onboarding.models import ConsultantState
from onboarding.reviews.holding import Folder, open_folder
from onboarding.reviews.models import Verdict
from onboarding.reviews.todo import ReviewTodo
from onboarding.skills import rating
from onboarding.todo import OnboardingTodo
from opskit.core.todo import CONFIDENTIAL, TodoItem
from tests.onboarding.reviews.test_holding import PROBATION_END, decide, free
from tests.onboarding.skills.people import CAST, TODAY, says


def items(session: Session, today: date, until: date | None = None) -> Mapping[str, TodoItem]:
    session.flush()
    return {each.kind: each for each in ReviewTodo().items(session, today=today, until=until)}


@pytest.fixture
def due(folder: Folder) -> date:
    return folder.appointments[0].due_on


def test_a_self_rating_is_due_before_the_review(
    session: Session, folder: Folder, due: date
) -> None:
    assert "onboarding-self-rating" not in items(session, due - timedelta(40))
    item = items(session, due - timedelta(12))["onboarding-self-rating"]
    assert (item.person, item.due, item.step) == ("zoe", due - timedelta(5), "review-day-30")
    assert (item.command, item.subject) == ("opskit onboarding rate zoe", folder.run.name)
    assert item.title == "Onboarding of Zoé Kern"


def test_whoever_has_rated_themselves_is_left_alone(
    session: Session, folder: Folder, due: date, now: datetime
) -> None:
    for days, is_due in ((30, True), (10, False)):
        rating.rate(
            session, learner=folder.learner, said=says("vat", 2, due - timedelta(days)),
            today=due, at=now, actor=CAST.zoe,
        )  # fmt: skip
        assert ("onboarding-self-rating" in items(session, due)) is is_due


def test_what_holds_a_review_up_is_the_managers(
    session: Session, folder: Folder, due: date
) -> None:
    item = items(session, due)["onboarding-review"]
    assert (item.role, item.due, item.pole) == ("manager", due, "back-office")
    assert item.command == "opskit onboarding review zoe --kind day-30"
    free(folder)
    assert "onboarding-review" not in items(session, due)  # the step itself is on the list now
    session.flush()
    steps = OnboardingTodo().items(session, today=due)
    commands = [each.command for each in steps if each.step == "review-day-30"]
    assert commands == [f"opskit onboarding review {folder.run.name} --kind day-30"]


def test_a_probation_is_announced_until_somebody_decides(
    session: Session, folder: Folder, now: datetime
) -> None:
    assert "onboarding-probation" not in items(session, PROBATION_END - timedelta(40))
    for day in (PROBATION_END - timedelta(20), PROBATION_END + timedelta(20)):
        item = items(session, day)["onboarding-probation"]
        assert (item.due, item.role, item.readers) == (PROBATION_END, "manager", CONFIDENTIAL)
    free(folder, "day-90")
    decide(session, folder, CAST.paul, Verdict.CONFIRM, kind="day-90", at=now)
    assert "onboarding-probation" not in items(session, PROBATION_END)


def test_the_words_of_a_probation(session: Session, folder: Folder, now: datetime) -> None:
    assert folder.probation.in_words(on=TODAY) == "until 2026-11-30"
    assert folder.probation.in_words(on=date(2026, 12, 1)) == (
        "ended on 2026-11-30, nothing decided"
    )
    free(folder, "day-90")
    decide(session, folder, CAST.paul, Verdict.CONFIRM, kind="day-90", at=now)
    assert open_folder(session, "zoe").probation.in_words(on=TODAY) == "confirmed on 2026-11-24"


@pytest.mark.parametrize("state", [ConsultantState.PAUSED, ConsultantState.FINISHED])
def test_who_rests_or_is_through_has_nothing_to_do(
    session: Session, folder: Folder, due: date, state: ConsultantState
) -> None:
    assert folder.learner.consultant is not None
    folder.learner.consultant.state = state
    assert items(session, due) == {}
