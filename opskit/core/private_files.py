"""Files that only their owner may read, written whole or not at all."""

import os
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


def write_asked_for(path: Path, text: str) -> None:
    """Write the file of an `--out` option, for its owner alone.

    Raises:
        UnavailableError: it cannot be written there.
    """
    from opskit.core.errors import UnavailableError
    from opskit.core.i18n import _

    try:
        write_private(path, text.encode())
    except OSError as err:
        raise UnavailableError(
            _("cannot write {file}: {reason}").format(file=path, reason=err.strerror),
            hint=_("nothing is lost: give the command again with another --out"),
        ) from err


def make_private_folder(path: Path) -> None:
    """Create a folder, and what is missing above it, that only the owner may enter."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
