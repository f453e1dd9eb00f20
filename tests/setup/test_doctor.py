"""`opskit doctor`: what is well, what deserves a look, what is broken, and mending it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opskit.core.config import Settings
from opskit.core.db import open_home_database
from opskit.core.errors import ExitCode
from opskit.core.identity import Identity
from opskit.core.intents import begin
from opskit.core.private_files import write_private
from opskit.core.secret import Secret
from opskit.migrations import migrate
from tests.support.home import House, Result, copy_of, run_opskit
from tests.support.openbao import SafeServer, ask
from vault.changing.writing import Write
from vault.entries import EntryRef
from vault.facts import EntryFacts
from vault.services import begin_write


@pytest.fixture(scope="module")
def house(house_pattern: House) -> Iterator[House]:
    """A healthy home: in the session's other tests write past opskit."""
    with copy_of(house_pattern) as house:
        yield house


def address(house: House) -> str:
    return str(house.done("local", "status", "--json").json["address"])


def interrupt_an_add(house: House, ref: str) -> None:
    """What a crash between the intent and the write to the safe leaves."""
    run = house.context()
    with run.transaction() as session:
        facts = EntryFacts("database", "db.deleze.example")
        write = Write(EntryRef.parse(ref, environments=None), facts, {"password": Secret("x")})
        begin_write(session, meant=write.meant(at=run.now()), at=run.now(), actor=run.identity())


def diagnoses(result: Result) -> dict[str, Any]:
    """The report's conditions by part; the worst where a part has several."""
    rank = ("ok", "warning", "broken")
    found: dict[str, str] = {}
    for each in json.loads(result.out):
        found[each["part"]] = max(found.get(each["part"], "ok"), each["condition"], key=rank.index)
    return found


def test_a_healthy_home(house: House) -> None:
    result = house.opskit("doctor")
    version = house.done("local", "status", "--json").json["version"]
    assert result == Result(
        ExitCode.OK,
        f"""\
ok       home: {house.folder}
ok       local: OpenBao {version} at {address(house)}
ok       vault: logged in as alice
ok       vault: the safe is as it should be
warning  staff: only one admin: give a second person the role, or keep a recovery key
         opskit user grant LOGIN --role admin, or opskit local recovery-key
ok       licenses: 4 public keys in the home
ok       privacy: nobody's data is kept too long
ok       database: sqlite
""",
        "",
    )


def test_for_scripts(house: House) -> None:
    found = house.done("doctor", "--json").json
    assert {frozenset(each) for each in found} == {
        frozenset({"part", "condition", "message", "hint"})
    }
    assert diagnoses(house.opskit("doctor", "--json")) == {
        "home": "ok",
        "local": "ok",
        "vault": "ok",
        "staff": "warning",
        "licenses": "ok",
        "privacy": "ok",
        "database": "ok",
    }


def test_two_admins_are_enough(own_house: House) -> None:
    own_house.done("user", "grant", "bob", "--role", "admin")
    assert "ok       staff: 2 admins\n" in own_house.done("doctor").out


def test_who_is_no_admin_is_not_asked_about_the_safe(house: House) -> None:
    result = house.opskit("doctor", "--json", as_user="bob")
    assert result.code == 0
    assert [each["message"] for each in result.json if each["part"] == "vault"] == [
        "logged in as bob"
    ]
    assert "staff" not in diagnoses(result)


def test_nobody_is_logged_in(house: House) -> None:
    (house.home.token_folder / "local").unlink()
    result = house.opskit("doctor")
    assert result.code == ExitCode.CHECK_FAILED
    assert "broken   vault: not logged in, or the login has expired\n" in result.out
    assert result.err.startswith("error[check-failed]: 1 part needs you: vault\nhint: ")
    assert "opskit login" in result.err


def test_a_home_that_others_can_look_into(house: House) -> None:
    house.folder.chmod(0o755)
    try:
        result = house.opskit("doctor")
    finally:
        house.folder.chmod(0o700)
    assert result.code == 0
    assert result.out.startswith(
        f"warning  home: others on this machine can look into {house.folder}\n"
        f"         chmod 700 {house.folder}\n"
    )


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff", b'{"keys": 3}'])
def test_public_keys_that_are_missing_or_broken(house: House, content: bytes | None) -> None:
    file = house.home.public_keys_file
    kept = file.read_bytes()
    try:
        file.unlink()
        if content is not None:
            file.write_bytes(content)
        result = house.opskit("doctor")
    finally:
        write_private(file, kept)
    assert result.code == 0
    assert "warning  licenses: no public keys in the home" in result.out
    assert "         opskit license keys publish\n" in result.out


def test_a_safe_that_somebody_changed(house: House) -> None:
    house.login("alice")
    token = (house.home.token_folder / "local").read_text(encoding="ascii").split()[0]
    server = SafeServer(address(house), "", house.folder)
    assert ask(server, token, "DELETE", "v1/sys/policies/acl/sales").status == 204
    result = house.opskit("doctor")
    assert result.code == ExitCode.CHECK_FAILED
    found = "broken   vault: things that differ in the safe: 1\n         opskit vault provision\n"
    assert found in result.out
    house.done("vault", "provision")
    house.done("doctor")


