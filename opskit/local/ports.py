"""What the embedded server needs from others; plugged in by wiring."""

from typing import Protocol

from opskit.core.secret import Secret


class AdminLogin(Protocol):
    """The login of the person at the keyboard."""

    def address(self) -> str:
        """Where the safe listens."""
        ...

    def token(self) -> Secret:
        """Their token; raises DeniedError when they are not logged in."""
        ...
