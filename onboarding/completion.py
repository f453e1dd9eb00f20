"""Names of consultants for the shell."""

from typing import TYPE_CHECKING

from opskit.core.completion import completing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _names(session: "Session") -> list[str]:
    from sqlalchemy import select

    from onboarding.models import UNDER_WAY, Consultant
    from opskit.staff.models import Person

    query = select(Person.name).join(Consultant, Consultant.person_id == Person.id)
    under_way = query.where(Consultant.state.in_(UNDER_WAY))
    return list(session.scalars(under_way.order_by(Consultant.start_on, Consultant.id)))


complete_consultant = completing(_names)
