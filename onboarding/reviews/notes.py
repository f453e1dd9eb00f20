"""What was noted at a review, and who may read it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.reviews.models import Circle, ReviewNote
from onboarding.skills.people import LEADERS, Learner, is_self, leads, require_lead
from opskit.checklists.models import Run
from opskit.core import events
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.identity import Identity

LONGEST = 20_000  # characters: a review, and no archive


def add_note(
    session: Session,
    *,
    learner: Learner,
    run: Run,
    kind: str,
    text: str,
    circle: Circle,
    at: datetime,
    actor: Identity,
) -> ReviewNote:
    """Note something at a review, before it or after it.

    Raises:
        NotYoursToRateError: neither the mentor nor a manager or admin.
        InvalidError: there is no text, or more than a review needs.
    """
    require_lead(learner, actor)
    words = text.strip()
    if not words:
        raise InvalidError(_("there is nothing to note"), hint=_("--notes FILE, or - for stdin"))
    if len(words) > LONGEST:
        raise InvalidError(
            _("the notes are longer than {most} characters").format(most=LONGEST),
            hint=_("keep the rest in the ticket, and note its key"),
        )
    note = ReviewNote(
        run_number=run.number,
        kind=kind,
        circle=circle.value,
        text=words,
        written_by=actor.entity_id,
        written_at=at,
    )
    session.add(note)
    session.flush()  # the event names it by its number
    events.record(
        session,
        actor=actor,
        at=at,
        action="review.noted",
        subject=run.name,
        after={"number": note.id, "kind": kind, "visible": note.circle},
        personal={"login": learner.person.login},
    )
    return note


def notes_for(
    session: Session, *, learner: Learner, run: Run, kind: str, asker: Identity
) -> Sequence[ReviewNote]:
    """The notes of a review that the person who asks may read, the oldest first."""
    query = (
        select(ReviewNote)
        .where(ReviewNote.run_number == run.number, ReviewNote.kind == kind)
        .order_by(ReviewNote.id)
    )
    return [note for note in session.scalars(query) if may_read(note, learner, asker)]


def may_read(note: ReviewNote, learner: Learner, asker: Identity) -> bool:
    """Who wrote it always may; nobody reads what the managers note about themselves."""
    if note.written_by == asker.entity_id:
        return True
    match Circle(note.circle):
        case Circle.NEWCOMER:
            return is_self(learner, asker) or leads(learner, asker)
        case Circle.MENTOR:
            return leads(learner, asker)
        case Circle.MANAGER:
            return leads(learner, asker) and not asker.roles.isdisjoint(LEADERS)
