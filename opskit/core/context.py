"""What a command is given: the home, the clock, the person, the database, and the plugs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from opskit.core.config import Home, Settings
from opskit.core.errors import DeniedError, UnavailableError
from opskit.core.identity import NOBODY, Identity

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Port = TypeVar("Port")


class Plug(Protocol):
    """Gives the implementation that wiring chose for a feature's port."""

    def __call__(self, port: type[Port], /) -> Port: ...


@dataclass(frozen=True, slots=True)
class AppContext:
    """Everything is a callable, so that a command pays only for what it uses.

    `identity` asks the safe once; `transaction` and `snapshot` open the database.
    """

    home: Home
    settings: Settings
    now: Callable[[], datetime]
    identity: Callable[[], Identity]
    transaction: "Callable[[], AbstractContextManager[Session]]"
    snapshot: "Callable[[], AbstractContextManager[Session]]"
    plug: Plug

    def whoever_asks(self) -> Identity:
        """For what is narrowed down by who asks, and shown also where nobody can tell who it is."""
        try:
            return self.identity()
        except (DeniedError, UnavailableError):
            return NOBODY

    def today(self) -> date:
        """The date on the wall of the person's office."""
        return self.now().astimezone().date()
