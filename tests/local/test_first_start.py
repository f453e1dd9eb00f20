"""The first start: interrupted at any moment, and what it leaves behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from opskit.core.errors import ConflictError, InvalidError, OpsError
from opskit.core.secret import Secret
from opskit.local import services
from opskit.local.lifetimes import strays_in
from tests.support.openbao import ADMIN, SafeServer, ask, log_in, new_safe

SENTINEL = "SENTINEL-geheim-42"
INTERRUPTED = "of an interrupted start"
INITIALIZE = (
    "import sys, pathlib; from opskit.core.secret import read_secret; "
    "from opskit.local.services import initialize; "
    "initialize(pathlib.Path(sys.argv[1]), admin='alice', "
    "password=read_secret('-', prompt=''), use_keyring=False)"
)


def begin(folder: Path, password: str) -> "subprocess.Popen[bytes]":
    starter = subprocess.Popen(
        [sys.executable, "-c", INITIALIZE, str(folder)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert starter.stdin is not None
    starter.stdin.write(password.encode())
    starter.stdin.close()
    return starter


def kill_when(folder: Path, reached: Callable[[], bool], *, server_too: bool) -> bool:
    """Begin a first start and kill it at the moment; whether it had come to its end."""
    with begin(folder, INTERRUPTED) as starter:
        while not reached() and starter.poll() is None:
            time.sleep(0.002)
        starter.kill()
    if server_too:
        for pid in strays_in(folder):
            os.kill(pid, signal.SIGKILL)
    return services.is_ready(folder)


def finishes(folder: Path) -> None:
    """However it was interrupted: a start says what to do, and doing it gives a whole safe."""
    with pytest.raises(OpsError) as caught:
        services.start(folder)
    assert caught.value.reference in ("safe-unfinished", "no-safe")
    assert "opskit init" in caught.value.hint
    made = services.initialize(folder, admin=ADMIN, password=Secret(SENTINEL), use_keyring=False)
    server = SafeServer(made.address, made.entity_id, folder.parent, password=SENTINEL)
    assert ask(server, server.token(), "GET", "v1/sys/mounts").status == 200
    with pytest.raises(InvalidError):
        log_in(made.address, ADMIN, INTERRUPTED)
    assert len(strays_in(folder)) == 1
    assert not (folder / "init.hcl").exists()


def test_a_finished_safe_without_its_marker_is_never_wiped(tmp_path: Path) -> None:
    data = tmp_path / "raft" / "vault.db"
    data.parent.mkdir()
    data.write_bytes(b"somebody's credentials")
    for begun in (
        lambda: services.start(tmp_path),
        lambda: services.initialize(
            tmp_path, admin=ADMIN, password=Secret(SENTINEL), use_keyring=False
        ),
    ):
        with pytest.raises(ConflictError) as caught:
            begun()
        assert caught.value.reference == "marker-missing"
    assert data.read_bytes() == b"somebody's credentials"


def logged(folder: Path, words: str) -> bool:
    log = folder / "server.log"
    return log.exists() and words in log.read_text(errors="replace")


@pytest.mark.parametrize(
    ("words", "server_too"),
    [
        ("server configuration", False),
        ("security barrier initialized", True),
        ("post-unseal configuration", False),
    ],
)
def test_killed_at_a_known_moment(workshop: Path, words: str, server_too: bool) -> None:
    folder = workshop / "safe"
    assert not kill_when(folder, lambda: logged(folder, words), server_too=server_too)
    finishes(folder)


def test_killed_at_many_moments_one_after_the_other(workshop: Path) -> None:
    """A fast machine may come to the end before the last of them; then the safe is whole."""
    folder = workshop / "safe"
    for delay in (0.1, 0.5, 1.3, 2.1, 2.6):
        due = time.monotonic() + delay
        if kill_when(folder, lambda due=due: time.monotonic() > due, server_too=False):  # type: ignore[misc]
            assert log_in(services.start(folder).address, ADMIN, INTERRUPTED)
            return
    finishes(folder)


def test_killed_before_the_last_step(workshop: Path) -> None:
    """The real password is set, the marker is not: the next start is a first start again."""
    server = new_safe(workshop)
    (server.folder / "ready").rename(server.folder / "init.hcl")
    finishes(server.folder)


def test_a_finished_safe_is_never_thrown_away(safe: SafeServer) -> None:
    with pytest.raises(ConflictError) as caught:
        new_safe(safe.home)
    assert caught.value.reference == "safe-exists"
    assert safe.token()


@pytest.mark.parametrize("admin", ["", "a b", 'a"', "../a", "élise", "a\nb", "a.", "${a}"])
def test_a_login_that_is_not_plain(workshop: Path, admin: str) -> None:
    with pytest.raises(InvalidError):
        services.initialize(workshop / "safe", admin=admin, password=Secret("x"), use_keyring=False)
    assert not (workshop / "safe").exists()


def test_a_password_that_the_server_cannot_take(workshop: Path) -> None:
    with pytest.raises(InvalidError, match="72 bytes"):
        services.initialize(
            workshop / "safe", admin=ADMIN, password=Secret("é" * 37), use_keyring=False
        )


def test_leaves_no_secret_no_root_token_and_no_open_file(workshop: Path) -> None:
    folder = workshop / "été à Sonceboz" / "safe"
    seen: list[str] = []
    with begin(folder, SENTINEL) as starter:
        watching = threading.Thread(target=watch_processes, args=(starter, seen))
        watching.start()
        assert starter.wait() == 0, starter.stderr and starter.stderr.read()
        watching.join()
    assert any("init.hcl" in each for each in seen)
    assert not any(SENTINEL in each for each in seen)
    address = services.start(folder).address
    server = SafeServer(address, "", folder.parent, password=SENTINEL)
    token = server.token()
    # after a restart too, and after the password was used
    for file in folder.rglob("*"):
        if file.is_file():
            assert SENTINEL.encode() not in file.read_bytes(), file
            assert token.encode() not in file.read_bytes(), file
        assert file.stat().st_mode & 0o077 == 0, file
    assert folder.stat().st_mode & 0o777 == 0o700
    accessors = ask(server, token, "LIST", "v1/auth/token/accessors/").data["data"]["keys"]
    policies = [
        ask(server, token, "POST", "v1/auth/token/lookup-accessor", {"accessor": each}).data[
            "data"
        ]["policies"]
        for each in accessors
    ]
    assert policies == [["default"]]  # this login and nothing else


def test_the_admin_is_one_person_in_one_group(safe: SafeServer) -> None:
    server, token = safe, safe.token()
    me = ask(server, token, "GET", "v1/auth/token/lookup-self").data["data"]
    assert (me["entity_id"], me["identity_policies"]) == (server.entity_id, ["admin"])
    group = ask(server, token, "GET", "v1/identity/group/name/admin").data["data"]
    assert (group["member_entity_ids"], group["policies"]) == ([server.entity_id], ["admin"])
    entities = ask(server, token, "LIST", "v1/identity/entity/name").data["data"]["keys"]
    assert entities == [ADMIN]


def watch_processes(starter: "subprocess.Popen[bytes]", seen: list[str]) -> None:
    while starter.poll() is None:
        shown = subprocess.run(["ps", "eww", "-A"], capture_output=True, check=True).stdout
        seen.append(shown.decode(errors="replace"))
        time.sleep(0.1)
