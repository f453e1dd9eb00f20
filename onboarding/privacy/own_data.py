"""Everything that is kept about a person, as one may demand to be told it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import Session

from onboarding.leaving.models import Leaving
from onboarding.models import Consultant
from onboarding.privacy.ports import PersonalRecords
from onboarding.privacy.traces import Traces, traces_of
from onboarding.reviews.models import Review, ReviewNote
from onboarding.reviews.notes import may_read
from onboarding.skills.models import Rating, SignOff
from onboarding.skills.people import Learner, is_self, learner_of
from opskit.checklists.models import Comment, Decision, Run, Step
from opskit.core.db import Base
from opskit.core.errors import DeniedError
from opskit.core.events import Event
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.staff.models import Absence, Person

Rows = list[dict[str, Any]]
HIDDEN = frozenset({"salt", "personal_digest", "previous", "hash", "tree_digest", "digest"})


def own_data(
    session: Session, person: Person, *, asker: Identity, elsewhere: PersonalRecords
) -> dict[str, Any]:
    """Keys: `person`, `absences`, `paths`, `steps`, `answers`, `comments`, `decisions`, `ratings`,
    `sign_offs`, `reviews`, `notes`, `leaving`, `events`, and what other features keep: `reminders`.

    Notes that are not for the person are in an admin's answer to a formal demand alone.

    Raises:
        DeniedError: neither the person nor an admin.
    """
    learner = learner_of(session, person)
    if not is_self(learner, asker) and "admin" not in asker.roles:
        raise DeniedError(
            _("the data of {name} is for that person, and an admin").format(name=person.name),
            hint="opskit onboarding export-my-data",
        )
    traces = traces_of(session, person)
    return {
        "person": _row(person),
        "absences": _about(session, Absence, Absence.person_id == person.id),
        "paths": _about(session, Consultant, Consultant.person_id == person.id),
        **_of_runs(session, traces),
        "ratings": _about(
            session, Rating, or_(Rating.person_id == person.id, Rating.rated_by == person.entity_id)
        ),
        "sign_offs": _about(session, SignOff, SignOff.person_id == person.id),
        "reviews": _about(session, Review, Review.run_number.in_(traces.path_numbers)),
        "notes": _notes(session, traces, learner, asker),
        "leaving": _about(session, Leaving, Leaving.person_id == person.id),
        **{key: list(rows) for key, rows in elsewhere.of_person(session, person.subject).items()},
        "events": _events(session, traces),
    }


def _of_runs(session: Session, traces: Traces) -> dict[str, Rows]:
    """The steps of the own runs, and what the person wrote and decided in others."""
    who, own = traces.entity_id, traces.run_ids
    names = {run.id: run.name for run in traces.runs}
    others = session.execute(select(Run.id, Run.letter, Run.number).where(Run.id.not_in(own)))
    names |= {row.id: f"{row.letter}{row.number}" for row in others}

    def told(model: type[Any], *where: Any) -> Rows:  # noqa: ANN401 (any table of the engine)
        rows = session.scalars(select(model).where(*where)).all()
        return [{"run": names[row.run_id], **_row(row)} for row in rows]

    return {
        "steps": told(Step, Step.run_id.in_(own)),
        "answers": told(Step, Step.answered_by == who, Step.run_id.not_in(own)),
        "comments": told(Comment, or_(Comment.run_id.in_(own), Comment.written_by == who)),
        "decisions": told(Decision, Decision.decided_by == who),
    }


def _notes(session: Session, traces: Traces, learner: Learner, asker: Identity) -> Rows:
    query = select(ReviewNote).where(
        or_(
            ReviewNote.run_number.in_(traces.path_numbers),
            ReviewNote.written_by == traces.entity_id,
        )
    )
    notes: Sequence[ReviewNote] = session.scalars(query.order_by(ReviewNote.id)).all()
    return [_row(note) for note in notes if may_read(note, learner, asker)]


def _events(session: Session, traces: Traces) -> Rows:
    """What the log says of the person, or that they did; whom they did it to is not named."""
    query = select(Event).where(
        or_(
            Event.actor_id == traces.entity_id,
            Event.subject.in_([traces.person.subject, *traces.run_names]),
            *(Event.subject.startswith(f"{name}/") for name in traces.run_names),
        )
    )
    rows = [_row(event) for event in session.scalars(query.order_by(Event.id))]
    for row in rows:
        if not traces.is_told_by(row["subject"]):
            row.pop("personal", None)
    return rows


def _about(session: Session, model: type[Base], where: Any) -> Rows:  # noqa: ANN401 (a condition)
    return [_row(row) for row in session.scalars(select(model).where(where))]


def _row(row: Base) -> dict[str, Any]:
    """The columns with a value, as JSON has them; hashes and salts say nothing to a person."""
    columns = [each.key for each in inspect(type(row)).column_attrs if each.key not in HIDDEN]
    found = {key: getattr(row, key) for key in columns}
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in found.items()
        if value is not None
    }
