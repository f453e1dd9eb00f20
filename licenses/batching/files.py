"""The files of a batch's licences, in one folder.

A file is written in one go, and nobody waits for the disk to keep it: whoever is killed, or has no
power any more, may leave an empty one. That is written again, since the register has the key.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from opskit.core.errors import ConflictError, NotFoundError, UnavailableError
from opskit.core.i18n import _
from opskit.core.refs import format_number
from opskit.core.system_errors import reason_of

WRITERS = 1  # more would only wait for each other: a folder takes one name at a time


def file_name(client: str, serial: int) -> str:
    """`DELEZE-L1042.lic`."""
    return f"{client}-{format_number('L', serial)}.lic"


class LicenseFolder:
    """Where the keys are written, for their owner alone."""

    def __init__(self, path: Path, pool: ThreadPoolExecutor) -> None:
        self._path = path
        self._pool = pool
        self._waiting: list[Future[bool]] = []
        self.written = 0

    def require_free(self, names: Iterable[str]) -> None:
        """Raises ConflictError where one stands there already: nothing is overwritten."""
        there = {each.name for each in self._path.iterdir()}
        for name in names:
            if name in there:
                raise _taken(self._path / name)

    def write(self, name: str, text: str) -> None:
        """Begin to write a file; one that holds the same already stays."""
        self._waiting.append(self._pool.submit(_write, self._path / name, text))

    def settle(self) -> None:
        """Wait until all that was begun is on the disk.

        Raises:
            ConflictError: a file stands there that holds something else.
            UnavailableError: it cannot be written there.
        """
        for each in self._waiting:
            self.written += each.result()
        self._waiting.clear()


@contextmanager
def license_folder(path: Path) -> Iterator[LicenseFolder]:
    """The folder, made where it is missing.

    Raises:
        NotFoundError: the folder that it would be in is missing. ConflictError: it is a file.
        UnavailableError: it cannot be made.
    """
    _make(path)
    with ThreadPoolExecutor(WRITERS) as pool:
        yield LicenseFolder(path, pool)


def _make(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except FileNotFoundError as err:
        raise NotFoundError(
            _("there is no folder {folder}").format(folder=path.parent),
            hint=_("make the folder, or give another {option}").format(option="--out"),
        ) from err
    except FileExistsError as err:
        raise ConflictError(
            _("{file} is no folder").format(file=path),
            hint=_("a batch is written into a folder: give another --out"),
        ) from err
    except OSError as err:
        raise _unwritable(path, err) from err


def _write(path: Path, text: str) -> bool:
    """Whether it was written now; one that holds the same stays."""
    content = text.encode()
    try:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if _holds(path, content):
                return False
            descriptor = os.open(path, os.O_WRONLY)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            file.write(content)
    except OSError as err:
        raise _unwritable(path, err) from err
    return True


def _holds(path: Path, content: bytes) -> bool:
    """Whether the key is there already; not where the file is empty.

    Raises:
        ConflictError: it holds something else.
    """
    there = path.read_bytes() if path.is_file() else None
    if there not in (b"", content):
        raise _taken(path)
    return there == content


def _taken(path: Path) -> ConflictError:
    return ConflictError(
        _("{file} is there already and holds something else").format(file=path),
        hint=_("choose another folder, or remove the file first"),
    )


def _unwritable(path: Path, err: OSError) -> UnavailableError:
    return UnavailableError(
        _("cannot write {file}: {reason}").format(file=path, reason=reason_of(err)),
        hint=_("nothing is lost: make the place writable or choose another, and try again"),
    )
