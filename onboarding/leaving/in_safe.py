"""What the safe has of a leaver, also where opskit was cut off before it knew."""

from sqlalchemy.orm import Session

from onboarding.ports import AccessGroups
from opskit.core.errors import NotFoundError
from opskit.core.intents import Intent, open_intents
from opskit.staff import services as staff
from opskit.staff.acts import Act, Desk
from opskit.staff.models import Person

MAKES_A_LOGIN = (Act.ADD.value, Act.ENTITY.value)
HALF_MADE = "half_made"  # in the data of a departure


def is_half_made(session: Session, person: Person) -> bool:
    """A login that was cut off after the safe had made it lets the leaver in."""
    return person.entity_id is None and bool(
        open_intents(session, kinds=MAKES_A_LOGIN, subject=person.login)
    )


def entity_of(desk: Desk, intent: Intent) -> str | None:
    """Whom the safe has to shut out; None for somebody it never knew."""
    entity_id: str | None = intent.data["entity_id"]
    if entity_id is None and intent.data.get(HALF_MADE):
        return desk.accounts.ensure_entity(intent.subject)
    return entity_id


def link(session: Session, desk: Desk, person: Person, entity_id: str | None) -> None:
    """Let the row know the entity: what the leaver read is looked for by it."""
    if entity_id is not None and person.entity_id is None:
        staff.link_entity(session, person=person, entity_id=entity_id, at=desk.at, actor=desk.actor)


def roles_of(groups: AccessGroups, entity_id: str | None) -> frozenset[str]:
    """What the safe gives now: it is taken away, and whoever was wrong wants to know it."""
    if entity_id is None:
        return frozenset()
    try:
        return groups.roles_of(entity_id)
    except NotFoundError:
        return frozenset()
