"""What break-glass asks wiring for."""

from dataclasses import dataclass
from typing import Protocol

from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.entries import EntryRef, EntryValue
from vault.ports import EntryReader, EntryStore


class GuardedReader(EntryReader, Protocol):
    """The guarded entries, as everybody who may find may see them."""


class GuardedStore(EntryStore, Protocol):
    """The guarded entries, as a safe-keeper puts them there; nobody reads one through it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits in the safe. Whoever holds the token may use it once it is approved."""

    token: Secret
    accessor: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the safe itself knows of a request."""

    path: str
    entity_id: str
    approved: bool


class SecondPerson(Protocol):
    """The server's control groups. Every verb may raise DeniedError and UnavailableError."""

    def exists(self) -> bool:
        """Whether the server knows control groups at all."""
        ...

    def ask(self, ref: EntryRef, ticket: TicketKey) -> Asked:
        """Ask to read a guarded entry.

        Raises:
            NoSecondPersonError: the server would let one person read it, or lets nobody.
        """
        ...

    def look(self, accessor: str) -> Standing | None:
        """How the request stands; None once it was used or its time is over."""
        ...

    def approve(self, accessor: str) -> None:
        """Agree, as the person who is logged in.

        Raises:
            OwnAccessError: that person made the request.
        """
        ...

    def read(self, asked: Secret, ticket: TicketKey) -> EntryValue | None:
        """What the entry holds now, by the token of a request; None where it is gone.

        Raises:
            NotApprovedError: nobody has agreed, or it has ended: `look` tells which.
        """
        ...

    def end(self, asked: Secret) -> None:
        """Let the token be good for nothing any more; it may be that already."""
        ...
