"""opskit vault health and check, typed in a home."""

import hashlib
import socket
from pathlib import Path

import pytest

from opskit.core.errors import ExitCode
from tests.support.home import House
from tests.support.ssh_server import PASSWORD, USER, running_ssh

CLIENT = "MOSERC"


@pytest.fixture(scope="module")
def troubled(house: House) -> House:
    """A client with three entries, of which one is as it should be."""
    house.login("alice")
    for name, password, facts in (
        ("erp-db", "q7#Vw!zP2kLm9tRx", ("--host", "db.example", "--username", "SYSTEM")),
        ("erp-db2", "moserc2024", ("--host", "db.example", "--username", "SYSTEM")),
        ("report", "moserc2024", ("--host", "db.example", "--expires", "2020-01-31")),
    ):
        house.done(
            *("vault", "add", f"{CLIENT}/prod/{name}", "--kind", "database", *facts),
            *("--password-file", "-"),
            stdin=password,
        )
    return house


def flaws(rows: list[dict[str, str]]) -> set[tuple[str, str]]:
    return {(row["ref"].rpartition("/")[2], row["flaw"]) for row in rows}


def test_every_flaw_of_a_client(troubled: House) -> None:
    result = troubled.done("vault", "health", CLIENT, "--ticket", "CS-7", "--json")
    assert flaws(result.json) == {
        ("erp-db2", "weak"),
        ("erp-db2", "reused"),
        ("report", "weak"),
        ("report", "reused"),
        ("report", "expired"),
        ("report", "missing"),
    }
    assert "entries with flaws: 2 of 3" in result.err
    assert "moserc2024" not in result.out + result.err


def test_the_facts_alone_need_no_secret(troubled: House) -> None:
    result = troubled.done("vault", "health", CLIENT, "--facts-only", "--json")
    assert flaws(result.json) == {("report", "expired"), ("report", "missing")}
    assert "passwords not looked at: 3" in result.err


def test_a_list_of_breached_passwords(troubled: House, tmp_path: Path) -> None:
    digest = hashlib.sha1(b"moserc2024").hexdigest().upper()
    (tmp_path / "list.txt").write_text(f"{digest}:12\n")
    words = ("vault", "health", CLIENT, "--breached", tmp_path / "list.txt", "--json")
    found = flaws(troubled.done(*words).json)
    assert {("erp-db2", "breached"), ("report", "breached")} <= found
    assert ("erp-db", "breached") not in found


def test_a_list_that_is_none(troubled: House, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("no hash\n")
    result = troubled.opskit("vault", "health", "--breached", tmp_path / "list.txt")
    assert result.code == ExitCode.INVALID
    assert "hint: download the version that is ordered by hash" in result.err


def add_host(house: House, name: str, port: int, password: str) -> str:
    ref = f"{CLIENT}/test/{name}"
    house.done(
        *("vault", "add", ref, "--kind", "ssh", "--host", "127.0.0.1", "--port", port),
        *("--username", USER, "--password-file", "-"),
        stdin=password,
    )
    return ref


def test_a_login_that_works_is_noted_in_the_metadata(house: House) -> None:
    import paramiko

    with running_ssh(paramiko.ECDSAKey.generate()) as server:
        good = add_host(house, "good", server.port, PASSWORD)
        bad = add_host(house, "bad", server.port, "not it")
        words = ("vault", "check", good, bad, "--host-key", server.fingerprint, "--json")
        result = house.opskit(*words)
    assert result.code == ExitCode.CHECK_FAILED
    assert [(row["ref"], row["check"]) for row in result.json] == [
        (good, "works"),
        (bad, "refused"),
    ]
    assert "hint: is the way open? opskit vault connect " + bad in result.err
    shown = house.done("vault", "show", good, "--json").json
    assert shown["check"] == "works"
    assert shown["checked_at"]
    assert PASSWORD not in result.out + result.err


def test_a_host_that_does_not_answer(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    result = house.opskit("vault", "check", add_host(house, "gone", port, "x"))
    assert result.code == ExitCode.CHECK_FAILED
    assert f"127.0.0.1:{port} does not answer: Connection refused" in result.out
