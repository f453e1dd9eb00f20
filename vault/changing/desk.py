"""Where a secret text lies while a person edits it: in memory, for its owner alone.

On Linux that is a folder on a tmpfs; elsewhere, and where there is none, a private folder on the
disk whose files are overwritten before they are removed. The folder goes with all that an editor
may leave beside the text.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from opskit.core.i18n import _
from opskit.core.system_errors import reason_of
from vault.errors import EditorFailedError

IN_MEMORY = ("tmpfs", "ramfs")
QUIET_VIM = ("-n", "-i", "NONE", "-c", "silent! set nobackup nowritebackup noundofile")
ENDING = ("SIGTERM", "SIGHUP")


class Desk:
    """A folder that vanishes, but for a text that was kept on purpose."""

    def __init__(self, folder: Path, editor: Sequence[str]) -> None:
        self._file = folder / "entry.txt"
        self._editor = editor
        self.keeps = False

    @property
    def file(self) -> Path:
        return self._file

    def edit(self, text: str) -> str:
        """Give the text to the editor, and return what it saved.

        Raises:
            EditorFailedError: it cannot be started, or ends with an error; a text that was
                changed is kept.
        """
        _write(self._file, text.encode())
        code = _run([*self._editor, str(self._file)])
        typed = self._typed()
        if code == 0 and typed is not None:
            return typed
        self.keeps = typed not in (None, text)
        raise EditorFailedError(
            _("{editor} ended with an error; nothing was written").format(editor=self._editor[0]),
            hint=_("the text is kept: {file}").format(file=self._file)
            if self.keeps
            else _("set EDITOR to another one"),
        )

    def _typed(self) -> str | None:
        with suppress(OSError, UnicodeDecodeError):
            return self._file.read_bytes().decode().removeprefix("\ufeff")
        return None


@contextmanager
def open_desk(environment: Mapping[str, str], *, say: Callable[[str], None]) -> Iterator[Desk]:
    """A desk with the person's editor, cleared at the end, also when the terminal is closed.

    Raises:
        EditorFailedError: no editor is named, and stdin is no terminal.
    """
    from tempfile import mkdtemp

    editor = find_editor(environment)
    place = memory_place(environment)
    folder = Path(mkdtemp(prefix="opskit-", dir=place))
    if place is None:
        say(_("no place in memory: the text lies in {file} meanwhile").format(file=folder))
    desk = Desk(folder, editor)
    try:
        with _cleared_when_ended():
            yield desk
    finally:
        _clear(folder, desk.file if desk.keeps else None)


def find_editor(environment: Mapping[str, str]) -> list[str]:
    """The editor's command line, told to leave nothing behind.

    Raises:
        EditorFailedError: none is named, and stdin is no terminal; or it is no command line.
    """
    from shlex import split
    from shutil import which

    named = (environment.get("VISUAL") or environment.get("EDITOR") or "").strip()
    if not named and not sys.stdin.isatty():
        raise EditorFailedError(
            _("stdin is no terminal, and neither VISUAL nor EDITOR names an editor"),
            hint=_("change single fields with opskit vault set"),
        )
    try:
        words = split(named or _default(), posix=os.name == "posix")
    except ValueError as err:
        raise EditorFailedError(
            _("{editor} is no command line: a quotation mark is missing").format(editor=named),
            hint=_("set EDITOR to one that is there, such as nano"),
        ) from err
    program = Path(which(words[0]) or words[0]).resolve().name
    quiet = QUIET_VIM if program.startswith(("vim", "nvim")) else ()
    return [words[0], *quiet, *words[1:]]


def memory_place(environment: Mapping[str, str]) -> Path | None:
    """A folder in memory that the person may write into; None where there is none."""
    kinds = _mounted_kinds()
    for name in (environment.get("XDG_RUNTIME_DIR"), "/dev/shm"):  # noqa: S108 (no file of a fixed name)
        place = Path(name or "")
        if name and place.is_dir() and os.access(place, os.W_OK) and _kind(place, kinds):
            return place
    return None


def _default() -> str:
    return "notepad" if os.name == "nt" else "vi"


def _mounted_kinds() -> Mapping[str, str]:
    """Mount point to file system; empty where the system has no such list."""
    with suppress(OSError):
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
        return {mount: kind for _device, mount, kind, *_rest in map(str.split, lines)}
    return {}


def _kind(place: Path, kinds: Mapping[str, str]) -> bool:
    """Whether the file system that holds the place lives in memory."""
    holder = next((each for each in (place, *place.parents) if str(each) in kinds), None)
    return holder is not None and kinds[str(holder)] in IN_MEMORY


def _run(command: Sequence[str]) -> int:
    import subprocess

    # Ctrl-C is the editor's while it has the terminal; a handler, unlike SIG_IGN, is not inherited.
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        return subprocess.run(command, check=False).returncode
    except OSError as err:
        raise EditorFailedError(
            _("cannot start {editor}: {reason}").format(editor=command[0], reason=reason_of(err)),
            hint=_("set EDITOR to one that is there, such as nano"),
        ) from err
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _cleared_when_ended() -> Iterator[None]:
    """Let the signals that end a program pass by the cleaning up."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    numbers = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    heard = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, leave) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write(file: Path, content: bytes) -> None:
    """For its owner alone, in a folder that only the owner may enter."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)


def _clear(folder: Path, kept: Path | None) -> None:
    for file in folder.rglob("*"):
        if file != kept and file.is_file() and not file.is_symlink():
            with suppress(OSError):
                file.write_bytes(bytes(file.stat().st_size))
                file.unlink()
    if kept is None:
        from shutil import rmtree

        rmtree(folder, ignore_errors=True)
