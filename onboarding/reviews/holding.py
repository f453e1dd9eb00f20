"""Reviews: what is on the agenda, and what is decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.reviews.agenda import Agenda, Decided, OpenStep, agenda
from onboarding.reviews.appointments import Appointment, appointments, choose
from onboarding.reviews.models import Review, ReviewNote, Verdict
from onboarding.reviews.notes import notes_for
from onboarding.reviews.probation import Probation, probation_of
from onboarding.reviews.words import kind_in_words, verdict_in_words
from onboarding.skills.matrix import matrix_of
from onboarding.skills.people import (
    LEADERS,
    Learner,
    find_learner,
    require_lead,
    require_look,
)
from opskit.checklists import services as checklists
from opskit.checklists.models import Run
from opskit.checklists.page import in_language
from opskit.checklists.services.changes import needs_of
from opskit.checklists.states import SETTLED
from opskit.core import events
from opskit.core.errors import ConflictError, InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role

KIND = "onboarding"  # of the runs that are paths


@dataclass(frozen=True, slots=True)
class Folder:
    """A consultant's path with its reviews."""

    learner: Learner
    run: Run
    reviews: Sequence[Review]
    appointments: Sequence[Appointment]
    probation: Probation


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything that one review shows to whoever asks."""

    folder: Folder
    appointment: Appointment
    agenda: Agenda
    notes: Sequence[ReviewNote]


def open_folder(session: Session, text: str) -> Folder:
    """The reviews of the consultant called so.

    Raises:
        NotFoundError: nobody is called so, or the person is on no path.
        ConflictError: several people are called so.
    """
    learner = find_learner(session, text)
    consultant = learner.consultant
    if consultant is None:
        raise NotFoundError(
            _("{name} is on no path").format(name=learner.person.name),
            hint="opskit onboarding board",
        )
    run = checklists.find_run(session, kind=KIND, number=consultant.run_number)
    query = select(Review).where(Review.run_number == run.number).order_by(Review.id)
    reviews = session.scalars(query).all()
    held = {each.kind: each for each in reviews}
    return Folder(
        learner,
        run,
        reviews,
        appointments(run, held),
        probation_of(consultant, reviews),
    )


def review_page(
    session: Session, folder: Folder, *, kind: str | None, on: date, asker: Identity
) -> ReviewPage:
    """One review as the person who asks may see it.

    Raises:
        NotYoursToRateError: it is not for them.
        NotFoundError: the path has no such review.
    """
    learner, run = folder.learner, folder.run
    require_look(learner, asker)
    appointment = choose(folder.appointments, kind)
    matrix = matrix_of(session, learner=learner, on=on)
    return ReviewPage(
        folder=folder,
        appointment=appointment,
        agenda=agenda(
            steps=_open_steps(run, appointment),
            tree=matrix.tree,
            pairs=matrix.pairs,
            decided=[_decided(each) for each in folder.reviews if each != appointment.review],
            due_on=appointment.due_on,
            on=on,
        ),
        notes=notes_for(session, learner=learner, run=run, kind=appointment.kind, asker=asker),
    )


def decide(
    session: Session,
    folder: Folder,
    *,
    kind: str,
    decision: Verdict,
    until: date | None,
    on: date,
    at: datetime,
    actor: Identity,
) -> Review:
    """Hold a review: its decision is recorded, and its step on the path ticked.

    Raises:
        NotYoursToRateError: neither the mentor nor a manager or admin; or about oneself.
        DeniedError: the probation is a matter of managers and admins.
        NotFoundError: the path has no such review.
        ConflictError: it was held already, or the probation is over.
        InvalidError: the probation would not last longer.
        StepBlockedError: steps that come before the review are open; they are named.
    """
    learner, run = folder.learner, folder.run
    require_lead(learner, actor)
    if decision is not Verdict.CONTINUE:
        require_role(actor, *sorted(LEADERS, reverse=True))
    appointment = choose(folder.appointments, kind)
    _refuse_held(appointment, learner)
    until = _new_end(folder.probation, decision, until, on=on)
    review = Review(
        run_number=run.number,
        kind=appointment.kind,
        decision=decision.value,
        due_on=appointment.due_on,
        held_on=on,
        until=until,
        decided_by=actor.entity_id,
        decided_at=at,
    )
    session.add(review)
    session.flush()  # two people at once: the second one is refused here
    _end_probation(folder, decision, until, on=on)
    _tell(session, folder, review, at=at, actor=actor)
    _tick(session, run, appointment, review, on=on, at=at, actor=actor)
    return review


def _tell(
    session: Session, folder: Folder, review: Review, *, at: datetime, actor: Identity
) -> None:
    events.record(
        session,
        actor=actor,
        at=at,
        action="review.decided",
        subject=folder.run.name,
        after={
            "kind": review.kind,
            "decision": review.decision,
            "due_on": review.due_on.isoformat(),
            "held_on": review.held_on.isoformat(),
            "until": review.until.isoformat() if review.until else None,
        },
        personal={"login": folder.learner.person.login},
    )


def _new_end(
    probation: Probation, decision: Verdict, until: date | None, *, on: date
) -> date | None:
    """The last day of an extended probation; None where it stays as it is."""
    if decision is Verdict.CONTINUE:
        return None
    if not probation.is_open:
        raise ConflictError(
            _("the probation is over: confirmed on {day}").format(day=probation.confirmed_on),
            hint=_("--decision continue records the review"),
        )
    if decision is Verdict.CONFIRM:
        return None
    if until is None or until <= probation.until:
        raise InvalidError(
            _("the probation lasts until {day} already").format(day=probation.until),
            hint=_("give a later day: --until 2027-06-30"),
        )
    if until <= on:  # it was over before anybody decided
        raise InvalidError(
            _("{on} is past").format(on=until), hint=_("give a later day: --until 2027-06-30")
        )
    return until


def _end_probation(folder: Folder, decision: Verdict, until: date | None, *, on: date) -> None:
    """Later when extended; with the review that confirms, unless it was over before."""
    consultant = folder.learner.consultant
    if consultant is None or decision is Verdict.CONTINUE:
        return
    consultant.probation_until = until or min(folder.probation.until, on)


def _tick(
    session: Session,
    run: Run,
    appointment: Appointment,
    review: Review,
    *,
    on: date,
    at: datetime,
    actor: Identity,
) -> None:
    """The engine does it, with its own rules; who ticked or left out the step before decided so."""
    if appointment.step.state in SETTLED:
        return
    checklists.tick(
        session,
        run=run,
        key=appointment.step.key,
        answer=verdict_in_words(review.decision, review.until),
        ticket=None,
        on=on,
        at=at,
        actor=actor,
    )


def _refuse_held(appointment: Appointment, learner: Learner) -> None:
    review = appointment.review
    if review is not None:
        raise ConflictError(
            _("the {review} was held on {day}").format(
                review=kind_in_words(appointment.kind), day=review.held_on
            ),
            hint=f"opskit onboarding review {learner.person.login} --kind {appointment.kind}",
        )


def _open_steps(run: Run, appointment: Appointment) -> list[OpenStep]:
    before = set(needs_of(run)[appointment.step.key])
    return [
        OpenStep(
            position=step.position,
            key=step.key,
            text=in_language(step.asked.text),
            due_on=step.due_on,
            owner=step.asked.owner,
            holds_up=step.key in before,
        )
        for step in run.steps
        if step.state not in SETTLED and step is not appointment.step
    ]


def _decided(review: Review) -> Decided:
    return Decided(review.kind, review.decision, review.held_on, review.until)
