"""What the safe has of a leaver, also where opskit was cut off before it knew."""

from sqlalchemy.orm import Session

from onboarding.ports import AccessGroups
from opskit.core.errors import NotFoundError
from opskit.core.intents import open_intents
from opskit.staff import services as staff
from opskit.staff.acts import Act, Desk
from opskit.staff.models import Person

MAKES_A_LOGIN = (Act.ADD.value, Act.ENTITY.value)


def entity_of(desk: Desk, login: str) -> str | None:
    """Also of a login that was cut off after the safe had made it: it lets the leaver in.

    Raises:
        NotFoundError: an unknown person.
    """
    with desk.transaction() as session:
        person = staff.by_login(session, login)
        is_half_made = any(
            each.subject == person.login and each.kind in MAKES_A_LOGIN
            for each in open_intents(session)
        )
        entity_id, login = person.entity_id, person.login
    if entity_id is None and is_half_made:
        return desk.accounts.ensure_entity(login)
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
