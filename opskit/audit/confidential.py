"""What the log tells of colleagues: their paths, skills and reviews are not everybody's to read.

The log itself stays one: its proof is for everybody, and nothing here touches the chain.
"""

from sqlalchemy import Select, not_, or_

from opskit.core.events import Event
from opskit.core.identity import Identity

ABOUT_COLLEAGUES = ("onboarding.", "review.", "skill.")
"""How such actions begin."""
OVERSEERS = frozenset({"manager", "admin", "auditor"})


def narrowed(query: Select[Event], reader: Identity) -> Select[Event]:
    """Without what concerns colleagues, for whoever does not oversee them; one's own acts stay."""
    if reader.roles & OVERSEERS:
        return query
    concerns = or_(*(Event.action.startswith(each, autoescape=True) for each in ABOUT_COLLEAGUES))
    return query.where(or_(Event.actor_id == reader.entity_id, not_(concerns)))
