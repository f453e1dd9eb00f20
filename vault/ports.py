"""What the commands of the safe ask wiring for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from opskit.core.refs import ClientCode, TicketKey
from opskit.core.secret import Secret
from vault.entries import Entry, EntryFacts, EntryRef, EntrySecrets


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the safe is. `mend_hint` is the command that helps when it does not answer."""

    address: str
    namespace: str = ""
    ca_file: str | None = None
    timeout: float = 10.0
    mend_hint: str = "opskit doctor"


class TokenStore(Protocol):
    """Keeps one secret of a login between two commands: its token, or what came of it."""

    def load(self) -> Secret | None:
        """The secret, None where none is kept. Raises UnavailableError: keyring locked."""
        ...

    def save(self, token: Secret) -> None: ...

    def forget(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Login:
    """A safe and the token kept for it; nothing is asked or read yet."""

    connection: Connection
    tokens: TokenStore


@dataclass(frozen=True, slots=True)
class DatabaseLogin:
    """A user of the team's PostgreSQL, made for one person and dropped when it ends."""

    username: str
    password: Secret
    ends_at: datetime


class DatabaseLogins(Protocol):
    """Gives the person who is logged in a login to the team's database."""

    def current(self) -> DatabaseLogin:
        """The kept one while it lasts, else a new one.

        Raises:
            DeniedError: not logged in, or without any role.
            UnavailableError: the safe does not answer, or cannot make one.
        """
        ...

    def renewed(self) -> DatabaseLogin:
        """A new one, whatever is kept. Raises as `current`."""
        ...

    def forget(self) -> None: ...


class DatabaseEngine(Protocol):
    """The part of the safe that makes those logins."""

    def configure(self, *, url: str, username: str, password: Secret) -> None:
        """Tell it where the database is, and the user in whose name it makes logins.

        Raises:
            InvalidError: no address of a PostgreSQL database, or it does not let this user in.
            ConflictError: something else is in its place. DeniedError, UnavailableError.
        """
        ...

    def rotate(self) -> None:
        """Give that user a password that only the safe knows. Raises as `configure`."""
        ...


class EntryReader(Protocol):
    """The part of the safe behind `opskit vault get`."""

    def read_secret(self, ref: EntryRef, field: str, ticket: TicketKey | None) -> Secret:
        """One secret; the server's audit log keeps who, when and the ticket.

        Raises:
            EntryNotFoundError: there is no such entry, or it was deleted.
            NotFoundError: the entry keeps no such field.
            DeniedError: not logged in, or the role is missing.
            UnavailableError: the safe does not answer in time, or is sealed.
        """
        ...

    def describe(self, ref: EntryRef) -> Entry:
        """All but the secrets. Raises as `read_secret`."""
        ...

    def names(self) -> list[str]:
        """Every `CLIENT/ENV/NAME`, deleted ones too. Raises as `read_secret`."""
        ...


class EntryStore(EntryReader, Protocol):
    """The whole safe."""

    def create(self, ref: EntryRef, secrets: EntrySecrets) -> int:
        """Write the secrets of a new entry and return its version; the facts come after.

        Raises:
            EntryExistsError: there is one, or there was one that was deleted.
            InvalidError: too large. DeniedError, UnavailableError: as `read_secret`.
        """
        ...

    def write_facts(self, ref: EntryRef, facts: EntryFacts) -> None:
        """Say what is not secret about an entry. Raises as `read_secret`."""
        ...

    def list_entries(self, client: ClientCode | None = None) -> list[Entry]:
        """The entries of one client, or all, without the deleted ones. Raises as `read_secret`."""
        ...


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing in the safe that is not as it should be."""

    what: str
    problem: str


class Provisioner(Protocol):
    """Brings the safe into its desired state."""

    def plan(self) -> Sequence[Drift]:
        """What differs. Raises DeniedError, UnavailableError."""
        ...

    def apply(self, drifts: Sequence[Drift]) -> None:
        """Mend it. Raises ConflictError where only a person can, DeniedError, UnavailableError."""
        ...
