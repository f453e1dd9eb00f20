"""Sign-offs: that somebody may do a thing alone, on the word of who leads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from onboarding.skills import trees
from onboarding.skills.evidence import parse_evidence
from onboarding.skills.models import SignOff
from onboarding.skills.people import Learner, require_lead
from onboarding.skills.tree import Competence
from opskit.core import events
from opskit.core.errors import ConflictError, InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.staff.models import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """One sign-off; `competence` is None where no tree names it any more."""

    row: SignOff
    competence: Competence | None
    holds: bool


def sign_off(
    session: Session,
    *,
    learner: Learner,
    competence: str,
    reason: str | None,
    evidence: Sequence[str],
    until: date | None,
    on: date,
    at: datetime,
    actor: Identity,
) -> SignOff:
    """Say that the person may do this alone from today on; `until` is the last day of that.

    Raises:
        NotYoursToRateError: neither the mentor nor a manager or admin; or about oneself.
        NotFoundError: no tree names that competence; or a run given as evidence is unknown.
        InvalidError: neither a reason nor evidence was given, or the last day is past.
        ConflictError: the person is signed off for it already, for as long.
    """
    require_lead(learner, actor)
    key = trees.find_competence(session, competence).key
    words, proofs = (reason or "").strip() or None, parse_evidence(session, evidence)
    if words is None and not proofs:
        raise InvalidError(
            _("a sign-off says why"),
            hint=_('--reason "prepared three with me", or --evidence P7'),
        )
    if until is not None and until < on:
        raise InvalidError(_("{on} is past").format(on=until), hint=_("give a later day"))
    _lock(session, learner.person)
    _refuse_same(session, learner.person, key, until, on=on)
    row = SignOff(
        person_id=learner.person.id,
        competence=key,
        reason=words,
        evidence=proofs,
        signed_on=on,
        until=until,
        signed_by=actor.entity_id,
        signed_at=at,
    )
    session.add(row)
    session.flush()  # the event names it by its number
    _tell(session, "signed-off", learner.person, row, words=words, at=at, actor=actor)
    return row


def withdraw(
    session: Session,
    *,
    learner: Learner,
    competence: str,
    reason: str,
    on: date,
    at: datetime,
    actor: Identity,
) -> list[SignOff]:
    """Let every sign-off for this count no more from now on.

    Raises:
        NotYoursToRateError: neither the mentor nor a manager or admin.
        NotFoundError: the person is not signed off for it.
    """
    require_lead(learner, actor)
    _lock(session, learner.person)
    key = competence.strip().lower()
    holding = [
        row for row in _rows(session, learner.person, on=on, is_held=True) if row.competence == key
    ]
    if not holding:
        raise NotFoundError(
            _("{name} is not signed off for {competence}").format(
                name=learner.person.name, competence=key
            ),
            hint=f"opskit onboarding skills {learner.person.login}",
        )
    for row in holding:
        row.withdrawn_on, row.withdrawn_by, row.withdrawn_at = on, actor.entity_id, at
        _tell(session, "withdrawn", learner.person, row, words=reason, at=at, actor=actor)
    return holding


def standings_of(session: Session, *, person: Person, on: date) -> list[Standing]:
    """Every sign-off of a person, the last first, and whether it counts on that day."""
    known = trees.competences(session)
    held = {row.id for row in _rows(session, person, on=on, is_held=True)}
    rows = _rows(session, person, on=on, is_held=False)
    return [Standing(row, known.get(row.competence), row.id in held) for row in rows]


def is_signed_off(session: Session, *, entity_id: str, competence: str, on: date) -> bool:
    """Whether the person behind that entity is signed off on that day."""
    query = (
        select(SignOff.id)
        .join(Person, Person.id == SignOff.person_id)
        .where(Person.entity_id == entity_id, SignOff.competence == competence, _holds(on))
    )
    return session.scalar(query.limit(1)) is not None


def _holds(on: date) -> ColumnElement[bool]:
    """A withdrawn one counted until the day on which it was withdrawn, and not on it."""
    return and_(
        SignOff.signed_on <= on,
        or_(SignOff.until.is_(None), SignOff.until >= on),
        or_(SignOff.withdrawn_on.is_(None), SignOff.withdrawn_on > on),
    )


def _rows(session: Session, person: Person, *, on: date, is_held: bool) -> list[SignOff]:
    query = select(SignOff).where(SignOff.person_id == person.id).order_by(SignOff.id.desc())
    return list(session.scalars(query.where(_holds(on)) if is_held else query))


def _lock(session: Session, person: Person) -> None:
    """Two people at once: the second one waits, then sees what the first did."""
    session.scalar(select(Person.id).where(Person.id == person.id).with_for_update())


def _refuse_same(
    session: Session, person: Person, competence: str, until: date | None, *, on: date
) -> None:
    for row in _rows(session, person, on=on, is_held=True):
        lasts = row.until is None or (until is not None and until <= row.until)
        if row.competence == competence and lasts:
            raise ConflictError(
                _("{name} is signed off for {competence} already").format(
                    name=person.name, competence=competence
                ),
                hint=f"opskit onboarding skills {person.login}",
            )


def _tell(
    session: Session,
    action: str,
    person: Person,
    row: SignOff,
    *,
    words: str | None,
    at: datetime,
    actor: Identity,
) -> None:
    until = row.until.isoformat() if row.until else None
    events.record(
        session,
        actor=actor,
        at=at,
        action=f"competence.{action}",
        subject=person.subject,
        after={"number": row.id, "competence": row.competence, "until": until},
        personal={"login": person.login, "reason": words, "evidence": list(row.evidence)},
    )
