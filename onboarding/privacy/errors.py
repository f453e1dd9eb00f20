"""The documented failures of forgetting somebody."""

from opskit.core.errors import ConflictError


class StillHereError(ConflictError):
    """The person has a login, a path, or newcomers to go along with: erasing would break that."""

    reference = "still-here"


class ErasedAlreadyError(ConflictError):
    """Nothing is left to be erased."""

    reference = "erased-already"
