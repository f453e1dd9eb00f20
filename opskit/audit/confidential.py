"""What the log tells of colleagues: their paths, skills and reviews are not everybody's to read,
nor is the list of a departure before its day.

The log itself stays one: its proof is for everybody, and nothing here touches the chain.
"""

from collections.abc import Collection

from sqlalchemy import Select, not_, or_

from opskit.core.events import Event
from opskit.core.identity import OVERSEERS, Identity

ABOUT_COLLEAGUES = ("onboarding.", "review.", "skill.")
"""How such actions begin."""


def narrowed(
    query: Select[Event], reader: Identity, *, lists: Collection[str] = ()
) -> Select[Event]:
    """Without what concerns colleagues, for whoever does not oversee them; one's own acts stay.

    `lists` are the names of those that are kept from the reader.
    """
    if reader.roles & OVERSEERS:
        return query
    concerns = or_(
        *(Event.action.startswith(each, autoescape=True) for each in ABOUT_COLLEAGUES),
        Event.subject.in_(lists),
        *(Event.subject.startswith(f"{each}/", autoescape=True) for each in lists),
    )
    return query.where(or_(Event.actor_id == reader.entity_id, not_(concerns)))
