"""Why the block of a client is not taken."""

from opskit.core.errors import InvalidError
from opskit.core.i18n import _


class IntakeUnreadableError(InvalidError):
    """The text holds no block of `opskit vault intake`, several, or one with damaged letters."""

    reference = "intake-unreadable"


class IntakeTruncatedError(InvalidError):
    """The end of the block or a part of it is missing."""

    reference = "intake-truncated"


class IntakeAlteredError(InvalidError):
    """The block does not open: something in it was changed after it was made."""

    reference = "intake-altered"


class IntakeUnknownFormError(InvalidError):
    """Nobody here made the page on which the block was made."""

    reference = "intake-unknown-form"


class IntakeWrongEntryError(InvalidError):
    """The page was made for another entry."""

    reference = "intake-wrong-entry"


class IntakeForeignKeyError(InvalidError):
    """The block names another version of the safe's key than its page."""

    reference = "intake-foreign-key"


class IntakeKeyGoneError(InvalidError):
    """The safe no longer has the key for which the page was made."""

    reference = "intake-key-gone"


class IntakeExpiredError(InvalidError):
    """The page's last day has passed."""

    reference = "intake-expired"


def altered() -> IntakeAlteredError:
    return IntakeAlteredError(
        _("the block does not open: it was changed after it was made"),
        hint=_("copy it once more from the ticket; else ask the client to fill in the page again"),
    )
