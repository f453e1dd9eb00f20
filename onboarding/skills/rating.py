"""Ratings: dated, never overwritten. What was withdrawn stays in the history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.skills import trees
from onboarding.skills.evidence import parse_evidence
from onboarding.skills.models import Rating, RatingKind
from onboarding.skills.people import Learner, kind_of, learner_of, require_lead
from onboarding.skills.standing import Judged
from onboarding.skills.tree import HIGHEST, LOWEST
from opskit.core import events
from opskit.core.errors import ConflictError, InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.staff.models import Person


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody says about one skill."""

    skill: str
    level: int
    on: date
    note: str | None = None
    evidence: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the history, and whether it counts."""

    row: Rating
    withdrawal: Rating | None

    @property
    def counts(self) -> bool:
        return self.withdrawal is None


def parse_level(text: str) -> int:
    """A level as typed.

    Raises:
        InvalidError: it is none from 0 to 4.
    """
    typed = text.strip()
    if typed.isascii() and typed.isdecimal() and LOWEST <= int(typed[:9]) <= HIGHEST:
        return int(typed)
    raise InvalidError(
        _("{text} is no level").format(text=repr(text)),
        hint=_("the levels go from {lowest} to {highest}").format(lowest=LOWEST, highest=HIGHEST),
    )


def rate(
    session: Session,
    *,
    learner: Learner,
    said: Judgement,
    today: date,
    at: datetime,
    actor: Identity,
) -> Rating:
    """Judge one skill: one's own, or as mentor, manager or admin that of somebody else.

    Raises:
        NotYoursToRateError: it is neither.
        NotFoundError: the tree has no such skill.
        InvalidError: the day is to come, or a piece of evidence is none.
    """
    kind = kind_of(learner, actor)
    _refuse_future(said.on, today=today)
    tree = trees.tree_for(session, learner.poles)
    skill = trees.find_skill(tree, said.skill)
    evidence = parse_evidence(session, said.evidence)
    row = Rating(
        person_id=learner.person.id,
        skill=skill.key,
        kind=kind.value,
        level=parse_level(str(said.level)),
        tree_digest=trees.keep(session, tree, at=at, actor=actor).digest,
        note=(said.note or "").strip() or None,
        evidence=evidence,
        rated_on=said.on,
        rated_by=actor.entity_id,
        rated_at=at,
    )
    session.add(row)
    session.flush()  # the event names it by its number
    events.record(
        session,
        actor=actor,
        at=at,
        action="skill.rated",
        subject=learner.person.subject,
        after={
            "number": row.id,
            "skill": row.skill,
            "kind": row.kind,
            "level": row.level,
            "rated_on": row.rated_on.isoformat(),
        },
        personal={"login": learner.person.login, "note": row.note, "evidence": evidence},
    )
    return row


def withdraw(
    session: Session, *, number: int, reason: str, today: date, at: datetime, actor: Identity
) -> Rating:
    """Let a rating count no more; the one before it counts again.

    Raises:
        NotFoundError: no rating has that number.
        NotYoursToRateError: it is neither one's own word, nor does one lead the person.
        ConflictError: it was withdrawn before.
    """
    row = session.get(Rating, number)
    if row is None or row.withdraws is not None:
        raise _unknown(number)
    learner = learner_of(session, session.get_one(Person, row.person_id))
    if row.rated_by != actor.entity_id:
        require_lead(learner, actor)
    if session.scalar(select(Rating.id).where(Rating.withdraws == number)) is not None:
        raise ConflictError(
            _("rating {number} was withdrawn before").format(number=number),
            hint=f"opskit onboarding ratings {learner.person.login}",
        )
    withdrawal = Rating(
        person_id=row.person_id,
        skill=row.skill,
        kind=row.kind,
        level=None,
        tree_digest=row.tree_digest,
        withdraws=row.id,
        note=reason.strip() or None,
        evidence=[],
        rated_on=today,
        rated_by=actor.entity_id,
        rated_at=at,
    )
    session.add(withdrawal)
    session.flush()  # two people at once: the second one is refused here
    events.record(
        session,
        actor=actor,
        at=at,
        action="skill.withdrawn",
        subject=learner.person.subject,
        after={"number": number, "skill": row.skill, "kind": row.kind},
        personal={"login": learner.person.login, "reason": withdrawal.note},
    )
    return withdrawal


def history(session: Session, person: Person, *, skill: str | None = None) -> list[Entry]:
    """Every rating of a person by day, the withdrawn ones with what withdrew them."""
    query = select(Rating).where(Rating.person_id == person.id)
    if skill is not None:
        query = query.where(Rating.skill == skill)
    rows = session.scalars(query.order_by(Rating.rated_on, Rating.id)).all()
    withdrawals = {row.withdraws: row for row in rows if row.withdraws is not None}
    return [Entry(row, withdrawals.get(row.id)) for row in rows if row.withdraws is None]


def counting(entries: Iterable[Entry]) -> list[Judged]:
    """The ratings that count, as the pure rules take them."""
    return [
        Judged(each.row.id, each.row.skill, RatingKind(each.row.kind), level, each.row.rated_on)
        for each in entries
        if each.counts and (level := each.row.level) is not None
    ]


def _refuse_future(on: date, *, today: date) -> None:
    if on > today:
        raise InvalidError(
            _("{on} is still to come").format(on=on), hint=_("a rating is of today, or of before")
        )


def _unknown(number: int) -> NotFoundError:
    return NotFoundError(
        _("there is no rating {number}").format(number=number),
        hint=_("the numbers stand in: opskit onboarding ratings NAME"),
    )
