"""Start, stop, and everything that can happen to a server in between."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from opskit.core.errors import NotFoundError, UnavailableError
from opskit.local import process, services
from opskit.local.lifetimes import birth_mark, strays_in
from opskit.local.state import find_address
from tests.support.openbao import ADMIN, PASSWORD, SafeServer, ask, log_in

START = (
    "import sys, pathlib; from opskit.local.services import start; "
    "print(start(pathlib.Path(sys.argv[1])))"
)


def pid_of(safe: SafeServer) -> int:
    pid = services.status(safe.folder).pid
    assert pid is not None
    return pid


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    while birth_mark(pid) is not None:
        pass


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def note(safe: SafeServer, **changes: object) -> None:
    file = safe.folder / "server.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_a_second_start_is_harmless(safe: SafeServer) -> None:
    before = pid_of(safe)
    again = services.start(safe.folder)
    assert (again.was_running, again.pid, again.address) == (True, before, safe.address)


def test_status_of_a_running_server(safe: SafeServer) -> None:
    status = services.status(safe.folder)
    assert (status.address, status.running, status.sealed) == (safe.address, True, False)
    assert status.version == "2.7.2"
    assert status.data == str(safe.folder)
    assert find_address(safe.folder) == safe.address


def test_stop_and_start_keep_address_and_data(safe: SafeServer) -> None:
    token = safe.token()
    ask(safe, token, "POST", "v1/cubbyhole/kept", {"word": "x"})
    pid = pid_of(safe)
    assert services.stop(safe.folder) is True
    assert birth_mark(pid) is None
    assert services.stop(safe.folder) is False
    status = services.status(safe.folder)
    assert (status.running, status.sealed, status.pid) == (False, None, None)
    with pytest.raises(UnavailableError) as caught:
        find_address(safe.folder)
    assert caught.value.hint == "opskit local start"
    assert services.start(safe.folder).address == safe.address
    assert ask(safe, token, "GET", "v1/cubbyhole/kept").data["data"] == {"word": "x"}


def test_a_killed_server_is_started_again(safe: SafeServer) -> None:
    kill(pid_of(safe))
    assert services.status(safe.folder).running is False
    with pytest.raises(UnavailableError):
        find_address(safe.folder)
    started = services.start(safe.folder)
    assert started.was_running is False
    assert log_in(started.address, ADMIN, PASSWORD)


def test_a_stranger_with_the_noted_number_survives(safe: SafeServer) -> None:
    kill(pid_of(safe))
    with subprocess.Popen(["sleep", "60"]) as stranger:
        note(safe, pid=stranger.pid)
        assert services.status(safe.folder).running is False
        assert services.stop(safe.folder) is False
        note(safe, pid=stranger.pid)
        assert services.start(safe.folder).was_running is False
        assert services.stop(safe.folder) is True
        assert stranger.poll() is None
        stranger.kill()


def test_a_wrong_number_beside_a_running_server(safe: SafeServer) -> None:
    lost = pid_of(safe)
    note(safe, pid=os.getpid())
    assert services.start(safe.folder).pid != lost
    assert birth_mark(lost) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}', "\xff"])
def test_a_broken_note(safe: SafeServer, content: str) -> None:
    lost = pid_of(safe)
    (safe.folder / "server.json").write_text(content, encoding="latin-1")
    assert services.start(safe.folder).was_running is False
    assert birth_mark(lost) is None
    assert len(strays_in(safe.folder)) == 1


def test_a_busy_port_picks_another_which_is_remembered(safe: SafeServer) -> None:
    services.stop(safe.folder)
    port = port_of(safe.address)
    with socket.create_server(("127.0.0.1", port)):
        other = services.start(safe.folder).address
        assert port_of(other) not in (port, port + 1)
    assert log_in(other, ADMIN, PASSWORD)
    services.stop(safe.folder)
    assert services.start(safe.folder).address == other


def test_a_port_that_is_taken_at_the_last_moment(
    safe: SafeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.stop(safe.folder)
    honest = process.choose_port
    with socket.create_server(("127.0.0.1", 0)) as thief:
        answers = [thief.getsockname()[1]]
        monkeypatch.setattr(
            process, "choose_port", lambda port: answers.pop() if answers else honest(port)
        )
        started = services.start(safe.folder)
    assert answers == []
    assert log_in(started.address, ADMIN, PASSWORD)


def test_a_sealed_server_is_started_afresh(safe: SafeServer) -> None:
    ask(safe, safe.token(), "POST", "v1/sys/seal")
    assert services.status(safe.folder).sealed is True
    assert services.start(safe.folder).was_running is False
    assert services.status(safe.folder).sealed is False


def test_a_silent_server_is_started_afresh(
    safe: SafeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "POLITE_SECONDS", 0.5)
    silent = pid_of(safe)
    os.kill(silent, signal.SIGSTOP)
    while process.health(safe.address, timeout=0.3) is not None:
        pass  # its threads stop one after the other
    started = services.start(safe.folder)
    assert (started.was_running, birth_mark(silent)) == (False, None)


def test_starts_at_the_same_time_make_one_server(safe: SafeServer) -> None:
    services.stop(safe.folder)
    command = [sys.executable, "-c", START, str(safe.folder)]
    starters = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    shown = [each.communicate() for each in starters]
    assert [each.returncode for each in starters] == [0] * 4, shown
    assert sorted("was_running=False" in out for out, _ in shown) == [False, False, False, True]
    assert len(strays_in(safe.folder)) == 1


def test_a_home_moved_while_running(safe: SafeServer) -> None:
    pid = pid_of(safe)
    moved = safe.home.with_name(f"{safe.home.name} déplacé")
    safe.home.rename(moved)
    try:
        assert services.start(moved / "safe").pid == pid
        assert services.stop(moved / "safe") is True
        started = services.start(moved / "safe")
        assert log_in(started.address, ADMIN, PASSWORD)
    finally:
        services.stop(moved / "safe")
        moved.rename(safe.home)


def test_a_copied_home_is_another_server(safe: SafeServer, workshop: Path) -> None:
    services.stop(safe.folder)
    original = services.start(safe.folder)
    services.stop(safe.folder)
    shutil.copytree(safe.home, workshop / "copy")
    services.start(safe.folder)
    note_of_running = (safe.folder / "server.json").read_bytes()
    copy = workshop / "copy" / "safe"
    (copy / "server.json").write_bytes(note_of_running)
    assert services.status(copy).running is False
    started = services.start(copy)
    assert started.was_running is False
    assert started.address != original.address
    assert log_in(started.address, ADMIN, PASSWORD)
    assert services.stop(copy) is True
    assert services.status(safe.folder).running is True


def test_the_servers_environment_is_clean(
    safe: SafeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.stop(safe.folder)
    monkeypatch.setenv("VAULT_TOKEN", "s.SENTINEL")
    monkeypatch.setenv("BAO_RAFT_PATH", "elsewhere")
    pid = services.start(safe.folder).pid
    shown = subprocess.run(["ps", "eww", str(pid)], capture_output=True, text=True, check=True)
    assert "config=main.hcl" in shown.stdout
    assert "SENTINEL" not in shown.stdout
    assert "BAO_RAFT_PATH" not in shown.stdout


def test_the_key_is_missing(safe: SafeServer) -> None:
    services.stop(safe.folder)
    key = safe.folder / "unseal.key"
    hidden = key.rename(key.with_name("hidden"))
    try:
        with pytest.raises(UnavailableError, match=r"unseal\.key") as caught:
            services.start(safe.folder)
    finally:
        hidden.rename(key)
    assert caught.value.reference == "unseal-key-missing"


def test_a_wrong_key_is_explained(safe: SafeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "START_PATIENCE", 2.0)
    services.stop(safe.folder)
    key = safe.folder / "unseal.key"
    right = key.read_text()
    key.write_text("0" * 64)
    try:
        with pytest.raises(UnavailableError) as caught:
            services.start(safe.folder)
    finally:
        key.write_text(right)
    assert caught.value.reference == "server-failed"
    assert "failed to decrypt keys" in caught.value.message
    assert caught.value.hint == "opskit local logs"
    assert strays_in(safe.folder) == []


def test_no_safe_at_all(workshop: Path) -> None:
    folder = workshop / "nothing" / "safe"
    with pytest.raises(NotFoundError) as caught:
        services.start(folder)
    assert "opskit init" in caught.value.hint
    assert services.stop(folder) is False
    with pytest.raises(NotFoundError):
        services.status(folder)
    assert not folder.exists()
