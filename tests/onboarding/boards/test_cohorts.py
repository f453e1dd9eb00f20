"""Cohorts: medians of five at least, and nothing about fewer."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from onboarding.boards.cohorts import SMALLEST, Reached, cohorts
from onboarding.boards.errors import CohortTooSmallError
from onboarding.models import ConsultantState, Pause
from onboarding.services import Walk
from onboarding.skills.models import PublishedTree, SignOff
from tests.onboarding.walkers import AT, START, person, settle, walk

ON = START + timedelta(days=300)


def many(session: Session, count: int, path: str = "back-office") -> list[Walk]:
    mentor = person(session, "mruiz", "Maria Ruiz")
    return [
        walk(
            session,
            person(session, f"{path[0]}{chr(97 + at)}{chr(97 + at)}", f"Person {path} {at}"),
            mentor,
            path=path,
        )
        for at in range(count)
    ]


def test_medians_of_a_cohort(session: Session) -> None:
    for at, each in enumerate(many(session, 6)):
        settle(each, "own-queue", on=START + timedelta(days=50 + 10 * at))
        if at < 5:
            settle(each, "patch-alone", on=START + timedelta(days=80))
        if at < 4:
            settle(each, "review-month-6", on=START + timedelta(days=180))
    session.flush()
    (found,) = cohorts(session, on=ON).shown
    assert (found.name, found.people) == ("back-office 2027", 6)
    assert [(each.milestone, each.count, each.median_days) for each in found.reached] == [
        ("first-ticket", 6, 75),
        ("first-patch", 5, 80),
        ("autonomy", None, None),
    ]


def test_fewer_than_five_are_withheld_and_refused(session: Session) -> None:
    many(session, 5)
    many(session, 4, "logistics")
    session.flush()
    found = cohorts(session, on=ON)
    assert [each.name for each in found.shown] == ["back-office 2027"]
    assert found.withheld == 1
    with pytest.raises(CohortTooSmallError) as caught:
        cohorts(session, on=ON, pole="logistics", year=2027)
    assert caught.value.message == (
        "logistics 2027 has fewer than five people; nothing is said of so few"
    )
    assert cohorts(session, on=ON, pole="logistics", year=2025).shown == ()


def test_who_has_not_begun_is_no_member(session: Session) -> None:
    walks = many(session, 6)
    walks[0].consultant.start_on = ON
    walks[1].consultant.start_on = ON + timedelta(days=1)
    session.flush()
    assert [each.people for each in cohorts(session, on=ON).shown] == [5]
    assert cohorts(session, on=ON - timedelta(days=1)).withheld == 1


def test_an_undone_path_is_no_member(session: Session) -> None:
    walks = many(session, 5)
    walks[0].consultant.state = ConsultantState.UNDONE
    session.flush()
    assert cohorts(session, on=ON).shown == ()


def test_days_of_a_pause_do_not_count(session: Session) -> None:
    for each in many(session, 5):
        settle(each, "own-queue", on=START + timedelta(days=60))
        session.add(
            Pause(
                consultant_id=each.consultant.id,
                paused_on=START + timedelta(days=10),
                resumed_on=START + timedelta(days=30),
                days=14,
            )
        )
    session.flush()
    (found,) = cohorts(session, on=ON).shown
    assert found.reached[0].days == (40,) * 5


def test_a_sign_off_counts_like_its_step(session: Session) -> None:
    session.add(
        PublishedTree(
            digest="d", id="back-office", version=99, body="", published_at=AT, published_by="e"
        )
    )
    for each in many(session, 5):
        settle(each, "patch-alone", on=START + timedelta(days=90))
        session.add(
            SignOff(
                person_id=each.person.id,
                competence="patch-preparation",
                evidence=[],
                signed_on=START + timedelta(days=70),
                signed_by="e-mruiz",
                signed_at=AT,
            )
        )
    session.flush()
    (found,) = cohorts(session, on=ON).shown
    assert found.reached[1].days == (70,) * 5


@given(days=st.lists(st.integers(0, 900), max_size=40), more=st.integers(0, 10))
def test_a_curve_rises_from_0_and_never_above_1(days: list[int], more: int) -> None:
    reached = Reached("autonomy", tuple(sorted(days)))
    curve = reached.curve(len(days) + more)
    assert bool(curve) == (len(days) >= SMALLEST)
    shares = [share for _day, share in curve]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
