"""What one does with the embedded server: the first start, start, stop, status."""

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opskit.core.errors import UnavailableError
from opskit.core.http import VaultHttp, api_path, raise_for
from opskit.core.i18n import _
from opskit.core.logins import check_new_password, parse_login
from opskit.core.private_files import write_private
from opskit.core.secret import Secret
from opskit.local import process
from opskit.local.config import THROWAWAY_VARIABLE, render_init
from opskit.local.errors import (
    MarkerMissingError,
    NoSafeError,
    SafeExistsError,
    SafeUnfinishedError,
    ServerFailedError,
)
from opskit.local.lifetimes import birth_mark, strays_in
from opskit.local.lock import alone_in
from opskit.local.state import ServerState, is_running, read_state, write_state
from opskit.local.unseal_key import create_key, read_key

FIRST_START_PATIENCE = 60.0
START_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Initialized:
    """A new safe, running; `key_place` is `keyring` or `file`."""

    address: str
    entity_id: str
    key_place: str


@dataclass(frozen=True, slots=True)
class Started:
    """A running server; `was_running` when nothing had to be done."""

    address: str
    pid: int
    was_running: bool


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of the server; None where it cannot be known."""

    address: str | None
    running: bool
    sealed: bool | None
    pid: int | None
    version: str | None
    data: str


def initialize(
    safe_folder: Path, *, admin: str, password: Secret, use_keyring: bool
) -> Initialized:
    """Make a safe with one admin and leave it running; interrupted, it is simply done again.

    The server makes the admin with a password that is thrown away, so that the real one is never
    in its environment, configuration or audit log, and revokes its root token itself.

    Raises:
        SafeExistsError: there is a finished safe.
        InvalidError: no possible login or password.
        ServerFailedError: the server ended or is not ready in time.
    """
    admin = parse_login(admin)
    check_new_password(password)
    with alone_in(safe_folder):
        if is_ready(safe_folder):
            raise SafeExistsError(
                _("there is a safe in {folder} already").format(folder=safe_folder),
                hint="opskit local start",
            )
        name = f"opskit-{secrets.token_hex(8)}"
        key_place = _clear_and_create_key(safe_folder, use_keyring=use_keyring)
        try:
            address, entity_id = _first_start(safe_folder, name, admin, password)
        except BaseException:
            _end_all(safe_folder)
            raise
        # In this order, data without `ready` and without init.hcl never is an unfinished safe.
        write_private(_ready_file(safe_folder), f"{name}\n".encode())
        _init_file(safe_folder).unlink()
    return Initialized(address=address, entity_id=entity_id, key_place=key_place)


def start(safe_folder: Path) -> Started:
    """Start the server, or find it running; a sealed or silent one is started afresh.

    Raises:
        NoSafeError: `opskit init` was never run here.
        SafeUnfinishedError: it was, and was interrupted.
        UnsealKeyMissingError: the key that opens the data is gone.
        ServerFailedError: the server ended or is not ready in time.
    """
    _require_ready(safe_folder)
    with alone_in(safe_folder):
        name = _ready_file(safe_folder).read_text(encoding="ascii").strip()
        state = read_state(safe_folder)
        if state is not None and _still_serves(state, safe_folder, name):
            return Started(address=state.address, pid=state.pid, was_running=True)
        _end_all(safe_folder)
        state = _bring_up(safe_folder, name, read_key(safe_folder))
    return Started(address=state.address, pid=state.pid, was_running=False)


def stop(safe_folder: Path) -> bool:
    """Stop the server; False when none was running."""
    if not safe_folder.is_dir():
        return False
    with alone_in(safe_folder):
        return _end_all(safe_folder)


def status(safe_folder: Path) -> Status:
    """Look, and change nothing.

    Raises:
        NoSafeError: there is none.
    """
    if not safe_folder.is_dir():
        raise _no_safe(safe_folder)
    state = read_state(safe_folder)
    running = state is not None and is_running(state, safe_folder)
    facts = (process.health(state.address) if state is not None and running else None) or {}
    return Status(
        address=state.address if state is not None else None,
        running=running,
        sealed=facts.get("sealed"),
        pid=state.pid if state is not None and running else None,
        version=facts.get("version"),
        data=str(safe_folder),
    )


def log_lines(safe_folder: Path, *, count: int) -> list[str]:
    """The last lines of the server's log, oldest first.

    Raises:
        NoSafeError: no server ever ran here.
    """
    try:
        text = (safe_folder / "server.log").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError as err:
        raise _no_safe(safe_folder) from err
    return text.splitlines()[-count:]


def is_ready(safe_folder: Path) -> bool:
    """Whether the first start came to its end."""
    return _ready_file(safe_folder).is_file()


def _ready_file(safe_folder: Path) -> Path:
    return safe_folder / "ready"


def _init_file(safe_folder: Path) -> Path:
    return safe_folder / "init.hcl"


def _require_ready(safe_folder: Path) -> None:
    if is_ready(safe_folder):
        _init_file(safe_folder).unlink(missing_ok=True)  # its last act may have been cut off
        return
    _refuse_lost_marker(safe_folder)
    if _init_file(safe_folder).exists():
        raise SafeUnfinishedError(
            _("the first start of the safe in {folder} was interrupted").format(folder=safe_folder),
            hint=_("run opskit init again; nothing is lost, for nothing was stored yet"),
        )
    raise _no_safe(safe_folder)


def _refuse_lost_marker(safe_folder: Path) -> None:
    """Data that was finished must not be taken for the rest of an interrupted first start."""
    if (safe_folder / "raft").exists() and not _init_file(safe_folder).exists():
        raise MarkerMissingError(
            _("{folder} holds a safe, but its file ready is gone").format(folder=safe_folder),
            hint=_("restore that file from a backup, or move the folder away"),
        )


def _no_safe(safe_folder: Path) -> NoSafeError:
    return NoSafeError(
        _("there is no safe in {folder}").format(folder=safe_folder),
        hint=_("opskit init --admin NAME makes one"),
    )


def _clear_and_create_key(safe_folder: Path, *, use_keyring: bool) -> str:
    """A first start that was interrupted leaves data that no login can ever open."""
    _refuse_lost_marker(safe_folder)
    _end_all(safe_folder)
    shutil.rmtree(safe_folder / "raft", ignore_errors=True)
    return create_key(safe_folder, use_keyring=use_keyring)


def _first_start(safe_folder: Path, name: str, admin: str, password: Secret) -> tuple[str, str]:
    throwaway = Secret(secrets.token_urlsafe(32))
    write_private(_init_file(safe_folder), render_init(admin=admin).encode())
    state = _bring_up(
        safe_folder,
        name,
        read_key(safe_folder),
        also=("init.hcl",),
        environment={THROWAWAY_VARIABLE: throwaway.reveal()},
    )
    with VaultHttp(state.address, mend="opskit init") as http:
        login = process.wait_for(
            state,
            safe_folder,
            lambda: _log_in(http, admin, throwaway),
            patience=FIRST_START_PATIENCE,
        )
    with VaultHttp(state.address, token=login["client_token"], mend="opskit init") as http:
        changed = http.request(
            "POST",
            api_path("auth/userpass/users", admin, "password"),
            {"password": password.reveal()},
        )
        raise_for(changed, _("setting the admin's password"))
        raise_for(http.request("POST", "v1/auth/token/revoke-self"), _("logging out"))
    return state.address, str(login["entity_id"])


def _bring_up(
    safe_folder: Path,
    name: str,
    key: Secret,
    *,
    also: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    attempts: int = 3,
) -> ServerState:
    """Launch and wait; another program may take the port between our look and the server's."""
    last = read_state(safe_folder)
    port = process.choose_port(last.port if last is not None else None)
    state = process.launch(
        safe_folder, name=name, key=key, port=port, also=also, environment=environment
    )
    try:
        process.wait_for(
            state,
            safe_folder,
            lambda: process.serves(state.address, name),
            patience=START_PATIENCE,
        )
    except ServerFailedError as err:
        _end_all(safe_folder)
        if "address already in use" not in err.message or attempts == 1:
            raise
    else:
        return state
    finally:
        (safe_folder / process.START_KEY).unlink(missing_ok=True)
    return _bring_up(
        safe_folder, name, key, also=also, environment=environment, attempts=attempts - 1
    )


def _log_in(http: VaultHttp, login: str, password: Secret) -> dict[str, Any] | None:
    """What the login gave; None while the server refuses it, or is not there yet."""
    path = api_path("auth/userpass/login", login)
    try:
        reply = http.request("POST", path, {"password": password.reveal()})
    except UnavailableError:
        return None
    auth = reply.data.get("auth")
    return auth if isinstance(auth, dict) else None


def _still_serves(state: ServerState, safe_folder: Path, name: str) -> bool:
    return is_running(state, safe_folder) and process.serves(state.address, name) is not None


def _end_all(safe_folder: Path) -> bool:
    """End the noted server and any that nobody noted; the port stays noted for the next start."""
    ended = False
    state = read_state(safe_folder)
    if state is not None:
        if is_running(state, safe_folder):
            process.end(state.pid, state.started)
            ended = True
        write_state(safe_folder, address=state.address, pid=0)
    for stray in strays_in(safe_folder):
        process.end(stray, birth_mark(stray) or "")
        ended = True
    return ended
