"""Files that only their owner may read, written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Replace `path` atomically with mode 0600; a crash leaves the old file or the new one."""
    from tempfile import mkstemp

    make_private_folder(path.parent)
    descriptor, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_asked_for(path: Path, text: str | bytes, *, option: str = "--out") -> bool:
    """Write the file of that option, for its owner alone; False when it is there already.

    Raises:
        NotFoundError, ConflictError, InvalidError: as `require_free`.
        UnavailableError: it cannot be written there.
    """
    content = text.encode() if isinstance(text, str) else text
    with _explained(path):
        if path.is_file() and path.read_bytes() == content:
            return False
        require_free(path, option=option)
        write_private(path, content)
    return True


def require_free(path: Path, *, option: str = "--out") -> None:
    """Nothing is overwritten: what stands there may be the only copy of something else.

    Raises:
        NotFoundError: its folder is not there.
        ConflictError: another file stands there.
        InvalidError: it is a folder or a device.
        UnavailableError: one may not even look there.
    """
    from opskit.core.errors import ConflictError, InvalidError, NotFoundError
    from opskit.core.i18n import _

    with _explained(path):
        if path.is_file():
            raise ConflictError(
                _("{file} is there already and holds something else").format(file=path),
                hint=_("choose another name, or remove the file first"),
            )
        if path.exists():
            raise InvalidError(
                _("{file} is no file that can be written").format(file=path),
                hint=_("give the name of a new file"),
            )
        if not path.parent.is_dir():
            raise NotFoundError(
                _("there is no folder {folder}").format(folder=path.parent),
                hint=_("make the folder, or give another {option}").format(option=option),
            )


def require_place(path: Path) -> None:
    """A file that stands there is compared with the new one when it is written, and not before.

    Raises:
        NotFoundError, InvalidError, UnavailableError: as `require_free`.
    """
    with _explained(path):
        stands = path.is_file()
    if not stands:
        require_free(path)


def replace_own(path: Path, text: str) -> None:
    """Write a file that opskit keeps in its home, whatever it held before.

    Raises:
        UnavailableError: it cannot be written there.
    """
    with _explained(path):
        write_private(path, text.encode())


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Name the file that the operating system refuses."""
    try:
        yield
    except OSError as err:
        from opskit.core.errors import UnavailableError
        from opskit.core.i18n import _
        from opskit.core.system_errors import reason_of

        raise UnavailableError(
            _("cannot write {file}: {reason}").format(file=path, reason=reason_of(err)),
            hint=_("nothing is lost: make the place writable or choose another, and try again"),
        ) from err


def make_private_folder(path: Path) -> None:
    """Create a folder, and what is missing above it, that only the owner may enter."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
