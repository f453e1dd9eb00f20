"""Starting what a way says: a program in this terminal, a page or a file by the desktop."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.output import flush

OPENERS = {"darwin": "open", "win32": "explorer"}
OTHERWISE = "xdg-open"


def become(words: Sequence[str], environment: Mapping[str, str] | None = None) -> NoReturn:
    """Let the program take over this process: the terminal, the signals and the exit code are its.

    Raises:
        NotFoundError: there is no such program.
    """
    program = program_of(words)
    environment = os.environ if environment is None else environment
    flush()
    if sys.platform == "win32":  # there, exec would leave the shell without waiting
        sys.exit(subprocess.call([program, *words[1:]], env=dict(environment)))
    os.execve(program, list(words), dict(environment))  # noqa: S606 (a list, no shell)


def program_of(words: Sequence[str]) -> str:
    """The file of the program. Raises NotFoundError."""
    found = shutil.which(words[0])
    if found is None:
        raise NotFoundError(
            _("there is no program {name} here").format(name=repr(words[0])),
            hint=_("install it, or give its whole path"),
        )
    return found


def open_with_desktop(target: str | Path) -> None:
    """A page or a file, in whatever the person has chosen for it. Raises NotFoundError."""
    opener = program_of([OPENERS.get(sys.platform, OTHERWISE)])
    subprocess.run(
        [opener, str(target)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def shell_line(words: Sequence[str]) -> str:
    """The command as one types it in the shell of this system."""
    if sys.platform == "win32":
        return subprocess.list2cmdline(words)
    import shlex

    return shlex.join(words)
