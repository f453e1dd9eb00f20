"""What can go wrong while access grows, or ends."""

from opskit.core.errors import ConflictError, InvalidError, UnavailableError


class LevelsInvalidError(InvalidError):
    """The file that says which milestones open what breaks a rule; the message names the key."""

    reference = "access-levels-invalid"


class StepDownError(ConflictError):
    """The person reaches more already; access is taken away by `revoke` alone, with a reason."""

    reference = "access-step-down"


class SafePendingError(UnavailableError):
    """The safe is away: the change is recorded, and done by `doctor --repair`."""

    reference = "safe-pending"
