"""Reviews: who decides what, once, with the step of the path; the probation; the notes."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.reviews import holding
from onboarding.reviews.holding import Folder, open_folder, review_page
from onboarding.reviews.models import Circle, Review, ReviewNote, Verdict
from onboarding.reviews.notes import add_note, notes_for
from onboarding.skills.errors import NotYoursToRateError
from opskit.checklists.errors import StepBlockedError
from opskit.checklists.services.runs import find_step
from opskit.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError
from opskit.core.events import Event
from opskit.core.identity import Identity
from opskit.staff import services as staff
from tests.onboarding.skills.people import CAST, TODAY, known

PROBATION_END = date(2026, 11, 30)  # three months from 1 September on
KINDS = ["day-30", "day-60", "day-90", "month-6"]


def free(folder: Folder, kind: str = "day-30") -> None:
    """Everything before that review is done."""
    for step in folder.run.steps:
        if step.key == f"review-{kind}":
            step.state = "ready"
            return
        step.state = "done"


def decide(
    session: Session,
    folder: Folder,
    who: Identity,
    decision: Verdict = Verdict.CONTINUE,
    *,
    kind: str = "day-30",
    until: date | None = None,
    at: datetime,
) -> Review:
    session.flush()
    return holding.decide(
        session, open_folder(session, folder.run.name), kind=kind, decision=decision, until=until,
        on=TODAY, at=at, actor=who,
    )  # fmt: skip


def test_the_reviews_are_steps_of_the_path(session: Session, folder: Folder) -> None:
    assert [each.kind for each in folder.appointments] == KINDS
    assert [each.due_on for each in folder.appointments] == [
        step.due_on for step in folder.run.steps if step.key.startswith("review-")
    ]
    assert folder.probation.until == PROBATION_END


def test_a_review_is_held_once_and_ticks_its_step(
    session: Session, folder: Folder, now: datetime
) -> None:
    free(folder)
    made = decide(session, folder, CAST.maria, at=now)
    assert (made.decision, made.held_on) == ("continue", TODAY)
    step = find_step(folder.run, "review-day-30")
    assert (step.state, step.answer, step.answered_by) == ("done", "goes on as planned", "e-maria")
    event = session.scalars(select(Event).where(Event.action == "review.decided")).one()
    assert event.subject == folder.run.name
    assert event.after == {
        "kind": "day-30",
        "decision": "continue",
        "due_on": made.due_on.isoformat(),
        "held_on": "2026-11-24",
        "until": None,
    }
    with pytest.raises(ConflictError, match="day-30 review was held on 2026-11-24") as caught:
        decide(session, folder, CAST.paul, at=now)
    assert caught.value.hint == "opskit onboarding review zoe --kind day-30"


def test_open_steps_hold_it_up(session: Session, folder: Folder, now: datetime) -> None:
    with pytest.raises(StepBlockedError, match="self-assessment"), session.begin_nested():
        decide(session, folder, CAST.paul, at=now)
    assert session.scalars(select(Review)).all() == []
    page = review_page(session, folder, kind="day-30", on=TODAY, asker=CAST.paul)
    assert {each.key for each in page.agenda.holding_up} == {"self-assessment", "first-answers"}


def test_a_step_that_was_ticked_by_hand_stays(
    session: Session, folder: Folder, now: datetime
) -> None:
    step = find_step(folder.run, "review-day-30")
    step.state, step.answer = "done", "held in the meeting room"
    decide(session, folder, CAST.paul, at=now)
    assert step.answer == "held in the meeting room"


@pytest.mark.parametrize("who", [CAST.zoe, CAST.max, CAST.olga, CAST.ute])
def test_who_decides_nothing(
    session: Session, folder: Folder, now: datetime, who: Identity
) -> None:
    free(folder)
    with pytest.raises(NotYoursToRateError):
        decide(session, folder, who, at=now)


@pytest.mark.parametrize("decision", [Verdict.EXTEND, Verdict.CONFIRM])
def test_the_probation_is_the_managers(
    session: Session, folder: Folder, now: datetime, decision: Verdict
) -> None:
    free(folder)
    until = date(2027, 1, 31) if decision is Verdict.EXTEND else None
    with pytest.raises(DeniedError, match="lacks the role manager or admin"):
        decide(session, folder, CAST.maria, decision, until=until, at=now)


def test_confirm_ends_the_probation(session: Session, folder: Folder, now: datetime) -> None:
    free(folder, "day-90")
    decide(session, folder, CAST.paul, Verdict.CONFIRM, kind="day-90", at=now)
    after = open_folder(session, folder.run.name).probation
    assert (after.until, after.confirmed_on, after.is_open) == (TODAY, TODAY, False)
    free(folder, "month-6")
    with pytest.raises(ConflictError, match="the probation is over: confirmed on 2026-11-24"):
        decide(
            session, folder, CAST.paul, Verdict.EXTEND, kind="month-6",
            until=date(2027, 5, 1), at=now,
        )  # fmt: skip
    decide(session, folder, CAST.paul, kind="month-6", at=now)


def test_extend_moves_its_end(session: Session, folder: Folder, now: datetime) -> None:
    free(folder)
    until = PROBATION_END + timedelta(31)
    for too_early in (PROBATION_END, None):
        with pytest.raises(InvalidError, match="lasts until 2026-11-30 already"):
            decide(session, folder, CAST.paul, Verdict.EXTEND, until=too_early, at=now)
    decide(session, folder, CAST.paul, Verdict.EXTEND, until=until, at=now)
    assert open_folder(session, folder.run.name).probation.until == until
    assert find_step(folder.run, "review-day-30").answer == f"probation extended until {until}"


def test_an_old_probation_is_not_extended_into_the_past(
    session: Session, folder: Folder, now: datetime
) -> None:
    assert folder.learner.consultant is not None
    folder.learner.consultant.probation_until = TODAY - timedelta(20)
    free(folder)
    for until in (TODAY - timedelta(10), TODAY):
        with pytest.raises(InvalidError, match="is past"):
            decide(session, folder, CAST.paul, Verdict.EXTEND, until=until, at=now)
    until = TODAY + timedelta(10)
    decide(session, folder, CAST.paul, Verdict.EXTEND, until=until, at=now)
    assert folder.learner.consultant.probation_until == until


def test_which_review_is_meant(session: Session, folder: Folder, now: datetime) -> None:
    with pytest.raises(NotFoundError, match="this path has no review 'day-300'") as caught:
        review_page(session, folder, kind="day-300", on=TODAY, asker=CAST.paul)
    assert "day-30" in caught.value.hint
    free(folder)
    decide(session, folder, CAST.paul, at=now)
    folder = open_folder(session, "zoe")
    page = review_page(session, folder, kind=None, on=TODAY, asker=CAST.paul)
    assert page.appointment.kind == "day-60"
    assert [(each.kind, each.decision) for each in page.agenda.decided] == [("day-30", "continue")]


def test_somebody_without_a_path(session: Session, alice: Identity, now: datetime) -> None:
    known(session, CAST.olga, name="Olga Frei", at=now, actor=alice)
    with pytest.raises(NotFoundError, match="Olga Frei is on no path"):
        open_folder(session, "olga")


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (CAST.zoe, ["newcomer"]),
        (CAST.maria, ["newcomer", "mentor"]),
        (CAST.paul, ["newcomer", "mentor", "manager"]),
        (CAST.ute, []),
    ],
)
def test_who_reads_which_note(
    session: Session, folder: Folder, now: datetime, who: Identity, seen: list[str]
) -> None:
    for circle in Circle:
        note(session, folder, CAST.paul, circle, at=now)
    page = review_page(session, folder, kind="day-30", on=TODAY, asker=who)
    assert [each.circle for each in page.notes] == seen


def test_nobody_reads_what_managers_note_about_them(
    session: Session, folder: Folder, now: datetime
) -> None:
    """Not even a manager who is the newcomer."""
    for circle in Circle:
        note(session, folder, CAST.paul, circle, at=now)
    promoted = Identity("e-zoe", "zoe", frozenset({"manager", "admin"}))
    assert [each.circle for each in read(session, folder, promoted)] == ["newcomer"]


def test_a_mentor_reads_their_own_note(session: Session, folder: Folder, now: datetime) -> None:
    note(session, folder, CAST.maria, Circle.MANAGER, at=now)
    assert len(read(session, folder, CAST.maria)) == 1
    assert read(session, folder, CAST.zoe) == []


def test_notes_are_in_no_event(session: Session, folder: Folder, now: datetime) -> None:
    made = note(session, folder, CAST.paul, Circle.MANAGER, at=now)
    event = session.scalars(select(Event).where(Event.action == "review.noted")).one()
    assert event.after == {"number": made.id, "kind": "day-30", "visible": "manager"}
    assert "shy with clients" not in f"{event.after}{event.personal}"


def test_what_is_no_note(session: Session, folder: Folder, now: datetime) -> None:
    for text, said in (("  \n", "nothing to note"), ("x" * 20_001, "longer than 20000")):
        with pytest.raises(InvalidError, match=said):
            note(session, folder, CAST.paul, Circle.MENTOR, text=text, at=now)
    with pytest.raises(NotYoursToRateError):
        note(session, folder, CAST.zoe, Circle.NEWCOMER, at=now)


def note(
    session: Session,
    folder: Folder,
    who: Identity,
    circle: Circle,
    *,
    text: str = "shy with clients",
    at: datetime,
) -> ReviewNote:
    return add_note(
        session, learner=folder.learner, run=folder.run, kind="day-30", text=text, circle=circle,
        at=at, actor=who,
    )  # fmt: skip


def read(session: Session, folder: Folder, who: Identity) -> list[ReviewNote]:
    return list(
        notes_for(session, learner=folder.learner, run=folder.run, kind="day-30", asker=who)
    )


def test_the_mentor_of_today_decides(session: Session, folder: Folder, now: datetime) -> None:
    """After a hand-over the former mentor is nobody to decide any more."""
    new = known(session, CAST.olga, name="Olga Frei", at=now, actor=CAST.paul)
    assert folder.learner.consultant is not None
    folder.learner.consultant.mentor_id = staff.by_login(session, new.login).id
    free(folder)
    with pytest.raises(NotYoursToRateError):
        decide(session, folder, CAST.maria, at=now)
    decide(session, folder, CAST.olga, at=now)
