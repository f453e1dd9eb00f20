"""Everybody on a line, from the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.boards.board import Wanted, board, mentor_loads
from onboarding.boards.presenting import board_columns, board_row, export_columns, load_line
from onboarding.boards.standing import Course
from onboarding.models import Consultant, ConsultantState
from onboarding.reviews.models import Review
from opskit.staff.models import Absence, PersonState
from tests.onboarding.walkers import AT, START, person, settle_until, walk


@pytest.fixture
def team(session: Session) -> Session:
    """Maria goes along with two, Paul with one who is on time; one has left."""
    maria, paul = person(session, "mruiz", "Maria Ruiz"), person(session, "prey", "Paul Rey")
    walk(session, person(session, "cperret", "Camille Perret", "consultant"), maria)
    zoe = person(session, "zweber", "Zoé Weber", "consultant")
    walk(session, zoe, maria, path="logistics", start_on=START + timedelta(days=7))
    noah = walk(session, person(session, "nfrey", "Noah Frey", "consultant"), paul)
    settle_until(noah, START + timedelta(days=14))
    gone = person(session, "lkunz", "Lia Kunz", "consultant")
    walk(session, gone, paul, state=ConsultantState.LEFT)
    session.flush()
    return session


def test_who_stands_on_the_board(team: Session) -> None:
    lines = board(team, on=START)
    assert [(line.name, line.pole, line.mentor, line.mentor_load) for line in lines] == [
        ("Camille Perret", "back-office", "Maria Ruiz", 2),
        ("Noah Frey", "back-office", "Paul Rey", 1),
        ("Zoé Weber", "logistics", "Maria Ruiz", 2),
    ]
    courses = [line.standing.course for line in lines]
    assert courses == [Course.LATE, Course.ON_TRACK, Course.LATE]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted(pole="logistics"), ["Zoé Weber"]),
        (Wanted(mentor="prey"), ["Noah Frey"]),
        (Wanted(only_late=True), ["Camille Perret", "Zoé Weber"]),
        (Wanted(entity_id="e-nfrey"), ["Noah Frey"]),
        (Wanted(entity_id="e-mruiz"), ["Camille Perret", "Zoé Weber"]),
        (Wanted(entity_id="e-nobody"), []),
        (Wanted(pole="logistics", mentor="prey"), []),
    ],
)
def test_a_narrower_board(team: Session, wanted: Wanted, names: list[str]) -> None:
    assert [line.name for line in board(team, on=START, wanted=wanted)] == names


def test_what_mentors_carry(team: Session) -> None:
    paul = person(team, "prey", "Paul Rey")
    row = Absence(
        person_id=paul.id,
        first=START,
        last=START,
        reason="holiday",
        recorded_by="e-prey",
        recorded_at=AT,
    )
    team.add(row)
    team.flush()
    loads = mentor_loads(team, board(team, on=START), on=START)
    assert [(each.login, each.consultants, each.behind, each.is_away) for each in loads] == [
        ("mruiz", 2, 2, False),
        ("prey", 1, 0, True),
    ]


def test_a_mentor_who_left_is_a_risk(team: Session) -> None:
    person(team, "prey", "Paul Rey").state = PersonState.DISABLED
    team.flush()
    noah = next(line for line in board(team, on=START) if line.name == "Noah Frey")
    assert noah.standing.status == "at risk: the mentor has left"


def test_a_probation_is_a_risk_until_it_is_confirmed(team: Session) -> None:
    def status() -> str:
        noah = next(line for line in board(team, on=START) if line.name == "Noah Frey")
        return noah.standing.status

    query = select(Consultant).where(Consultant.person_id == person(team, "nfrey", "Noah Frey").id)
    noah = team.scalars(query).one()
    noah.probation_until = START + timedelta(days=3)
    team.flush()
    assert status() == "at risk: the probation ends on 2027-02-04"
    review = Review(
        run_number=noah.run_number,
        kind="day-90",
        decision="confirm",
        due_on=START,
        held_on=START,
        decided_by="e-boss",
        decided_at=AT,
    )
    team.add(review)
    team.flush()
    assert status() == "on track"


def test_a_pause_is_no_delay(team: Session) -> None:
    lea = person(team, "lfavre", "Léa Favre", "consultant")
    walk(team, lea, person(team, "prey", "Paul Rey"), state=ConsultantState.PAUSED)
    found = next(line for line in board(team, on=START) if line.name == "Léa Favre")
    assert (found.standing.course, found.standing.status) == (Course.PAUSED, "paused")


def test_nobody(session: Session) -> None:
    assert board(session, on=START) == []


def test_the_keys_that_scripts_depend_on(team: Session) -> None:
    row = board_row(board(team, on=START)[0])
    assert list(row) == [
        *("number", "name", "login", "path", "pole", "start_on", "mentor", "mentor_login"),
        *("mentor_load", "phase", "done", "total", "percent", "late", "next_review"),
        *("course", "status"),
    ]
    assert set(board_columns()) | set(export_columns()) <= set(row)


def test_what_a_mentor_carries_in_words(team: Session) -> None:
    maria, _paul = mentor_loads(team, board(team, on=START), on=START)
    assert load_line(maria) == "Maria Ruiz goes along with 2, of whom late or at risk: 2"
