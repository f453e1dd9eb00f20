"""What onboarding asks of the safe; wiring plugs it in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from opskit.core.identity import Identity


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a change in the safe; unproven where the safe was away and could not say it."""

    identity: Identity
    is_proven: bool = True


class Askers(Protocol):
    """Tells who asks, also while the safe is away."""

    def current(self) -> Asker:
        """Who is logged in, else whom the safe knew of this login last.

        Raises:
            DeniedError: nobody is logged in. UnavailableError: nobody can tell who it is.
        """
        ...


class AccessGroups(Protocol):
    """What a person reaches in the safe. Every verb is idempotent: after a crash, call it again.

    Raises:
        DeniedError: not an admin's login. UnavailableError: the safe does not answer.
    """

    def level_of(self, entity_id: str) -> str:
        """How far the access has grown: none, sandbox, read-only or pole."""
        ...

    def hold(self, entity_id: str, level: str, pole: str) -> None:
        """Give exactly this level of the clients of that pole; an empty pole is both."""
        ...

    def roles_of(self, entity_id: str) -> frozenset[str]: ...

    def shut_out(self, entity_id: str) -> None:
        """Refuse every login and token from now on, then take every group away."""
        ...


@dataclass(frozen=True, slots=True)
class SecretRead:
    """The last time that a person was handed the secrets of an entry."""

    mount: str
    entry: str
    at: datetime
    version: int
    ticket: str = ""

    @property
    def client(self) -> str:
        return self.entry.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Known:
    """One of those reads today: `entry` is the present name, `state` one of `vault exposure`."""

    read: SecretRead
    entry: str
    kind: str
    state: str
    rotated: str


class Knowledge(Protocol):
    """What somebody knows of the safe's secrets."""

    def reads(self, session: Session, *, entity_id: str, logs: Sequence[str]) -> list[SecretRead]:
        """The last read of each entry, from these audit logs, else from those of the own server.

        Raises:
            UsageProblemError, NotFoundError: the log is not on this machine, or there is none.
            InvalidError: a file is no audit log. UnavailableError: it cannot be read.
        """
        ...

    def judge(self, session: Session, reads: Iterable[SecretRead]) -> list[Known]:
        """How it stands with what was read: whether somebody rotated it since.

        Raises:
            DeniedError: who asks may not list the entries. UnavailableError.
        """
        ...
