"""Erasing somebody, in the safe and in the database: intent, commit, act, outcome, commit."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding.privacy.forgetting import Forgotten, forget, require_forgettable
from onboarding.privacy.ports import PersonalRecords, SafeIdentities
from opskit.core.context import AppContext
from opskit.core.errors import OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish, open_intents
from opskit.staff.models import Person

ERASE = "onboarding.erase"


@dataclass(frozen=True, slots=True)
class EraseDesk:
    """Who erases, when, and with what."""

    transaction: Callable[[], AbstractContextManager[Session]]
    safe: SafeIdentities
    elsewhere: PersonalRecords
    actor: Identity
    at: datetime


def erase_desk(run: AppContext) -> EraseDesk:
    return EraseDesk(
        run.transaction,
        run.plug(SafeIdentities),
        run.plug(PersonalRecords),
        run.identity(),
        run.now(),
    )


def erase(desk: EraseDesk, *, person_id: int) -> Forgotten:
    """Erase the person of that row.

    Raises:
        DeniedError, ErasedAlreadyError, StillHereError: as `require_forgettable`.
        UnavailableError: the safe does not answer; the intent stays open.
    """
    with desk.transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        require_forgettable(session, person, desk.actor)
        intent = _intent(session, desk, person)
    return carry_out(desk, intent)


def carry_out(desk: EraseDesk, intent: Intent) -> Forgotten:
    """Do what the intent says and record the outcome; doing it twice does no harm.

    The safe comes first: as long as the database knows the login, the safe can be asked again.
    """
    person_id = int(intent.data["person_id"])
    with desk.transaction() as session:
        person = session.get_one(Person, person_id)
        entity_id, login = person.entity_id, person.login
    try:
        if entity_id is not None:
            desk.safe.forget(entity_id, login=login)
    except UnavailableError:
        raise
    except OpsError:
        with desk.transaction() as session:
            finish(session, intent, at=desk.at)
        raise
    with desk.transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        texts = desk.elsewhere.texts()
        found = forget(session, person, at=desk.at, actor=intent.actor, elsewhere=texts)
        desk.elsewhere.forget(session, login=login, pseudonym=found.pseudonym)
        finish(session, intent, at=desk.at)
    return found


def repair(run: AppContext, intent: Intent) -> str:
    """Finish an erasure that was interrupted, and say so.

    Raises:
        DeniedError: no admin. UnavailableError: the safe does not answer.
    """
    require_role(run.identity(), "admin")
    found = carry_out(erase_desk(run), intent)
    return _("{name} is erased").format(name=found.pseudonym)


def _intent(session: Session, desk: EraseDesk, person: Person) -> Intent:
    """The same one where it was interrupted before; it names the row and nobody."""
    for each in open_intents(session):
        if each.kind == ERASE and each.subject == person.subject:
            return each
    data = {"person_id": person.id}
    return begin(
        session, kind=ERASE, subject=person.subject, data=data, at=desk.at, actor=desk.actor
    )