def test_an_interrupted_action_is_found_and_finished(house: House) -> None:
    interrupt_an_add(house, "DELEZE/prod/half")
    result = house.opskit("doctor")
    assert result.code == ExitCode.CHECK_FAILED
    assert "broken   interrupted: vault.write DELEZE/prod/half, begun " in result.out
    assert result.err == (
        "error[check-failed]: 1 part needs you: interrupted\nhint: opskit doctor --repair\n"
    )
    mended = house.opskit("doctor", "--repair")
    assert mended.code == 0
    assert mended.out.startswith(
        "ok       vault.write DELEZE/prod/half: "
        "DELEZE/prod/half never came into the safe; add it again\n"
    )
    assert "interrupted" not in house.done("doctor").out
    assert house.done("doctor", "--repair").out == house.done("doctor").out


def test_a_repair_finishes_what_can_be_finished_and_names_the_rest(own_house: House) -> None:
    interrupt_an_add(own_house, "DELEZE/prod/half")
    run = own_house.context()
    with run.transaction() as session:
        begin(
            session,
            kind="moon.landing",
            subject="apollo",
            data={},
            at=run.now(),
            actor=Identity("e", "alice", frozenset()),
        )
    result = own_house.opskit("doctor", "--repair")
    assert result.code == ExitCode.CHECK_FAILED
    lines = result.out.splitlines()
    assert lines[0].startswith("ok       vault.write DELEZE/prod/half: ")
    assert lines[1] == "broken   moon.landing apollo: nobody knows how to finish this"
    assert "interrupted: moon.landing apollo" in result.out
    assert "vault.add" not in own_house.opskit("doctor").out


def test_a_stopped_server_and_its_repair(own_house: House) -> None:
    interrupt_an_add(own_house, "DELEZE/prod/half")
    own_house.done("local", "stop")
    result = own_house.opskit("doctor", "--json")
    assert result.code == ExitCode.CHECK_FAILED
    assert diagnoses(result) == {
        "home": "ok",
        "local": "broken",  # and nobody repeats it
        "licenses": "ok",
        "privacy": "ok",
        "database": "ok",
        "interrupted": "broken",
    }
    assert result.err.endswith("hint: opskit local start\n")
    repaired = own_house.opskit("doctor", "--repair")
    assert repaired.code == ExitCode.CHECK_FAILED
    assert repaired.out.startswith(
        "broken   vault.write DELEZE/prod/half: the safe is not running\n"
    )
    own_house.done("local", "start")
    assert "never came into the safe" in own_house.done("doctor", "--repair").out


@pytest.mark.parametrize("content", [b"no database " * 999, b""])
def test_a_damaged_database_is_a_finding_like_any_other(own_house: House, content: bytes) -> None:
    own_house.home.database_file.write_bytes(content)
    for beside in ("-wal", "-shm"):
        own_house.home.database_file.with_name(f"opskit.db{beside}").unlink(missing_ok=True)
    result = own_house.opskit("doctor")
    assert result.code == ExitCode.CHECK_FAILED
    assert "broken   database: " in result.out
    assert "ok       vault: logged in as alice\n" in result.out
    assert "Traceback" not in result.err
    assert result.err.startswith("error[check-failed]: 1 part needs you: database\n")


def test_a_lost_database_never_looks_well(own_house: House) -> None:
    copy = Path(own_house.done("backup").out.removesuffix("\n"))
    for file in own_house.folder.glob("opskit.db*"):
        file.unlink()
    lost = f"the database {own_house.home.database_file} is gone or empty"
    hint = "put the newest copy from the folder backups in its place: docs/setup.md"
    for words in ("client list", "upgrade", "upgrade --check", "backup", "audit verify"):
        assert own_house.opskit(*words.split()) == Result(
            ExitCode.UNAVAILABLE, "", f"error[database-lost]: {lost}\nhint: {hint}\n"
        )
    result = own_house.opskit("doctor")
    assert result.code == ExitCode.CHECK_FAILED
    assert result.out.endswith(f"broken   database: {lost}\n         {hint}\n")
    assert result.out.count(lost) == 1
    assert not own_house.home.database_file.exists()
    shutil.copy(copy, own_house.home.database_file)
    assert own_house.done("doctor").out.endswith("ok       database: sqlite\n")
    assert own_house.done("client", "list").out.count("\n") == 40


def test_another_homes_database_is_told_from_its_own(own_house: House) -> None:
    own_house.home.database_file.unlink()
    engine = open_home_database(own_house.home, Settings())
    migrate(engine)
    engine.dispose()
    result = own_house.opskit("doctor")
    assert result.code == ExitCode.CHECK_FAILED
    assert "broken   database: this is not the database that this home began with\n" in result.out


def test_a_folder_that_is_no_home(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    hint = "opskit init --admin NAME makes one, or set OPSKIT_HOME to yours"
    result = run_opskit(folder, "doctor")
    assert result == Result(
        ExitCode.CHECK_FAILED,
        f"broken   home: {folder} is no opskit home\n",
        f"error[check-failed]: 1 part needs you: home\nhint: {hint}\n",
    )
    assert not folder.exists()


def test_a_repair_where_there_is_no_home(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    result = run_opskit(folder, "doctor", "--repair")
    assert (result.code, "opskit init" in result.err + result.out) == (
        ExitCode.CHECK_FAILED,
        True,
    )
    assert not folder.exists()
