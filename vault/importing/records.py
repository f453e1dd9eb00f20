"""What a file of another password keeper holds, whichever keeper wrote it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol

from opskit.core.secret import Secret

FORMATS = ("auto", "kdbx", "keepassxc-csv", "bitwarden", "csv")


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field that the keeper's users made up; a protected one is hidden there too."""

    name: str
    value: Secret
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """One credential as it stands in the file. `group` is its folder, from the top."""

    group: tuple[str, ...]
    title: str
    username: str = ""
    password: Secret | None = None
    url: str = field(default="", repr=False)  # people put passwords into addresses
    note: Secret | None = None
    totp: Secret | None = None
    fields: tuple[CustomField, ...] = ()
    files: tuple[Attachment, ...] = ()
    tags: tuple[str, ...] = ()
    expires: date | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Leftover:
    """What stays behind, and why. `ref` is the entry that it belongs to, where there is one."""

    group: tuple[str, ...]
    title: str
    reason: str
    ref: str = ""


class Source(Protocol):
    """An opened file. It is gone through more than once, and gives one record at a time."""

    format: str
    skipped: int
    """How many lie in a recycle bin; known once the records were gone through."""

    def __iter__(self) -> Iterator[Record | Leftover]: ...

    def groups(self) -> Iterator[tuple[str, ...]]:
        """The folder of each record, without the trouble of reading it where that can be."""
        ...


class GroupsByReading:
    """Gives a source its `groups` where the records have to be read for them."""

    def __iter__(self) -> Iterator[Record | Leftover]:
        raise NotImplementedError

    def groups(self) -> Iterator[tuple[str, ...]]:
        return (each.group for each in self if isinstance(each, Record))


RECYCLE_BINS = frozenset({"recycle bin", "corbeille", "papierkorb", "cestino"})


def is_recycled(group: tuple[str, ...]) -> bool:
    """Whether the folder lies in a recycle bin, by the name that keepers give it."""
    return bool(group) and group[0].casefold() in RECYCLE_BINS


def secret_or_none(text: str | None) -> Secret | None:
    return Secret(text) if text else None


def moment_of(text: str | None) -> datetime | None:
    """An ISO time in UTC, by this machine's clock where it names no zone; None where it is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except (ValueError, OverflowError):
        return None
