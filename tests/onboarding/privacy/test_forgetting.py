"""A person is forgotten: nothing in the database names them, and the chain holds."""

from dataclasses import replace

import pytest
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from onboarding.models import ConsultantState
from onboarding.privacy.errors import ErasedAlreadyError, StillHereError
from onboarding.privacy.forgetting import forget, require_forgettable
from onboarding.reviews.models import ReviewNote
from onboarding.services import Walk
from onboarding.skills.models import PublishedTree, Rating
from opskit.checklists import services as checklists
from opskit.checklists.models import Comment, Decision, Step
from opskit.core import events
from opskit.core.business_days import PUBLIC
from opskit.core.db import Base
from opskit.core.errors import DeniedError
from opskit.core.events import Event, verify_chain
from opskit.core.identity import Identity
from opskit.core.intents import begin
from opskit.staff import services as staff
from opskit.staff.models import Absence, Person, PersonState
from tests.checklists.samples import BEGINNING, small_template
from tests.onboarding.walkers import ADMIN, AT, START, person, walk

ZOE = Identity("e-zdeleze", "zdeleze", frozenset({"consultant"}))
MARIA = Identity("e-mruiz", "mruiz", frozenset({"agent"}))
NAMES = ("Zoé", "Délèze", "zdeleze", "D\\u00e9l\\u00e8ze")


@pytest.fixture
def maria(session: Session) -> Person:
    return person(session, "mruiz", "Maria Ruiz")


@pytest.fixture
def zoe(session: Session, maria: Person) -> Walk:
    """She walked a path, wrote, was judged, prepared a patch, and has left."""
    walked = walk(session, person(session, "zdeleze", "Zoé Délèze", "consultant"), maria)
    step = walked.run.steps[0]
    step.answer, step.answered_by, step.answered_at = "Zoé, at home", "e-zdeleze", AT
    checklists.comment(session, run=walked.run, key=None, text="Zoé is quick", at=AT, actor=MARIA)
    prepare_patch(session)
    judge(session, walked)
    be_ill(session, walked.person)
    leave_traces_in_the_log(session)
    walked.consultant.state = ConsultantState.LEFT
    session.flush()
    return walked


def prepare_patch(session: Session) -> None:
    """Zoé's preparation for a client, with a go."""
    patch = checklists.start(
        session,
        replace(BEGINNING, prepared_by="e-zdeleze", assignee="zdeleze"),
        kind="patch",
        letter="P",
        template=small_template(),
        calendar=PUBLIC,
        at=AT,
        actor=ZOE,
    )
    patch.steps[0].answer = "backup by Zoé Délèze, 240 GB"
    patch.steps[0].answered_by = "e-zdeleze"
    go = Decision(
        run_id=patch.id,
        decision="go",
        reason="agreed with Zoe Deleze",
        decided_by="e-zdeleze",
        decided_at=AT,
        proofs=[{"step": "backup", "state": "done", "by": "e-zdeleze"}],
    )
    session.add(go)


def judge(session: Session, walked: Walk) -> None:
    """Maria's rating, and a note that is for managers."""
    tree = {"digest": "d", "id": "x", "version": 1, "body": ""}
    session.add(PublishedTree(**tree, published_at=AT, published_by="e-alice"))
    session.flush()
    rating = Rating(
        person_id=walked.person.id,
        skill="vat",
        kind="mentor",
        level=2,
        tree_digest="d",
        note="Zoé needs time",
        evidence=[],
        rated_on=START,
        rated_by="e-mruiz",
        rated_at=AT,
    )
    note = ReviewNote(
        run_number=walked.run.number,
        kind="day-30",
        circle="manager",
        text="Zoé thinks of leaving",
        written_by="e-mruiz",
        written_at=AT,
    )
    session.add_all([rating, note])


def be_ill(session: Session, who: Person) -> None:
    day = {"first": START, "last": START, "reason": "illness"}
    session.add(Absence(person_id=who.id, **day, recorded_by="e-zdeleze", recorded_at=AT))


def leave_traces_in_the_log(session: Session) -> None:
    """An intent under the login, an event that names Zoé, and one that does not."""
    data = {"login": "zdeleze"}
    begin(session, kind="user.reset", subject="zdeleze", data=data, at=AT, actor=ZOE)
    reason = {"reason": "for Zoé Délèze"}
    events.record(session, action="tried", subject="P1", personal=reason, at=AT, actor=MARIA)
    events.record(session, action="other", subject="P1", at=AT, actor=MARIA)


def everything(session: Session) -> str:
    """The whole database as text."""
    session.flush()
    found = []
    for table in Base.metadata.sorted_tables:
        rows = session.execute(select(*(cast(each, Text) for each in table.columns)))
        found += [f"{table.name} {tuple(row)}" for row in rows]
    return "\n".join(found)


