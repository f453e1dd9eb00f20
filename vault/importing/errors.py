"""How an import fails."""

from opskit.core.errors import ConflictError, InvalidError
from opskit.core.i18n import _


class UnreadableFileError(InvalidError):
    """The file to import cannot be opened: wrong password, damaged, or of another kind."""

    reference = "unreadable-file"


class NotPlacedError(InvalidError):
    """Some of what the file holds found no place in the safe; the rest was imported."""

    reference = "not-placed"


class EntriesDifferError(ConflictError):
    """Some entries differ from what the safe holds; those were left as they are."""

    reference = "entries-differ"


def damaged(file: object, hint: str | None = None) -> UnreadableFileError:
    """What is wrong inside stays unsaid: the reason of a parser may quote what it read."""
    return UnreadableFileError(
        _("{file} is damaged or cut off").format(file=file),
        hint=hint or _("open it in the program that wrote it, and export it once more"),
    )
