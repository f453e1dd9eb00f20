"""The versions of an entry: who wrote each, and bringing an old one back."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from opskit.core.context import AppContext
from opskit.core.errors import NotFoundError
from opskit.core.events import Event
from opskit.core.i18n import _
from opskit.core.refs import TicketKey
from vault.changing.removing import MOVED, PURGED, REMOVED, UNDELETED
from vault.changing.rotating import require_none_waits
from vault.changing.writing import Write
from vault.entries import NEXT_PREFIX, EntryRef, EntryValue
from vault.errors import EntryNotFoundError
from vault.getting import with_nearest
from vault.ports import EntryStore, Version
from vault.services import events_of

RESTORED = "vault.restored"


class State(StrEnum):
    """What can be done with a version."""

    CURRENT = "current"
    KEPT = "kept"
    REMOVED = "removed"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class PastVersion:
    """One version and what the event log knows about it; `removed_by` of a removed one."""

    version: Version
    state: State
    written: Event | None
    removed: Event | None

    def to_row(self) -> dict[str, Any]:
        """The keys that `--json` promises; another tool's version has no actor."""
        after = {} if self.written is None else self.written.after or {}
        return {
            "version": self.version.number,
            "state": self.state.value,
            "created_at": self.version.created_at,
            "actor": "" if self.written is None else self.written.actor,
            "action": "" if self.written is None else self.written.action,
            "ticket": "" if self.written is None else self.written.ticket or "",
            "changed": after.get("changed", []),
            "removed_at": self.version.deleted_at,
            "removed_by": "" if self.removed is None else self.removed.actor,
        }


def history(run: AppContext, store: EntryStore, ref: EntryRef) -> list[dict[str, Any]]:
    """The rows of every version that is kept, the newest first.

    Raises:
        EntryNotFoundError: there never was such an entry, or it was purged; with the nearest.
    """
    try:
        versions = store.history(ref)
    except EntryNotFoundError as err:
        raise with_nearest(store, ref, err) from err
    with run.snapshot() as session:
        written, removed = _by_version(events_of(session, ref=ref))
        return [
            PastVersion(
                version=each,
                state=_state(each, is_newest=each is versions[-1]),
                written=written.get(each.number),
                removed=removed.get(each.number) if each.deleted_at else None,
            ).to_row()
            for each in reversed(versions)
        ]


def read_version(
    store: EntryStore, ref: EntryRef, number: int, ticket: TicketKey | None
) -> EntryValue:
    """One version of the value.

    Raises:
        NotFoundError: there is none of that number, or it was removed.
    """
    try:
        return store.read(ref, ticket, version=number)
    except EntryNotFoundError as err:
        raise NotFoundError(
            _("{entry} has no version {version} that can be read").format(
                entry=ref, version=number
            ),
            hint=f"opskit vault history {ref}",
        ) from err


def restoring(
    run: AppContext,
    ref: EntryRef,
    read: EntryValue,
    old: EntryValue,
    *,
    ticket: TicketKey | None,
) -> Write:
    """The old content as the next version.

    Whoever read the old secrets knows those that come back, so the entry counts as never rotated.

    Raises:
        RotationPendingError: a new secret waits, and would be lost.
    """
    require_none_waits(run, ref, read)
    waits = {NEXT_PREFIX + name for name in old.pending}
    secrets = {name: secret for name, secret in old.secrets.items() if name not in waits}
    write = Write(ref, old.facts, secrets, read, RESTORED, ticket)
    if not write.rotates:
        return write
    return replace(write, stamps=replace(read.stamps, rotated=""))


def _state(version: Version, *, is_newest: bool) -> State:
    if version.destroyed:
        return State.DESTROYED
    if version.deleted_at:
        return State.REMOVED
    return State.CURRENT if is_newest else State.KEPT


def _by_version(events: list[Event]) -> tuple[dict[int, Event], dict[int, Event]]:
    """Who wrote each version, and who removed it; after a purge the numbers begin again."""
    written: dict[int, Event] = {}
    removed: dict[int, Event] = {}
    for event in events:
        number = int((event.after or {}).get("version", 0))
        if event.action == PURGED:
            written.clear()
            removed.clear()
        elif event.action in (REMOVED, MOVED):
            removed[number] = event
        elif number and event.action != UNDELETED:
            written.setdefault(number, event)
    return written, removed