def test_nothing_names_the_person_any_more(session: Session, zoe: Walk) -> None:
    assert all(name in everything(session) for name in ("Zoé", "zdeleze"))
    found = forget(session, zoe.person, at=AT, actor=ADMIN)
    left = everything(session)
    assert [
        line
        for line in left.splitlines()
        for name in NAMES
        if name in line.replace("e-zdeleze", "")
    ] == []
    assert found.pseudonym == f"erased-{zoe.person.id}"
    assert found.runs == 1
    assert (zoe.person.login, zoe.person.name, zoe.person.email) == (found.pseudonym,) * 2 + ("",)


def test_the_chain_still_holds_and_others_keep_their_names(session: Session, zoe: Walk) -> None:
    before = verify_chain(session)
    forget(session, zoe.person, at=AT, actor=ADMIN)
    after = verify_chain(session)
    assert after.faults == ()
    assert after.events == before.events + 1
    last = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert (last.action, last.subject) == ("onboarding.erased", zoe.person.subject)
    assert last.actor == "alice"
    kept = session.scalars(select(Event).where(Event.action == "other")).one()
    assert kept.actor == "mruiz"


def test_what_proves_a_patch_stays(session: Session, zoe: Walk) -> None:
    forget(session, zoe.person, at=AT, actor=ADMIN)
    decision = session.scalars(select(Decision)).one()
    assert decision.decided_by == "e-zdeleze"
    assert decision.reason == f"agreed with erased-{zoe.person.id}"
    assert decision.proofs == [{"step": "backup", "state": "done", "by": "e-zdeleze"}]
    answers = session.scalars(select(Step.answer).where(Step.answer.is_not(None))).all()
    assert sorted(map(str, answers)) == ["[erased]", f"backup by erased-{zoe.person.id}, 240 GB"]
    assert session.scalars(select(Comment.text)).all() == ["[erased]"]
    assert staff.names_of(session, ["e-zdeleze"]) == {"e-zdeleze": f"erased-{zoe.person.id}"}


def test_a_mentor_is_forgotten_and_the_newcomer_stays(
    session: Session, zoe: Walk, maria: Person
) -> None:
    step = zoe.run.steps[2]
    step.answer, step.answered_by = "shown by me", "e-mruiz"
    other = zoe.run.steps[3]
    other.answer, other.answered_by = "with Maria Ruiz", "e-zdeleze"
    forget(session, maria, at=AT, actor=ADMIN)
    assert (step.answer, other.answer) == ("[erased]", f"with erased-{maria.id}")
    assert zoe.run.subject == "Zoé Délèze"
    assert verify_chain(session).faults == ()
    notes = session.scalars(select(Rating.note)).all()
    assert notes == ["[erased]"]


def test_a_namesake_keeps_everything(session: Session, zoe: Walk, maria: Person) -> None:
    other = person(session, "zdeleze2", "Zoé Délèze", "agent")
    events.record(
        session,
        action="tried",
        subject=other.subject,
        personal={"name": "Zoé Délèze", "login": "zdeleze2"},
        at=AT,
        actor=MARIA,
    )
    forget(session, zoe.person, at=AT, actor=ADMIN)
    assert (other.name, other.login) == ("Zoé Délèze", "zdeleze2")
    event = session.scalars(select(Event).where(Event.subject == other.subject)).all()[-1]
    assert event.personal is not None
    assert event.personal["login"] == "zdeleze2"
    assert verify_chain(session).faults == ()


def test_who_cannot_be_forgotten_yet(session: Session, zoe: Walk, maria: Person) -> None:
    zoe.consultant.state = ConsultantState.ACTIVE
    session.flush()
    with pytest.raises(StillHereError, match="still on a path"):
        require_forgettable(session, zoe.person, ADMIN)
    with pytest.raises(StillHereError, match="still the mentor of Zoé Délèze") as caught:
        require_forgettable(session, maria, ADMIN)
    assert caught.value.hint.endswith("--mentor LOGIN")
    zoe.consultant.state = ConsultantState.LEFT
    session.flush()
    require_forgettable(session, maria, ADMIN)
    maria.login_made_at = AT
    with pytest.raises(StillHereError, match="still has a login") as caught:
        require_forgettable(session, maria, ADMIN)
    assert caught.value.hint == "opskit onboarding leave mruiz --on today --reason other"
    maria.state = PersonState.DISABLED
    require_forgettable(session, maria, ADMIN)


def test_twice_oneself_and_without_the_right(session: Session, zoe: Walk) -> None:
    with pytest.raises(DeniedError, match="lacks the role admin"):
        require_forgettable(session, zoe.person, MARIA)
    own = replace(ADMIN, entity_id="e-zdeleze")
    with pytest.raises(DeniedError, match="nobody erases themselves"):
        require_forgettable(session, zoe.person, own)
    forget(session, zoe.person, at=AT, actor=ADMIN)
    with pytest.raises(ErasedAlreadyError):
        require_forgettable(session, zoe.person, ADMIN)


def test_forgetting_again_after_a_crash_changes_nothing_more(session: Session, zoe: Walk) -> None:
    forget(session, zoe.person, at=AT, actor=ADMIN)
    again = forget(session, zoe.person, at=AT, actor=ADMIN)
    assert (again.texts, again.pseudonym) == (0, f"erased-{zoe.person.id}")
    assert verify_chain(session).faults == ()
