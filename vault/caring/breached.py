"""A list of breached passwords' hashes, asked offline.

The file is the one that Have I Been Pwned offers for download: SHA-1 in hexadecimal, one a line,
in order, each followed by `:` and how often it was seen. It has some 40 GB, so it is searched
where it lies and never read whole. https://haveibeenpwned.com/Passwords
"""

import hashlib
from pathlib import Path
from types import TracebackType
from typing import Self

from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from opskit.core.system_errors import reason_of

DIGEST = 40  # hexadecimal digits
LONGEST_LINE = 64


class BreachedList:
    """An open list; use it in a `with` block."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            NotFoundError: it cannot be read. InvalidError: it is no ordered list of hashes.
        """
        try:
            self._file = path.open("rb")
        except OSError as err:
            raise NotFoundError(
                _("cannot read {file}: {reason}").format(file=path, reason=reason_of(err)),
                hint=_("give the downloaded list of SHA-1 hashes, ordered by hash"),
            ) from err
        self._size = self._file.seek(0, 2)
        first = self._line_from(0)
        middle = self._line_from(self._size // 2) or first
        if not (_is_digest(first) and _is_digest(middle) and first <= middle):
            self._file.close()
            raise InvalidError(
                _("{file} is no ordered list of SHA-1 hashes").format(file=path),
                hint=_("download the version that is ordered by hash"),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def times_seen(self, password: Secret) -> int:
        """How often this password stands in known breaches; 0 where it does not."""
        # The list is made with SHA-1; nothing is protected by it here.
        digest = hashlib.sha1(password.reveal().encode(), usedforsecurity=False)
        wanted = digest.hexdigest().upper().encode()
        low, high = 0, self._size
        while low < high:
            middle = (low + high) // 2
            line = self._line_from(middle)
            if line[:DIGEST].upper() == wanted:
                return _count(line)
            if line and line[:DIGEST].upper() < wanted:
                low = middle + 1
            else:
                high = middle
        return 0

    def _line_from(self, position: int) -> bytes:
        """The first whole line that begins at or after this byte; empty at the end."""
        self._file.seek(max(position - 1, 0))
        if position:
            self._file.readline(LONGEST_LINE)
        return self._file.readline(LONGEST_LINE).strip()


def _is_digest(line: bytes) -> bool:
    return len(line[:DIGEST]) == DIGEST and all(
        c in b"0123456789abcdefABCDEF" for c in line[:DIGEST]
    )


def _count(line: bytes) -> int:
    _digest, _colon, count = line.partition(b":")
    return int(count) if count.isdigit() else 1
