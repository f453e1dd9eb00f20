"""The audit logs themselves: files, rotated and packed ones in any order, a pipe, stdin.

Only one line is held at a time, so a log may be larger than the memory.
"""

import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from errno import EBADF
from functools import partial
from gzip import BadGzipFile, GzipFile
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar, cast
from zlib import error as ZlibError  # noqa: N812 (it is one)

from opskit.core.config import Home, Settings
from opskit.core.errors import InvalidError, NotFoundError, UnavailableError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.progress import Step, progress
from opskit.core.system_errors import reason_of
from vault.accounting.audit_log import Read, Tally, moment_of, reads_in

STDIN = "-"
LONGEST = 16 << 20  # bytes; the response to a read is far shorter, longer lines are scans
CHUNK = 1 << 20
REMEMBERED = 64 << 10  # bytes of a line that say what it is about
MB, STRIDE, WORTH_A_BAR = 1_000_000, 16_000_000, 50
_HEAD = 100  # lines, of which one at least must be whole for a file to be a log
ACCESS_REPORT = "opskit vault access-report"
_GZIP = b"\x1f\x8b"

Found = TypeVar("Found")
Take = Callable[[Iterator[bytes], Tally], Iterator[Found]]
"""What somebody wants to know of the lines of one log."""


def logs_or_own(
    home: Home, settings: Settings, names: Sequence[str] | None, *, command: str = ACCESS_REPORT
) -> Sequence[str]:
    """The named logs, else what the home's own server writes, with what was rotated away.

    `command` is what the hints name, here and below.

    Raises:
        UsageProblemError: the server is another machine's. NotFoundError: there is no log yet.
    """
    if names:
        return names
    if settings.profile != "local":
        raise UsageProblemError(
            _("the log of the safe's server is not on this machine"),
            hint=_("give the file, or - for stdin: {command} audit.log").format(command=command),
        )
    found = sorted(str(each) for each in home.safe_folder.glob("audit*.log*"))
    if not found:
        raise NotFoundError(
            _("there is no audit log in {folder}").format(folder=home.safe_folder),
            hint=_("opskit local start begins one; or give the log of another server"),
        )
    return found


def read_logs(
    names: Sequence[str], tallies: dict[str, Tally], *, namespace: str, bar: bool = True
) -> Iterator[Read]:
    """Every read in these logs, as `walk`."""
    take = partial(reads_in, namespace=namespace)
    return walk(names, tallies, take, bar=bar, command=ACCESS_REPORT)


def walk(
    names: Sequence[str],
    tallies: dict[str, Tally],
    take: Take[Found],
    *,
    bar: bool,
    command: str,
) -> Iterator[Found]:
    """What is taken of these logs, in the order of time; `tallies` tells how each log was met.

    `bar` says that a bar of progress would be in nobody's way.

    Raises:
        NotFoundError: there is no such file. UnavailableError: it may not or cannot be read.
        InvalidError: it is no audit log.
    """
    ordered = in_order(names, command)
    size = sum(Path(name).stat().st_size for name in ordered if Path(name).is_file()) // MB
    with progress(_("Reading the log (MB)"), size if bar and size >= WORTH_A_BAR else 0) as step:
        for name in ordered:
            tally = tallies[name] = Tally()
            with _opened(name, command) as (stream, place):
                yield from take(_counted(_lines(stream, tally), place, step), tally)
                if not tally.is_log and not tally.is_empty:
                    raise _no_log(name)


