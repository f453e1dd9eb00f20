"""Start the server detached, wait until it serves, stop it; never touch a stranger."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from opskit.core.errors import UnavailableError
from opskit.core.http import VaultHttp
from opskit.core.i18n import _, colon
from opskit.core.private_files import write_private
from opskit.core.secret import Secret
from opskit.local.binary import find_binary
from opskit.local.config import HOST, render_main
from opskit.local.errors import ServerFailedError
from opskit.local.lifetimes import birth_mark
from opskit.local.state import ServerState, is_running, write_state

Answer = TypeVar("Answer")

FIRST_PORT = 8200
LAST_PORT = 8398
PAUSE = 0.05
START_KEY = "unseal.start"
MEND = "opskit local start"
HEALTH = "v1/sys/health?standbycode=200&sealedcode=200&uninitcode=200"
POLITE_SECONDS = 10.0
COMPLAINTS = ("[ERROR]", "Error ", "failed to unseal")
# Only what a program needs: BAO_* and VAULT_* would change the configuration, and whatever
# secret the person's shell holds is none of the server's business.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT")


def launch(
    safe_folder: Path,
    *,
    name: str,
    key: Secret,
    port: int,
    also: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
) -> ServerState:
    """Start a server in the folder and note it at once; it is not ready yet.

    Args:
        safe_folder: its home and working directory.
        name: what it calls itself when asked for its health.
        key: what opens the data, in hexadecimal.
        port: where it listens; raft takes the one above.
        also: configuration files read besides `main.hcl`.
        environment: variables for this start alone.
    """
    main = render_main(name=name, port=port, key_source=_key_source(safe_folder, key))
    write_private(safe_folder / "main.hcl", main.encode())
    process = _spawn(safe_folder, ("main.hcl", *also), environment or {})
    state = write_state(safe_folder, address=f"http://{HOST}:{port}", pid=process.pid)
    if process.stdin is not None:
        with suppress(BrokenPipeError), process.stdin as pipe:  # ended already: its log says why
            pipe.write(key.reveal().encode())
    process.returncode = 0  # it outlives us by intent; Popen would warn about that
    return state


def wait_for(
    state: ServerState, safe_folder: Path, ask: Callable[[], Answer | None], *, patience: float
) -> Answer:
    """Ask the server again and again until it gives what is wanted of it.

    Raises:
        ServerFailedError: it ended, or the time is over; says what its log says.
    """
    deadline = time.monotonic() + patience
    while (answer := ask()) is None:
        if not is_running(state, safe_folder):
            raise _failed(_("the server ended"), safe_folder)
        if time.monotonic() > deadline:
            raise _failed(_("the server is not ready in time"), safe_folder)
        time.sleep(PAUSE)
    return answer


def health(address: str, *, timeout: float = 5.0) -> dict[str, Any] | None:
    """What the server says of itself; None where it does not answer."""
    try:
        with VaultHttp(address, timeout=timeout, mend=MEND) as http:
            return http.request("GET", HEALTH).data
    except UnavailableError:
        return None


def serves(address: str, name: str) -> dict[str, Any] | None:
    """Its health when it is this server that answers there, open and in charge."""
    wanted = {"cluster_name": name, "sealed": False, "standby": False}
    facts = health(address)
    return facts if facts is not None and wanted.items() <= facts.items() else None


def end(pid: int, born: str) -> None:
    """End the process with that number and birth mark, politely first."""
    for signal_number, patience in ((signal.SIGTERM, POLITE_SECONDS), (_hard_signal(), 5.0)):
        if birth_mark(pid) != born:
            return
        try:
            os.kill(pid, signal_number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while birth_mark(pid) == born and time.monotonic() < deadline:
            time.sleep(PAUSE)


def choose_port(preferred: int | None) -> int:
    """The preferred port, else the next pair of free ones; raft listens on the one above.

    Raises:
        UnavailableError: all are busy.
    """
    candidates = list(range(FIRST_PORT, LAST_PORT + 1, 2))
    if preferred is not None:
        candidates.insert(0, preferred)
    for port in candidates:
        if _is_free(port) and _is_free(port + 1):
            return port
    raise UnavailableError(
        _("no port between {first} and {last} is free").format(first=FIRST_PORT, last=LAST_PORT),
        hint=_("end a program that listens there"),
    )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # elsewhere the option would share a busy port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
        return True


def _key_source(safe_folder: Path, key: Secret) -> str:
    """Where the server finds the key: on stdin; Windows has no such path, so in a 0600 file."""
    if os.name == "posix":
        return "file:///dev/stdin"
    write_private(safe_folder / START_KEY, key.reveal().encode())
    return f"file://{START_KEY}"


def _spawn(
    safe_folder: Path, configurations: tuple[str, ...], environment: dict[str, str]
) -> "subprocess.Popen[bytes]":
    command = [str(find_binary()), "server", *(f"-config={each}" for each in configurations)]
    inherited = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    log = _fresh_log(safe_folder / "server.log")
    try:
        return subprocess.Popen(
            command,
            cwd=safe_folder,
            env={**inherited, **environment},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077 if os.name == "posix" else -1,
            creationflags=_detached_flags(),
        )
    finally:
        os.close(log)


def _fresh_log(path: Path) -> int:
    """Each start has a log of its own; the one before is kept beside it."""
    with suppress(FileNotFoundError):
        path.replace(path.with_name(f"{path.name}.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)


def _detached_flags() -> int:
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS
    return flags


def _hard_signal() -> signal.Signals:
    return signal.Signals.SIGTERM if sys.platform == "win32" else signal.Signals.SIGKILL


def _failed(what: str, safe_folder: Path) -> ServerFailedError:
    reason = _last_complaint(safe_folder / "server.log")
    message = f"{colon(what)} {reason}" if reason else what
    return ServerFailedError(message, hint="opskit local logs")


def _last_complaint(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:]
    complaints = [each for each in lines if any(word in each for word in COMPLAINTS)]
    return complaints[-1][:300] if complaints else ""
