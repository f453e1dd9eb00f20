"""Whom the paper of a preparation is for."""

from sqlalchemy.orm import Session

from opskit.checklists.models import Run
from opskit.checklists.printing.content import Addressee
from opskit.clients import services as clients
from opskit.core.config import Settings
from opskit.patches.words import FROM_VERSION, PATCH_DAY, TO_VERSION


def addressee_of(session: Session, run: Run, *, settings: Settings) -> Addressee:
    """The client, in the client's language, with the team's address.

    Raises:
        NotFoundError: the client is gone.
    """
    client = clients.find(session, str(run.client))
    return Addressee(
        name=client.name,
        language=client.language,
        contact=client.contact,
        support_name=settings.support_name,
        support_phone=settings.support_phone,
        support_email=settings.support_email,
        facts=(
            (FROM_VERSION, str(run.facts["from_version"])),
            (TO_VERSION, str(run.facts["version"])),
        ),
        day_label=PATCH_DAY,
    )
