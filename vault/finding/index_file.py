"""The index: what the safe holds, without a secret, kept in the home so that finding asks nobody.

One 0600 file for a server and namespace: a checksum, a line of JSON about the whole, then a line an
entry, which holds the text that is searched, folded, its parts between tabs, and at its end the
entry's row; so ten thousand entries are searched without being parsed. Whose login it was read
with stands in it as a digest: another person, or a later login, has no use for it.

Beside it stands a journal of the clients that this home changed since. Commands only add to it, so
that no two can lose each other's notes; what an index made anew has seen is dropped.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from zlib import crc32

from opskit.core.config import Home, Settings
from opskit.core.private_files import make_private_folder, write_private
from opskit.core.secret import Secret
from opskit.core.text import fold
from vault.entries import Entry, EntryRef
from vault.facts import EntryFacts
from vault.login.tokens import token_key

Row = dict[str, Any]
Line = str
"""`ref TAB words TAB ... TAB row as a JSON list`, without a newline."""

DIGEST = 32  # hexadecimal digits


def row_of(entry: Entry, *, client_name: str = "", guarded: bool = False) -> Row:
    """The keys that `--json` promises of what is found."""
    return entry.to_row() | {"client_name": client_name, "guarded": guarded}


KEYS = tuple(row_of(Entry(EntryRef.parse("A1/prod/a"), EntryFacts("generic"), 0, "")))
SEARCHED = ("ref", "client_name", "kind", "host", "username", "url", "domain", "service", "tags")


def line_of(row: Row) -> Line:
    texts = (" ".join(row[key]) if key == "tags" else row[key] for key in SEARCHED)
    words = fold("\t".join(" ".join(text.split()) for text in texts))
    return f"{words}\t{json.dumps([row[key] for key in KEYS], ensure_ascii=False)}"


def row_in(line: Line) -> Row:
    return dict(zip(KEYS, json.loads(line[line.rindex("\t") :]), strict=True))


def client_of(line: Line) -> str:
    """The client's code, folded."""
    return line[: line.index("/")]


@dataclass(frozen=True, slots=True)
class Index:
    """What the safe held; times are seconds since 1970.

    `reread` says when a client alone was read again. The lines are in the order of their refs.
    """

    holder: str
    read_at: float
    lines: Sequence[Line]
    reread: Mapping[str, float] = field(default_factory=dict)

    def has_read(self, client: str, *, since: float) -> bool:
        return self.known_since(client) > since

    def known_since(self, client: str | None = None) -> float:
        """When the safe was last asked, for this client or for all."""
        return max(self.read_at, self.reread.get(client or "", 0))

    def rows(self, client: str | None = None) -> Iterator[Row]:
        """The rows of one client, or all."""
        code = "" if client is None else client.lower()
        return (row_in(line) for line in self.lines if code in ("", client_of(line)))

    def refs(self, beginning: str = "") -> list[str]:
        """The refs whose folded text begins like that."""
        return [row_in(line)["ref"] for line in self.lines if line.startswith(beginning)]


class IndexFile:
    """Where an index is kept. Nothing that goes wrong here is told: it is only made anew."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self._place = token_key(settings)
        name = _digest(self._place)
        self._path = home.index_folder / name
        self._journal = home.index_folder / f"{name}.changed"

    def holder(self, token: Secret) -> str:
        """Who reads, as the index names it: what comes of a token, and never leads back to it."""
        return _digest(f"{self._place} {token.reveal()}")

    def load(self) -> Index | None:
        """None where there is none, it is damaged, or another opskit wrote it."""
        try:
            check, _, content = self._path.read_bytes().partition(b"\n")
            if check != _check(content):
                return None
            head, _, body = content.decode().partition("\n")
            about = json.loads(head)
            if about.pop("keys") != list(KEYS):
                return None
            return Index(lines=body.split("\n") if body else [], **about)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, index: Index) -> bool:
        """Whether it is kept: where the home cannot be written, the next command asks again."""
        about = {
            "keys": KEYS,
            "holder": index.holder,
            "read_at": index.read_at,
            "reread": index.reread,
        }
        content = "\n".join([json.dumps(about), *index.lines]).encode()
        try:
            write_private(self._path, _check(content) + b"\n" + content)
        except OSError:
            return False
        return True

    def changes(self) -> dict[str, float] | None:
        """The clients that this home changed, and when it last did; None: nobody can tell."""
        try:
            words = self._journal.read_text(encoding="ascii").split()
            return dict(zip(words[::2], map(float, words[1::2]), strict=True))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            return None

    def note_change(self, client: str, *, at: float) -> None:
        """The change is made whatever happens here; on a full disk the index is given up."""
        try:
            make_private_folder(self._journal.parent)
            with open(self._journal, "a", encoding="ascii", opener=_private) as journal:
                journal.write(f"{client} {at}\n")
        except OSError:
            self.forget()

    def drop_changes(self, *, before: float) -> None:
        """Forget what is older than that. Moved away first, so that nobody adds to what goes."""
        aside = self._journal.with_suffix(f".{os.getpid()}")
        try:
            self._journal.replace(aside)
            words = aside.read_text(encoding="ascii").split()
            for client, at in zip(words[::2], map(float, words[1::2]), strict=True):
                if at >= before:
                    self.note_change(client, at=at)
        except (OSError, ValueError):
            pass  # there is none, or it cannot be read: nobody needs it beside a new index
        with suppress(OSError):
            aside.unlink()

    def forget(self) -> None:
        self.forget_changes()
        with suppress(OSError):
            self._path.unlink()

    def forget_changes(self) -> None:
        with suppress(OSError):
            self._journal.unlink()


def _check(content: bytes) -> bytes:
    return b"%08x" % crc32(content)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:DIGEST]


def _private(path: str, flags: int) -> int:
    """For its owner alone from the first moment on."""
    return os.open(path, flags, 0o600)
