"""One starter or stopper at a time in a safe folder; the system lets go when a process dies."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opskit.core.errors import UnavailableError
from opskit.core.i18n import _
from opskit.core.private_files import make_private_folder

PATIENCE = 90.0
PAUSE = 0.05


@contextmanager
def alone_in(safe_folder: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the folder's lock, waiting for whoever holds it now.

    Raises:
        UnavailableError: the other one did not finish in time.
    """
    make_private_folder(safe_folder)
    descriptor = os.open(safe_folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + patience
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise UnavailableError(
                    _("another opskit has been starting or stopping the safe for too long"),
                    hint="opskit local status",
                )
            time.sleep(PAUSE)
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
