"""What the server's audit log says of the keys that sign licences: it knows more than opskit does.

The log holds no bytes, only their HMACs under a secret of the log's own; the server tells the HMAC
of what one gives to it, and so whether something that is known was signed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Use(StrEnum):
    """What was done with a key."""

    SIGNED = "signed"
    EXPORTED = "exported"
    """It left the safe: from then on it signs elsewhere, and no log says so."""
    UNREADABLE = "unreadable"
    """The line is too long for anything that opskit would send."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One answer of the server to somebody who used a key; `inputs` are what it signed, as HMACs.

    `at` is None where the line cannot be read.
    """

    use: Use
    key: str
    at: datetime | None = None
    inputs: tuple[str, ...] = ()
    entity_id: str = ""
    display_name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class KeyUses:
    """All that one or several logs say, in the order of time, and what to know about the logs.

    `begun` is when the first line was written; None where no line can be read.
    """

    uses: Sequence[KeyUse]
    remarks: Sequence[str]
    begun: datetime | None = None


class SigningLog(Protocol):
    """The audit log of the safe's server."""

    def read(self, logs: Sequence[str] | None, *, command: str, bar: bool) -> KeyUses:
        """Whatever was done with a key whose name begins with `license-`.

        `logs` are files, packed or rotated, or `-`; None for those of this home's own server.
        `command` is what hints name.

        Raises:
            NotFoundError, UnavailableError, InvalidError: there is no such log, it may not be
            read, or is none.
        """
        ...

    def hashed(self, messages: Iterable[bytes], *, device: str) -> Iterator[str]:
        """As what each message stands in the log of that audit device, had it been signed.

        Raises:
            NotFoundError: the server has no such device. DeniedError, UnavailableError.
        """
        ...
