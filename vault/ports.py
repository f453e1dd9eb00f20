"""What the commands of the safe ask wiring for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from opskit.core.identity import Identity
from opskit.core.refs import ClientCode, TicketKey
from opskit.core.secret import Secret
from vault.entries import Entry, EntryRef, EntryValue, Stamps
from vault.facts import EntryFacts
from vault.login.life import Life


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the safe is. `mend_hint` is the command that helps when it does not answer.

    `patience` is for how many seconds it is asked again while a cluster has no leader.
    """

    address: str
    namespace: str = ""
    ca_file: str | None = None
    timeout: float = 10.0
    patience: float = 0.0
    mend_hint: str = "opskit doctor"


class TokenStore(Protocol):
    """Keeps one secret of a login between two commands: its token, or what came of it."""

    def load(self) -> Secret | None:
        """The secret, None where none is kept. Raises UnavailableError: keyring locked."""
        ...

    def save(self, token: Secret) -> None: ...

    def forget(self) -> None: ...


class LoginTokens(Protocol):
    """Keeps the token of a login, and beside it how long it lives, where it can be renewed."""

    def load(self) -> Secret | None:
        """The token, renewed where half of its life is gone. Raises as `TokenStore.load`."""
        ...

    def save(self, token: Secret, life: Life | None = None) -> None: ...

    def forget(self) -> None: ...


class LastIdentity(Protocol):
    """Keeps who is logged in, as the safe said it last."""

    def keep(self, token: Secret, identity: Identity) -> None: ...

    def recall(self, token: Secret) -> Identity | None:
        """Who it was, if the safe said so of this very token."""
        ...

    def forget(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Login:
    """A safe and the token kept for it; nothing is asked or read yet."""

    connection: Connection
    tokens: LoginTokens


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

    def guards(self, ref: EntryRef) -> bool:
        """Whether an entry of this name is guarded, as far as this person may see.

        Raises:
            UnavailableError: the safe does not answer in time, or is sealed.
        """
        ...

    def names(self) -> list[str]:
        """Every `CLIENT/ENV/NAME`, deleted ones too. Raises as `read_secret`."""
        ...

    def list_entries(self, client: ClientCode | None = None) -> list[Entry]:
        """The entries of one client, or all, without the deleted ones. Raises as `read_secret`."""
        ...


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an entry's value: when it was written, and whether it can be read."""

    number: int
    created_at: str
    deleted_at: str
    destroyed: bool


class EntryStore(EntryReader, Protocol):
    """The whole safe. Every verb may raise DeniedError and UnavailableError as `read_secret`."""

    def read(
        self, ref: EntryRef, ticket: TicketKey | None, *, version: int | None = None
    ) -> EntryValue:
        """One version of the value, secrets and all; the newest unless another is named.

        Raises:
            EntryNotFoundError: no such entry or version, or it was deleted.
        """
        ...

    def write(self, ref: EntryRef, value: EntryValue) -> int:
        """Write the version after `value.version` (0: the entry is new); returns its number.

        The facts are mirrored by `mirror`, in a second request.

        Raises:
            EntryExistsError: `value.version` is 0 and there is, or was, such an entry.
            EntryChangedError: somebody wrote another version meanwhile.
            InvalidError: too large.
        """
        ...

    def mirror(self, ref: EntryRef, facts: EntryFacts, stamps: Stamps) -> None:
        """Say what is not secret about version `stamps.version`.

        The result of a works-check stays; where a newer version was written meanwhile, nothing
        is done, since its writer mirrors it.
        """
        ...

    def mark(self, ref: EntryRef, *, checked: str, check: str) -> None:
        """Note when the login was last tried, and what came of it."""
        ...

    def history(self, ref: EntryRef) -> list[Version]:
        """The versions that are kept, the oldest first, deleted ones too.

        Raises:
            EntryNotFoundError: there never was such an entry, or it was purged.
        """
        ...

    def remove(self, ref: EntryRef) -> None:
        """Delete the newest version; `undelete` brings it back."""
        ...

    def undelete(self, ref: EntryRef, version: int) -> None: ...

    def purge(self, ref: EntryRef) -> None:
        """Destroy every version and what was known about the entry, for ever."""
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
