"""What can go wrong on the paths of consultants; each case is documented in docs/exit-codes.md."""

from opskit.core.errors import ConflictError, InvalidError


class LayerInvalidError(InvalidError):
    """A layer of a path, or the path composed of several, breaks a rule."""

    reference = "layer-invalid"


class WalkEndedError(ConflictError):
    """The path was finished, left or undone: nothing changes on it any more."""

    reference = "walk-ended"


class NotSubmittedError(ConflictError):
    """The step waits for nobody's signature: the newcomer has not submitted it."""

    reference = "not-submitted"
