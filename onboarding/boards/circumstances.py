"""What is known of a consultant beside the steps: read in one place, for every page and paper."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.boards.standing import Circumstances, Standing, standing
from onboarding.models import Consultant, ConsultantState
from onboarding.reviews.models import Review, Verdict
from opskit.checklists.models import Run
from opskit.staff import absences
from opskit.staff.models import Person, PersonState


def standing_with(
    session: Session, consultant: Consultant, mentor: Person, run: Run, *, on: date
) -> Standing:
    """How one consultant is doing, as the board says it."""
    about = circumstances(
        start_on=consultant.start_on,
        state=consultant.state,
        mentor_login=mentor.login,
        mentor_state=mentor.state,
        away=absences.absent(session, on=on),
        probation_until=None if run.number in confirmed(session) else consultant.probation_until,
    )
    return standing(run, on=on, about=about)


def circumstances(
    *,
    start_on: date,
    state: str,
    mentor_login: str,
    mentor_state: str,
    away: Collection[str],
    probation_until: date | None,
) -> Circumstances:
    """From the columns of a consultant and of the mentor; `away` are logins."""
    return Circumstances(
        start_on=start_on,
        is_paused=state == ConsultantState.PAUSED,
        has_mentor=mentor_state == PersonState.ACTIVE,
        mentor_is_away=mentor_login in away,
        probation_until=probation_until,
    )


def confirmed(session: Session) -> frozenset[int]:
    """The numbers of the paths whose probation ended well."""
    query = select(Review.run_number).where(Review.decision == Verdict.CONFIRM)
    return frozenset(session.scalars(query))
