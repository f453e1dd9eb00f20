"""The days of paths for a calendar: the first day, reviews and what is due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding.boards.tallies import KIND, REVIEW
from onboarding.services import Walk
from opskit.checklists.agenda import agenda
from opskit.core.ics import Event, uid_of


def agenda_of(
    session: Session, walks: Sequence[Walk], *, at: datetime, only_reviews: bool = False
) -> list[Event]:
    """The open days of these paths; a review keeps its name when it moves."""
    events = agenda(session, kind=KIND, at=at, run_ids=[walk.run.id for walk in walks])
    if not only_reviews:
        return events
    reviews = {
        uid_of(walk.run.name, step.key)
        for walk in walks
        for step in walk.run.steps
        if step.key.startswith(REVIEW)
    }
    return [event for event in events if event.uid in reviews]
