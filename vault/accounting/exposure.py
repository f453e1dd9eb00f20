"""What a person still knows: the entries they read, held against when each was last rotated.

Whoever read an entry has all of its secrets, since the safe hands out the whole value. An entry
is settled once a secret of it changed after the person's last read. Where nothing says that it
changed, it stays on the list: one too many can be looked at, one too few would never be. So

* an entry without the stamp of a rotation counts as never rotated;
* who read while the new secret waited to be confirmed was handed that one too;
* who read the version that is the newest now knows what is in it, whatever the clocks say: the
  time of a read is the server's, the time of a rotation that of the machine where it was typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vault.accounting.audit_log import Outcome, Place, Read
from vault.accounting.past import Wait
from vault.entries import Entry


class Exposure(StrEnum):
    """How it stands with an entry that the person read."""

    OPEN = "open"
    """Nobody rotated it since."""
    EARLY = "early"
    """Rotated since, but the new secret waited in the safe already when the person read it."""
    PENDING = "pending"
    """A rotation has begun; the new password is not confirmed, so the old one still works."""
    GONE = "gone"
    """The safe no longer has it; whether the client's system still takes it, nobody can tell."""
    SETTLED = "settled"
    """A secret of it changed since."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """One entry that the person read; `entry` is None where the safe no longer has it."""

    read: Read
    entry: Entry | None
    state: Exposure


def last_reads(reads: Iterable[Read]) -> dict[Place, Read]:
    """The latest read of each entry, whatever order they come in; refusals do not count."""
    latest: dict[Place, Read] = {}
    for read in reads:
        known = latest.get(read.place)
        if read.outcome is Outcome.READ and (known is None or read.at >= known.at):
            latest[read.place] = read
    return latest


def expose(
    reads: Mapping[Place, Read], entries: Mapping[Place, Entry], waits: Mapping[Place, Wait]
) -> list[Exposed]:
    """How it stands with every entry that was read, by client and name; what is gone comes last."""
    rows = [
        Exposed(read, entries.get(place), _state(read, entries.get(place), waits.get(place)))
        for place, read in reads.items()
    ]
    return sorted(
        rows, key=lambda row: (row.state is Exposure.GONE, row.read.entry, row.read.mount)
    )


def _state(read: Read, entry: Entry | None, wait: Wait | None) -> Exposure:
    if entry is None:
        return Exposure.GONE
    stamp = entry.stamps.rotated
    rotated = datetime.fromisoformat(stamp) if stamp else None
    knows_the_newest = read.version == entry.version
    if rotated is not None and rotated > read.at and not knows_the_newest:
        was_handed_out = wait is not None and wait.begun_at <= read.at
        is_the_same = wait is not None and rotated <= wait.confirmed_at
        return Exposure.EARLY if was_handed_out and is_the_same else Exposure.SETTLED
    return Exposure.PENDING if entry.stamps.pending else Exposure.OPEN
