"""What can go wrong with trees of skills, ratings and sign-offs."""

from opskit.core.errors import CheckFailedError, ConflictError, DeniedError, InvalidError


class TreeInvalidError(InvalidError):
    """The file of a tree of skills breaks a rule; the message names file, line and key."""

    reference = "skill-tree-invalid"


class TreeChangedError(ConflictError):
    """A published tree was edited; a change needs a new version number."""

    reference = "skill-tree-changed"


class TreeTamperedError(CheckFailedError):
    """A published tree was altered in the database; its digest no longer fits."""

    reference = "skill-tree-tampered"


class NotYoursToRateError(DeniedError):
    """Only the person, their mentor, a manager or an admin rates, signs off and looks."""

    reference = "not-yours-to-rate"
