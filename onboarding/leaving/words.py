"""Why somebody leaves, and how far it has come: words of which a script knows each."""

from enum import StrEnum


class LeaveReason(StrEnum):
    """Why somebody leaves: as much as the team needs to know, and no word more."""

    RESIGNED = "resigned"
    CONTRACT_ENDED = "contract-ended"
    DISMISSED = "dismissed"
    RETIRED = "retired"
    OTHER = "other"


class LeaveState(StrEnum):
    """How far it has come."""

    PLANNED = "planned"
    UNDER_WAY = "under-way"  # the safe is being asked
    LEFT = "left"
    WITHDRAWN = "withdrawn"  # planned, and then the person stays
