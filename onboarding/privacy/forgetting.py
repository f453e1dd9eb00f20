"""A person is forgotten: a pseudonym everywhere in the database, and a log that still holds.

What stays is what proves others' work: runs, decisions, ratings, days, all of `erased-7`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from onboarding.leaving.carrying import READS
from onboarding.privacy.added_steps import forget_added_steps
from onboarding.privacy.errors import ErasedAlreadyError, StillHereError
from onboarding.privacy.log import forget_events
from onboarding.privacy.pseudonyms import is_pseudonym, replaced_in
from onboarding.privacy.texts import Text, forget_texts
from onboarding.privacy.traces import Traces, is_on_a_path, open_mentees, traces_of
from opskit.checklists.models import Run, Step
from opskit.core.errors import DeniedError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent
from opskit.staff.models import Person, PersonState
from opskit.staff.turns import LEAVE

ERASED = "onboarding.erased"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased, in numbers."""

    pseudonym: str
    events: int
    texts: int
    runs: int


def require_forgettable(session: Session, person: Person, actor: Identity) -> None:
    """Let pass whom nothing needs any more.

    Raises:
        DeniedError: no admin, or oneself.
        ErasedAlreadyError: it was done.
        StillHereError: the person can log in, walks a path, or goes along with newcomers.
    """
    require_role(actor, "admin")
    if is_pseudonym(person.login):
        raise ErasedAlreadyError(
            _("{name} is erased already").format(name=person.name),
            hint=f"opskit audit list --action {ERASED}",
        )
    if person.entity_id is not None and person.entity_id == actor.entity_id:
        raise DeniedError(_("nobody erases themselves"), hint=_("ask another admin"))
    leave = f"opskit onboarding leave {person.login} --on today --reason other"
    if person.state == PersonState.ACTIVE and person.login_made_at is not None:
        raise StillHereError(_("{name} still has a login").format(name=person.name), hint=leave)
    if is_on_a_path(session, person):
        raise StillHereError(_("{name} is still on a path").format(name=person.name), hint=leave)
    if mentees := open_mentees(session, person):
        raise StillHereError(
            _("{name} is still the mentor of {names}").format(
                name=person.name, names=", ".join(mentees)
            ),
            hint=f"{leave} --mentor LOGIN",
        )


def forget(
    session: Session,
    person: Person,
    *,
    at: datetime,
    actor: Identity,
    elsewhere: Sequence[Text] = (),
) -> Forgotten:
    """Put the pseudonym everywhere, and record that. Doing it again changes nothing more.

    `elsewhere` are the columns of other features in which people may be named.
    """
    traces = traces_of(session, person)
    texts = forget_texts(session, traces, elsewhere) + forget_added_steps(session, traces)
    _rename(session, traces, at=at)
    _forget_intents(session, traces, at=at)
    found = Forgotten(
        traces.traits.pseudonym, forget_events(session, traces), texts, len(traces.runs)
    )
    record(
        session,
        actor=actor,
        at=at,
        action=ERASED,
        subject=person.subject,
        after=asdict(found),
    )
    session.expire_all()  # rows were changed by statements
    return found


def _rename(session: Session, traces: Traces, *, at: datetime) -> None:
    person, name = traces.person, traces.traits.pseudonym
    old = person.login
    for model in (Run, Step):
        session.execute(update(model).where(model.assignee == old).values(assignee=name))
    for run in traces.runs:
        run.subject = name
        run.facts = replaced_in(traces.traits, dict(run.facts))
        run.about = replaced_in(traces.traits, dict(run.about))
    person.login = person.name = name
    person.email = person.site = person.language = ""
    person.state, person.updated_at = PersonState.DISABLED.value, at
    session.flush()


def _forget_intents(session: Session, traces: Traces, *, at: datetime) -> None:
    """What was meant to be done outside the database names logins too.

    What was cut off may no longer be finished: it could let the person in again.
    """
    traits = traces.traits
    for intent in session.scalars(select(Intent)):
        if intent.subject == traits.login:
            intent.subject = traits.pseudonym
            if intent.finished_at is None and intent.kind not in (LEAVE, READS):
                intent.finished_at = at
        if intent.actor_id == traces.entity_id:
            intent.actor_name = traits.pseudonym
        if traits.are_in(intent.data):
            intent.data = replaced_in(traits, intent.data)
    session.flush()