def remarks(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """What the reader of a report should know about its logs."""
    for name, tally in tallies.items():
        if tally.broken:
            yield _("{file}: broken lines, left out: {count}").format(file=name, count=tally.broken)
        if tally.cut:
            yield _("{file}: the last line is not whole and was left out").format(file=name)
        if tally.elsewhere:
            yield _("{file}: reads in other namespaces, left out: {count}").format(
                file=name, count=tally.elsewhere
            )


def in_order(names: Sequence[str], command: str = ACCESS_REPORT) -> list[str]:
    """Each file once, the oldest first, by what stands in it; pipes and stdin come last, unread.

    Raises: as `walk`.
    """
    files: dict[tuple[int, int], tuple[datetime, str]] = {}
    pipes = []
    for name in names:
        path = Path(name)
        with _explained(name, command):
            if name == STDIN or not (path.is_file() or path.is_dir() or not path.exists()):
                pipes.append(name)
                continue
            found = path.stat()
        files.setdefault((found.st_dev, found.st_ino), (_begin(name, command), name))
    return [name for _begun, name in sorted(files.values())] + list(dict.fromkeys(pipes))


def _counted(lines: Iterator[bytes], place: Callable[[], int], step: Step) -> Iterator[bytes]:
    """The same lines; now and then `step` is told how many MB of the file went by."""
    passed = done = 0
    for line in lines:
        yield line
        passed += len(line)
        if passed > STRIDE:
            step(place() // MB - done)
            passed, done = 0, place() // MB


def _begin(name: str, command: str) -> datetime:
    """When the log begins; an empty one, just rotated, is the newest."""
    tally = Tally()
    with _opened(name, command) as (stream, _place):
        head = list(islice(_lines(stream, tally), _HEAD))
    moments = (moment for line in head if (moment := moment_of(line)))
    begun = next(moments, None)
    if begun is None and head:
        raise _no_log(name)
    return begun or datetime.max.replace(tzinfo=UTC)


@contextmanager
def _opened(name: str, command: str) -> Iterator[tuple[BinaryIO, Callable[[], int]]]:
    """The bytes of a log, and where in the file one is; unpacked where they say they are packed."""
    with _explained(name, command), ExitStack() as stack:
        if name == STDIN:
            packed = io.BufferedReader(cast("io.FileIO", _stdin()), CHUNK)
            stack.callback(packed.detach)  # or stdin would be closed with it
        else:
            packed = stack.enter_context(io.BufferedReader(io.FileIO(name), CHUNK))
        is_packed = packed.peek(2)[:2] == _GZIP
        stream = io.BufferedReader(_Unpacked(packed), CHUNK) if is_packed else packed
        yield cast("BinaryIO", stream), packed.tell if packed.seekable() else lambda: 0


class _Unpacked(io.RawIOBase):
    """What a packed file holds, handed on as it comes: of one that ends early nothing is lost."""

    def __init__(self, packed: "io.BufferedReader[io.FileIO]") -> None:
        self._file = GzipFile(fileobj=packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # a BufferedReader's
        content = self._file.read1(len(buffer))
        buffer[: len(content)] = content
        return len(content)


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise OSError(EBADF, _("it is closed"))
    return sys.stdin.buffer


def _lines(stream: BinaryIO, tally: Tally) -> Iterator[bytes]:
    """The lines; those that are too long to be held are left out, and `tally` has their heads."""
    try:
        while line := stream.readline(LONGEST):
            if len(line) < LONGEST or line.endswith(b"\n"):
                yield line
                continue
            tally.is_empty = False
            tally.too_long.append(line[:REMEMBERED])
            while (line := stream.readline(LONGEST)) and not line.endswith(b"\n"):
                pass
    except (EOFError, BadGzipFile, ZlibError):
        tally.cut = True


@contextmanager
def _explained(name: str, command: str) -> Iterator[None]:
    """Say which file it was that the operating system does not let us read."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as err:
        raise NotFoundError(
            _("there is no log {file}").format(file=name),
            hint=_("give the server's audit log, its rotated files, or - for stdin"),
        ) from err
    except IsADirectoryError as err:
        raise NotFoundError(
            _("{file} is a folder, not a log").format(file=name),
            hint=_("give the files in it: {command} {file}/*").format(command=command, file=name),
        ) from err
    except OSError as err:
        raise UnavailableError(
            _("cannot read the log {file}: {reason}").format(file=name, reason=reason_of(err)),
            hint=f"sudo cat {'audit.log' if name == STDIN else name} | {command} -",
        ) from err


def _no_log(name: str) -> InvalidError:
    return InvalidError(
        _("{file} is no audit log of the safe's server").format(file=name),
        hint=_("it has a JSON object a line, with the keys time, type and request; gzip is fine"),
    )
