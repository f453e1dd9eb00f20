"""`opskit backup`: a private copy that is whole, and never over something else."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from opskit.core.errors import ExitCode
from tests.support.home import House, Result

SAID = "the safe is not in it: docs/setup.md says what else to keep\n"


def clients_in(copy: Path) -> int:
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = database.execute("SELECT count(*) FROM clients_client").fetchone()
        return int(found[0])


def test_copies_are_kept_in_the_home(own_house: House) -> None:
    first, second = (own_house.done("backup") for _turn in range(2))
    assert first.err == second.err == SAID
    copies = [Path(result.out.removesuffix("\n")) for result in (first, second)]
    assert sorted(own_house.home.backup_folder.iterdir()) == copies
    assert {stat.S_IMODE(copy.stat().st_mode) for copy in copies} == {0o600}
    assert [clients_in(copy) for copy in copies] == [40, 40]


def test_a_copy_where_one_wants_it(own_house: House) -> None:
    file = own_house.folder.parent / "monday.db"
    assert own_house.done("backup", "--out", file) == Result(0, f"{file}\n", SAID)
    assert clients_in(file) == 40
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = own_house.opskit("backup", "--out", file)
    assert again == Result(
        ExitCode.CONFLICT,
        "",
        f"error[conflict]: {file} is there already\nhint: choose another name\n",
    )
    assert own_house.done("backup", "--json").json.keys() == {"backup"}


def test_no_folder_is_made_for_a_mistyped_name(own_house: House) -> None:
    file = own_house.folder.parent / "nowhere" / "monday.db"
    result = own_house.opskit("backup", "--out", file)
    assert result == Result(
        ExitCode.NOT_FOUND,
        "",
        f"error[not-found]: there is no folder {file.parent}\n"
        "hint: make the folder, or choose another\n",
    )
    assert not file.parent.exists()


def test_a_copy_that_failed_leaves_no_file(own_house: House) -> None:
    own_house.home.database_file.write_bytes(b"no database " * 999)
    for beside in ("-wal", "-shm"):
        own_house.home.database_file.with_name(f"opskit.db{beside}").unlink(missing_ok=True)
    assert own_house.opskit("backup").code == ExitCode.UNAVAILABLE
    assert not own_house.home.backup_folder.exists()
