"""What every clipboard can do, and how it fails."""

from typing import Protocol

from opskit.core.errors import UnavailableError

SECONDS, LONGEST = 45, 3600


class NoClipboardError(UnavailableError):
    """This machine has no clipboard that opskit reaches, or it does not answer."""

    reference = "no-clipboard"


class Clipboard(Protocol):
    """Text that the next paste takes. Every verb may raise NoClipboardError."""

    @property
    def name(self) -> str: ...

    def put(self, text: bytes) -> None:
        """Put a secret there, marked as one where the system knows such a mark."""
        ...

    def read(self) -> bytes | None:
        """What is there now; None for a clipboard that can only be written."""
        ...

    def clear(self) -> None: ...
