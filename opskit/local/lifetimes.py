"""Tell one process from another that was given the same number later."""

import os
import sys
from contextlib import suppress
from pathlib import Path


def birth_mark(pid: int) -> str | None:
    """When that process was born, as the system tells it; None where none is alive.

    Two processes with the same number have different marks, so a stale number is recognised and
    a stranger is never taken for the server.
    """
    if pid <= 0:
        return None
    _bury(pid)
    return _birth(pid)


def strays_in(folder: Path) -> list[int]:
    """Servers that work in the folder though nobody noted them (the starter was killed).

    Only Linux tells; elsewhere the list is empty.
    """
    if sys.platform != "linux":
        return []
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            program = (process / "exe").readlink().name
            if program.startswith("bao") and (process / "cwd").samefile(folder):
                found.append(int(process.name))
    return [pid for pid in found if birth_mark(pid) is not None]


def _bury(pid: int) -> None:
    """A dead child keeps its number until its parent has looked at it."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.waitpid(pid, os.WNOHANG)


if sys.platform == "win32":
    import ctypes

    _QUERY_LIMITED = 0x1000
    _STILL_ACTIVE = 259

    def _birth(pid: int) -> str | None:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = ctypes.c_void_p(kernel.OpenProcess(_QUERY_LIMITED, False, pid))
        if not handle:
            return None
        try:
            code = ctypes.c_ulong()
            kernel.GetExitCodeProcess(handle, ctypes.byref(code))
            times = [ctypes.c_ulonglong() for _ in range(4)]
            kernel.GetProcessTimes(handle, *(ctypes.byref(each) for each in times))
        finally:
            kernel.CloseHandle(handle)
        return str(times[0].value) if code.value == _STILL_ACTIVE else None

elif sys.platform == "linux":

    def _birth(pid: int) -> str | None:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return None
        state, *rest = stat.rpartition(")")[2].split()
        return None if state in "ZX" else f"{boot}/{rest[18]}"

else:

    def _birth(pid: int) -> str | None:
        import subprocess

        shown = subprocess.run(
            ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
            env={"LC_ALL": "C"},
        ).stdout.split()
        return None if not shown or shown[0].startswith("Z") else " ".join(shown[1:])
