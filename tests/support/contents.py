"""What lies in the files of a home that is in use, read by another process.

A process that closes a file loses every lock that it holds on it (POSIX). Whoever reads a database
and closes it would so take SQLite's locks from the connections of the same process, and two who
write at once would damage it (https://sqlite.org/howtocorrupt.html, section 2.2).
"""

import io
import subprocess
import tarfile
from pathlib import Path

CHANGED_MEANWHILE = 1


def contents_of(folder: Path) -> dict[Path, bytes]:
    """Every file below the folder, by its whole path."""
    done = subprocess.run(
        ["tar", "--create", "--file=-", f"--directory={folder}", "."],
        capture_output=True,
        check=False,
    )
    assert done.returncode <= CHANGED_MEANWHILE, done.stderr
    found = {}
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                found[folder / member.name] = file.read()
    return found
