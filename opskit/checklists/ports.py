"""What the engine asks of the features; wiring plugs them in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from opskit.checklists.checks import Check

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class CheckSource(Protocol):
    """Every check there is, by the name that templates use.

    Checks are asked side by side, each in a thread of its own.
    """

    def names(self) -> frozenset[str]: ...

    def checks(self) -> Mapping[str, Check]: ...


class People(Protocol):
    """The people of the team, whom steps are given to and whose names stand under answers."""

    def login_of(self, session: "Session", text: str) -> str:
        """The login of whoever is meant by a login or a name.

        Raises:
            NotFoundError: it fits nobody; the hint names the nearest.
            ConflictError: it fits several people.
        """
        ...

    def worker_login(self, session: "Session", text: str) -> str:
        """The login of somebody who may be given work. Raises as `login_of`.

        Raises:
            ConflictError: the person has left, or is an auditor, who changes nothing.
        """
        ...

    def names(self, session: "Session") -> Mapping[str, str]:
        """Everybody's name, by entity and by login."""
        ...
