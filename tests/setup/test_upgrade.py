"""`opskit upgrade`: looks, copies, migrates; a newer database is refused, never changed."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from opskit.core.config import Home, Settings
from opskit.core.db import SCHEMA_REVISION, open_home_database, transaction
from opskit.core.errors import ExitCode
from opskit.core.numbers import next_number
from opskit.migrations import migrate
from opskit.setup import upgrading
from tests.support.home import Result, run_opskit

NEXT = f"{int(SCHEMA_REVISION) + 1:04}"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a database in which something stands."""
    home = Home(tmp_path)
    engine = open_home_database(home, Settings())
    migrate(engine)
    with transaction(engine) as session:
        next_number(session, "R")
    engine.dispose()
    home.ready_marker.touch()
    return home


@pytest.fixture
def newer_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """This program, if it had one migration more."""
    monkeypatch.setattr(upgrading, "SCHEMA_REVISION", NEXT)


def stands_at(home: Home, revision: str) -> None:
    with closing(sqlite3.connect(home.database_file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", [revision])


def upgrade(home: Home, *args: str) -> Result:
    return run_opskit(home.folder, "upgrade", *args)


def test_an_upgrade_that_is_not_needed(home: Home) -> None:
    expected = Result(ExitCode.OK, f"the database is up to date ({SCHEMA_REVISION})\n", "")
    assert upgrade(home) == upgrade(home, "--check") == expected
    assert upgrade(home, "--json").json == {
        "from": SCHEMA_REVISION,
        "to": SCHEMA_REVISION,
        "needed": False,
        "backup": None,
    }
    assert not home.backup_folder.exists()


@pytest.mark.parametrize("args", [(), ("--check",)], ids=str)
def test_a_file_without_tables_is_a_lost_database(tmp_path: Path, args: tuple[str, ...]) -> None:
    home = Home(tmp_path)
    home.ready_marker.touch()
    open_home_database(home, Settings()).connect().close()  # makes an empty one
    before = home.database_file.read_bytes()
    assert before
    assert upgrade(home, *args) == Result(
        ExitCode.UNAVAILABLE,
        "",
        f"error[database-lost]: the database {home.database_file} is gone or empty\n"
        "hint: put the newest copy from the folder backups in its place: docs/setup.md\n",
    )
    assert home.database_file.read_bytes() == before
    assert not home.backup_folder.exists()


@pytest.mark.usefixtures("newer_program")
def test_an_older_database_is_only_looked_at(home: Home) -> None:
    result = upgrade(home, "--check")
    assert (result.code, result.out) == (ExitCode.CHECK_FAILED, "")
    assert result.err == (
        f"error[check-failed]: the database is at {SCHEMA_REVISION}, "
        f"this program wants {NEXT}\nhint: opskit upgrade\n"
    )
    assert upgrade(home, "--check", "--json").json["needed"] is True
    assert not home.backup_folder.exists()


@pytest.mark.usefixtures("newer_program")
def test_the_old_database_is_kept_private_and_whole(home: Home) -> None:
    result = upgrade(home)
    backup = next(home.backup_folder.iterdir())
    assert result == Result(
        0,
        f"upgraded from {SCHEMA_REVISION} to {NEXT}\n",
        f"the old one is kept: {backup}\n",
    )
    assert backup.name.endswith(f"Z-{SCHEMA_REVISION}.db")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert stat.S_IMODE(backup.parent.stat().st_mode) == 0o700
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT letter, last FROM core_counter").fetchall() == [("R", 1)]
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.usefixtures("newer_program")
def test_a_second_copy_in_the_same_second_is_another_file(home: Home) -> None:
    for _turn in range(3):
        assert upgrade(home).code == 0
    copies = list(home.backup_folder.iterdir())
    assert len(copies) == 3
    assert all(copy.stat().st_size > 0 for copy in copies)


@pytest.mark.usefixtures("newer_program")
def test_a_copy_holds_what_is_not_yet_in_the_main_file(home: Home) -> None:
    """A writer that is still open keeps its last lines in the file beside."""
    engine = open_home_database(home, Settings())
    with transaction(engine) as session:
        next_number(session, "P")
    with engine.connect():
        assert home.database_file.with_name("opskit.db-wal").stat().st_size > 0
        assert upgrade(home).code == 0
    engine.dispose()
    with closing(sqlite3.connect(next(home.backup_folder.iterdir()))) as copy:
        assert ("P", 1) in copy.execute("SELECT letter, last FROM core_counter").fetchall()


@pytest.mark.parametrize(
    "args", [["upgrade"], ["upgrade", "--check"], ["client", "list"], ["audit", "verify"]], ids=str
)
def test_a_newer_database_is_refused_by_every_command(home: Home, args: list[str]) -> None:
    stands_at(home, "9999")
    before = home.database_file.read_bytes()
    result = run_opskit(home.folder, *args)
    assert result == Result(
        ExitCode.UNAVAILABLE,
        "",
        "error[schema]: the database is newer than this program "
        f"(9999, known {SCHEMA_REVISION})\n"
        "hint: install the opskit that your team uses now\n",
    )
    assert home.database_file.read_bytes() == before


def test_an_older_database_is_refused_by_every_command_but_upgrade(home: Home) -> None:
    stands_at(home, "0000")
    result = run_opskit(home.folder, "client", "list")
    assert (result.code, result.out) == (ExitCode.UNAVAILABLE, "")
    assert result.err.endswith("hint: opskit upgrade\n")


def test_an_upgrade_without_a_home(tmp_path: Path) -> None:
    result = run_opskit(tmp_path / "nowhere", "upgrade")
    assert (result.code, result.out) == (ExitCode.NOT_FOUND, "")
    assert not (tmp_path / "nowhere").exists()
