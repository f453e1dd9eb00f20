"""What people wrote: about somebody, or by them. Their words go, the proofs of others' work stay.

On paths and on the list of the last day a text is about a person and goes as a whole. In a patch
run it proves the client's patch: there only the name is replaced. What a go/no-go rested on is
bound by the hash of its event and is never touched.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, false, inspect, or_, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Mapper, Session

from onboarding.leaving.models import Leaving
from onboarding.leaving.words import LeaveReason
from onboarding.privacy.pseudonyms import GONE
from onboarding.privacy.traces import KIND, Traces
from onboarding.reviews.models import ReviewNote
from onboarding.skills.models import Rating, SignOff
from opskit.checklists import projects
from opskit.checklists.models import Comment, Decision, EvidenceFile, Run, Step
from opskit.staff.models import Absence, AbsenceReason

Text = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A column of texts, which of its rows go as a whole, and whether only some are looked at."""

    column: Text
    is_theirs: ColumnElement[bool] = field(default_factory=false)
    only: ColumnElement[bool] = field(default_factory=true)

    @property
    def key(self) -> Sequence[ColumnElement[Any]]:
        table: Mapper[Any] = inspect(self.column.class_)
        return table.primary_key

    def fitting(self, text: str) -> str:
        """A pseudonym may be longer than the name, and the column is not."""
        return text[: getattr(self.column.type, "length", None)]


def forget_texts(session: Session, traces: Traces, elsewhere: Sequence[Text] = ()) -> int:
    """Take away or rewrite every text; how many there were."""
    session.flush()
    places = [*_places(traces), *map(Place, elsewhere)]
    changed = sum(_forget(session, traces, place) for place in places)
    changed += _forget_files(session, traces)
    session.execute(
        update(Absence)
        .where(Absence.person_id == traces.person.id)
        .values(reason=AbsenceReason.OTHER.value)
    )
    session.execute(
        update(Leaving)
        .where(Leaving.person_id == traces.person.id)
        .values(reason=LeaveReason.OTHER.value)
    )
    return changed


def _places(traces: Traces) -> Iterator[Place]:
    who, person = traces.entity_id, traces.person.id
    paths = select(Run.id).where(Run.kind == KIND)
    about = Step.run_id.in_(traces.run_ids)
    yield Place(Step.answer, or_(about, (Step.answered_by == who) & Step.run_id.in_(paths)))
    yield Place(Step.proof, about)
    yield Place(
        Comment.text,
        or_(
            Comment.run_id.in_(traces.run_ids),
            (Comment.written_by == who) & Comment.run_id.in_(paths),
        ),
    )
    yield Place(Decision.reason, Decision.run_id.in_(traces.run_ids))
    yield Place(Run.subject, only=Run.kind == projects.KIND)
    yield Place(Rating.note, or_(Rating.person_id == person, Rating.rated_by == who))
    yield Place(SignOff.reason, or_(SignOff.person_id == person, SignOff.signed_by == who))
    yield Place(
        ReviewNote.text,
        or_(ReviewNote.run_number.in_(traces.path_numbers), ReviewNote.written_by == who),
    )


def _forget(session: Session, traces: Traces, place: Place) -> int:
    """Whole texts by one statement; the others where the person is named in them."""
    column, table = place.column, place.column.class_
    has_text = column.is_not(None) & (column != GONE) & place.only
    theirs = session.execute(
        update(table).where(place.is_theirs, has_text).values({column.key: GONE})
    )
    changed = int(getattr(theirs, "rowcount", 0))
    for *key, text in session.execute(select(*place.key, column).where(has_text)):
        rewritten = place.fitting(traces.traits.replaced(text))
        if rewritten != text:
            where = [part == value for part, value in zip(place.key, key, strict=True)]
            session.execute(update(table).where(*where).values({column.key: rewritten}))
            changed += 1
    return changed


def _forget_files(session: Session, traces: Traces) -> int:
    """The content of files that nobody else's run rests on."""
    own = select(Step.evidence_digest).where(
        Step.run_id.in_(traces.run_ids), Step.evidence_digest.is_not(None)
    )
    others = select(Step.evidence_digest).where(
        Step.run_id.not_in(traces.run_ids), Step.evidence_digest.is_not(None)
    )
    emptied = session.execute(
        update(EvidenceFile)
        .where(EvidenceFile.digest.in_(own), EvidenceFile.digest.not_in(others))
        .where(EvidenceFile.size > 0)
        .values(content=b"", size=0)
    )
    session.execute(
        update(Step).where(Step.run_id.in_(traces.run_ids)).values(evidence_digest=None)
    )
    return int(getattr(emptied, "rowcount", 0))
