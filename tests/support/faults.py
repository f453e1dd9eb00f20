"""What goes wrong with a home's server, and is well again afterwards."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from opskit.core.http import AuditFailingError, Reply, VaultHttp
from opskit.core.secret import Secret
from opskit.local.state import FILE_NAME, ServerState, read_state
from tests.support.home import PASSWORDS, House
from tests.support.lesser_server import HangUpError, Refusal, lesser_server
from tests.support.openbao import log_in
from vault.ports import Login

PATIENCE = 10.0


@contextmanager
def stopped(house: House) -> Iterator[None]:
    house.done("local", "stop")
    try:
        yield
    finally:
        house.done("local", "start")


@contextmanager
def sealed(house: House) -> Iterator[None]:
    reply = ask(house, new_token(house), "PUT", "v1/sys/seal", {})
    assert reply.status == 204, reply.reason
    try:
        yield
    finally:
        house.done("local", "start")


@contextmanager
def silent(house: House) -> Iterator[None]:
    """The server takes what it is sent and answers nothing; nobody waits for long."""
    pid = server_of(house).pid
    with patience(house, 0.1):
        os.kill(pid, signal.SIGSTOP)
        wait_until_stopped(pid)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


def wait_until_stopped(pid: int) -> None:
    """A signal takes a moment to reach every thread, and one of them could still answer."""
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline, "the server does not stop"
        time.sleep(0.005)


@contextmanager
def patience(house: House, seconds: float) -> Iterator[None]:
    """How long the house's commands wait for an answer."""
    settings = house.home.settings_file
    before = settings.read_bytes()
    settings.write_bytes(before + f"vault_timeout = {seconds}\n".encode())
    try:
        yield
    finally:
        settings.write_bytes(before)


@contextmanager
def unaudited(house: House) -> Iterator[None]:
    """The audit log cannot be written, since a folder stands in its place."""
    log = house.home.safe_folder / "audit.log"
    aside = log.with_suffix(".aside")
    log.rename(aside)
    log.mkdir()
    try:
        _reopen(house, fails=True)
        yield
    finally:
        log.rmdir()
        aside.rename(log)
        _reopen(house, fails=False)


@contextmanager
def detour(house: House, refusal: Refusal) -> Iterator[None]:
    """Whatever the house's commands ask of the server passes by `refusal`."""
    file = house.home.safe_folder / FILE_NAME
    before = file.read_bytes()
    with lesser_server(server_of(house).address, refusal) as address:
        file.write_bytes(json.dumps({**json.loads(before), "address": address}).encode())
        try:
            yield
        finally:
            file.write_bytes(before)


class HangUpAt:
    """The connection ends without an answer at the n-th request that changes a person or group."""

    def __init__(self, nth: int) -> None:
        self.left = nth

    def __call__(self, method: str, path: str) -> None:
        if method in {"POST", "PUT"} and path.startswith("/v1/identity/"):
            self.left -= 1
            if self.left <= 0:
                raise HangUpError


def server_of(house: House) -> ServerState:
    state = read_state(house.home.safe_folder)
    assert state is not None
    assert state.pid
    return state


def new_token(house: House, login: str = "alice") -> str:
    """Of a login that nobody else uses."""
    return log_in(server_of(house).address, login, PASSWORDS[login])


def keep_token(house: House, token: str) -> None:
    """Whoever types the next command in this home has that login."""
    house.context().plug(Login).tokens.save(Secret(token), None)


def ask(house: House, token: str, method: str, path: str, body: dict[str, Any]) -> Reply:
    with VaultHttp(server_of(house).address, token=token) as http:
        return http.request(method, path, body)


def _reopen(house: House, *, fails: bool) -> None:
    """Have the server open its audit log again, and wait until that went wrong or well."""
    server = server_of(house)
    os.kill(server.pid, signal.SIGHUP)
    deadline = time.monotonic() + PATIENCE
    while _refuses_everything(server.address) is not fails:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _refuses_everything(address: str) -> bool:
    try:
        with VaultHttp(address) as http:
            http.request("GET", "v1/auth/token/lookup-self")
    except AuditFailingError:
        return True
    return False
