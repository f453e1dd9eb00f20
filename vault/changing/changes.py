"""What a change makes of an entry, and how two versions of it differ."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.changing.writing import CHANGED, Write
from vault.entries import EntryRef, EntrySecrets, EntryValue, check_secret_name
from vault.errors import (
    EntryExistsError,
    EntryGuardedError,
    EntryNotFoundError,
    entry_removed,
    guarded_as_it_is,
    name_taken,
)
from vault.facts import FACTS, EntryFacts
from vault.getting import with_nearest
from vault.ports import EntryStore

PORT_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not the same in two versions; the empty text stands for none."""

    field: str
    before: Secret
    after: Secret

    @property
    def is_secret(self) -> bool:
        return self.field not in FACTS

    @property
    def what(self) -> str:
        """`added`, `removed` or `changed`."""
        if not self.before.reveal():
            return "added"
        return "changed" if self.after.reveal() else "removed"


def differences(before: EntryValue, after: EntryValue) -> Iterator[Difference]:
    """Every field that differs, in the order of their names."""
    old, new = before.to_data(), after.to_data()
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield Difference(name, Secret(old.get(name, "")), Secret(new.get(name, "")))


def read_for_change(store: EntryStore, ref: EntryRef, ticket: TicketKey | None) -> EntryValue:
    """The newest version, which the next one follows.

    Raises:
        EntryGuardedError: with how a new secret comes into it. Else as `read_newest`.
    """
    try:
        return read_newest(store, ref, ticket)
    except EntryGuardedError as err:
        raise guarded_as_it_is(ref.path) from err


def read_newest(store: EntryStore, ref: EntryRef, ticket: TicketKey | None) -> EntryValue:
    """The newest version.

    Raises:
        EntryNotFoundError: it was removed, or never was; then with the nearest entries.
        EntryGuardedError, with how it is read. DeniedError, UnavailableError.
    """
    try:
        return store.read(ref, ticket)
    except EntryNotFoundError as err:
        if was_removed(store, ref) and not store.guards(ref):
            raise entry_removed(ref.path) from err
        raise with_nearest(store, ref, err) from err


def was_removed(store: EntryStore, ref: EntryRef) -> bool:
    """Whether `undelete` would bring it back."""
    try:
        newest = store.history(ref)[-1]
    except EntryNotFoundError:
        return False
    return bool(newest.deleted_at) and not newest.destroyed


@contextmanager
def explaining_taken(store: EntryStore, ref: EntryRef) -> Iterator[None]:
    """Say of a name that is taken when nobody can see by what. Raises EntryExistsError."""
    try:
        yield
    except EntryExistsError as err:
        if was_removed(store, ref):
            raise name_taken(ref.path) from err
        raise


def next_version(
    ref: EntryRef,
    previous: EntryValue,
    *,
    facts: Mapping[str, str],
    secrets: EntrySecrets,
    ticket: TicketKey | None,
    action: str = CHANGED,
) -> Write:
    """The version that was read with these fields changed; an empty text takes one away.

    Raises:
        InvalidError: a fact breaks a rule, or a secret has no possible name.
    """
    for name, secret in secrets.items():
        if secret.reveal():
            check_secret_name(name)
    kept = {**previous.secrets, **secrets}
    return Write(
        ref=ref,
        facts=facts_of({**previous.facts.to_metadata(), **facts}),
        secrets={name: secret for name, secret in kept.items() if secret.reveal()},
        previous=previous,
        action=action,
        ticket=ticket,
    )


def facts_of(texts: Mapping[str, str]) -> EntryFacts:
    """As a person typed them. Raises InvalidError."""
    port = texts.get("port", "")
    if port and not (port.isascii() and port.isdecimal() and len(port) <= PORT_DIGITS):
        raise InvalidError(
            _("{port} is no port").format(port=repr(port)), hint=_("1 to 65535, such as 1521")
        )
    return EntryFacts.from_metadata(texts)
