"""Campaign numbers for the shell."""

from typing import TYPE_CHECKING

from opskit.core.completion import completing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _names(session: "Session") -> list[str]:
    from opskit.patches.campaigns.services.reading import list_campaigns

    return [line.campaign.name for line in list_campaigns(session)]


complete_campaign = completing(_names)
