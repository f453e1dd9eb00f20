"""`server.json`: where the server listens and which process it is.

Read by every command that goes to the safe, so only the standard library.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from opskit.core.i18n import _
from opskit.local.errors import ServerStoppedError
from opskit.local.lifetimes import birth_mark

FILE_NAME = "server.json"


@dataclass(frozen=True, slots=True)
class ServerState:
    """The last server of this folder; `pid` is 0 once it was stopped.

    `started` is the process's birth mark, `folder` the identity of the folder it works in: with
    both, neither a reused process number nor a copied home is taken for a running server.
    """

    address: str
    pid: int
    started: str
    folder: str

    @property
    def port(self) -> int | None:
        """Remembered for the next start; None where the address has none."""
        digits = self.address.rpartition(":")[2]
        return int(digits) if digits.isdecimal() else None


def find_address(safe_folder: Path) -> str:
    """Where this home's server listens now.

    Never the address of a server that has ended: somebody else may listen there meanwhile, and
    would be sent the token.

    Raises:
        ServerStoppedError: no server of this home is running.
    """
    state = read_state(safe_folder)
    if state is None or not is_running(state, safe_folder):
        raise ServerStoppedError(_("the safe is not running"), hint="opskit local start")
    return state.address


def read_state(safe_folder: Path) -> ServerState | None:
    """What was noted last; None where nothing was, or nothing readable."""
    try:
        noted = json.loads((safe_folder / FILE_NAME).read_bytes())
        state = ServerState(
            address=str(noted["address"]),
            pid=int(noted["pid"]),
            started=str(noted["started"]),
            folder=str(noted["folder"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return state


def write_state(safe_folder: Path, *, address: str, pid: int) -> ServerState:
    """Note a server that was just started, or with `pid=0` that it was stopped."""
    from opskit.core.private_files import write_private  # not paid for by those who only read

    state = ServerState(
        address=address,
        pid=pid,
        started=birth_mark(pid) or "",
        folder=folder_mark(safe_folder),
    )
    write_private(safe_folder / FILE_NAME, json.dumps(asdict(state)).encode() + b"\n")
    return state


def is_running(state: ServerState, safe_folder: Path) -> bool:
    """Whether the noted process is alive, is the one that was noted, and works in this folder."""
    return (
        bool(state.started)
        and birth_mark(state.pid) == state.started
        and folder_mark(safe_folder) == state.folder
    )


def folder_mark(safe_folder: Path) -> str:
    """Stays with a folder that is moved, differs in a copy."""
    facts = safe_folder.stat()
    return f"{facts.st_dev}:{facts.st_ino}"
