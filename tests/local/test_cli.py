"""`opskit local`, as it is typed."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest

from opskit.cli import front_door
from opskit.core.cliapp import run
from opskit.core.config import Home, Settings
from opskit.core.context import AppContext
from opskit.core.identity import Identity
from opskit.core.secret import Secret
from opskit.local import services
from opskit.local.ports import AdminLogin
from opskit.wiring import context_of
from tests.support.openbao import ADMIN, PASSWORD, SafeServer, log_in, set_password


@pytest.fixture
def typed(safe: SafeServer, capfd: pytest.CaptureFixture[str]) -> Any:
    def type_in(*words: str, obj: AppContext | None = None) -> tuple[int, str, str]:
        code = run(
            front_door(), ["local", *words], obj=obj or context_of(Home(safe.home), Settings())
        )
        return code, *capfd.readouterr()

    return type_in


def test_start_twice_stop_twice(safe: SafeServer, typed: Any) -> None:
    assert typed("start") == (0, "", f"already running at {safe.address}\n")
    assert typed("stop") == (0, "", "stopped\n")
    assert typed("stop") == (0, "", "not running\n")
    assert typed("start") == (0, "", f"running at {safe.address}\n")
    code, out, _err = typed("start", "--json")
    assert code == 0
    assert json.loads(out)["was_running"] is True


def test_status(safe: SafeServer, typed: Any) -> None:
    code, out, err = typed("status", "--json")
    pid = services.status(safe.folder).pid
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "address": safe.address,
        "running": True,
        "sealed": False,
        "pid": pid,
        "version": "2.7.2",
        "data": str(safe.folder),
    }
    assert typed("status")[1] == f"{safe.address}\tyes\tno\t{pid}\t2.7.2\t{safe.folder}\n"


def test_status_of_a_stopped_server(safe: SafeServer, typed: Any) -> None:
    services.stop(safe.folder)
    code, out, _err = typed("status", "--json")
    shown = json.loads(out)
    assert (code, shown["address"], shown["running"], shown["pid"]) == (
        0,
        safe.address,
        False,
        None,
    )


def test_logs(typed: Any) -> None:
    code, out, _err = typed("logs", "--lines", "2")
    assert (code, len(out.splitlines())) == (0, 2)


def test_without_a_safe(typed: Any, tmp_path: Any) -> None:
    nowhere = context_of(Home(tmp_path), Settings())
    needy: list[tuple[str, ...]] = [("start",), ("status",), ("logs",)]
    for command in (*needy, ("stop",), ("recover", "alice")):
        assert typed(*command, obj=nowhere) == (
            3,
            "",
            (
                f"error[no-home]: {tmp_path} is no opskit home\n"
                "hint: opskit init --admin NAME makes one, or set OPSKIT_HOME to yours\n"
            ),
        )
    (tmp_path / "initialised").touch()  # as in the home of a team
    for command in needy:
        assert typed(*command, obj=nowhere) == (
            3,
            "",
            (
                f"error[no-safe]: there is no safe in {tmp_path / 'safe'}\n"
                "hint: opskit init --admin NAME makes one\n"
            ),
        )
    assert typed("stop", obj=nowhere) == (0, "", "not running\n")


def test_an_interrupted_first_start(typed: Any, tmp_path: Any) -> None:
    (tmp_path / "safe" / "raft").mkdir(parents=True)
    (tmp_path / "safe" / "init.hcl").touch()
    code, out, err = typed("start", obj=context_of(Home(tmp_path), Settings()))
    assert (code, out) == (7, "")
    assert err.startswith("error[safe-unfinished]: ")
    assert "hint: run opskit init again" in err


def test_the_recovery_key_is_printed_once_and_lets_in(
    safe: SafeServer, typed: Any, monkeypatch: pytest.MonkeyPatch, alice: Identity
) -> None:
    class Login:
        def address(self) -> str:
            return safe.address

        def token(self) -> Secret:
            return Secret(safe.token())

    def plug(port: type[Any]) -> Any:
        assert port is AdminLogin
        return Login()

    logged_in = replace(context_of(Home(safe.home), Settings()), plug=plug, identity=lambda: alice)
    code, out, err = typed("recovery-key", obj=logged_in)
    assert code == 0
    assert len(bytes.fromhex(out.removesuffix("\n"))) == 32
    assert "opskit local recover NAME" in err

    paper = safe.home / "key.txt"
    paper.write_text(out)
    code, out, err = typed("recover", ADMIN, "--key-file", "-", "--password-file", "-")
    assert (code, out) == (2, "")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a new one\n")))
    code, out, err = typed("recover", ADMIN, "--key-file", str(paper), "--password-file", "-")
    no_log = f"not in the event log: the database {safe.home / 'opskit.db'} is gone or empty\n"
    assert (code, out) == (0, "")
    assert err == f"{no_log}alice has a new password: opskit login alice\n"
    token = log_in(safe.address, ADMIN, "a new one")
    set_password(safe, token, PASSWORD)

    code, out, err = typed("recovery-key", obj=logged_in)
    assert (code, out) == (4, "")
    assert err.startswith("error[recovery-key-exists]: ")
