"""`opskit vault import` and `export` as they are typed, in a real home."""

import csv
import os
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from pykeepass import PyKeePass

from opskit.local import services
from tests.support.contents import contents_of
from tests.support.home import House, Result, copy_of
from tests.support.keepass_files import Sample, write_kdbx4
from tests.support.terminal import CTRL_C, sit_before
from tests.vault.importing.samples import GROUPS, NASTY, OVPN, PASSWORD, SEED
from vault.entries import EntryRef
from vault.importing import settling
from vault.ports import EntryReader, EntryStore

MANY = 800
SENTINELS = (NASTY, SEED, PASSWORD, "SENTINEL-of-the-kdbx")


@pytest.fixture(scope="module")
def house(house_pattern: House) -> Iterator[House]:
    """A home of this module's own, whose safe is empty at first."""
    with copy_of(house_pattern) as house:
        yield house


@pytest.fixture
def kdbx(tmp_path: Path) -> Path:
    return write_kdbx4(tmp_path / "team.kdbx", GROUPS, password=PASSWORD)


def type_in(house: House, file: Path, *more: object, password: str = PASSWORD) -> Result:
    return house.opskit("vault", "import", file, *more, "--password-file", "-", stdin=password)


def many(path: Path, title: str) -> Path:
    samples = [Sample(f"{title} {number}", password="p") for number in range(MANY)]
    return write_kdbx4(path, {"DELEZE/PROD": samples}, password=PASSWORD)


def entries(house: House) -> dict[str, str]:
    """Each entry of the safe with its password."""
    store = house.context().plug(EntryStore)
    found = {}
    for entry in store.list_entries():
        password = store.read(entry.ref, None).secrets.get("password")
        found[entry.ref.path] = password.reveal() if password else ""
    return found


def test_a_trial_then_the_import_then_once_more(house: House, kdbx: Path) -> None:
    trial = type_in(house, kdbx, "--dry-run", "--json")
    assert trial.code == 0, trial
    assert trial.json == {
        "file": str(kdbx),
        "format": "kdbx",
        "dry_run": True,
        "clients": [{"client": "DELEZE", "new": 3, "same": 0, "updated": 0, "different": 0}],
        "different": [],
        "not_placed": [],
        "in_recycle_bin": 1,
    }
    assert entries(house) == {}
    house.done("vault", "list", "--fresh")
    assert type_in(house, kdbx, "--yes") == Result(
        0, "DELEZE\t3\t0\t0\t0\n", "left out, as in the recycle bin: 1\n"
    )
    assert entries(house) == {
        "DELEZE/prod/vpn": NASTY,
        "DELEZE/prod/db": "p",
        "DELEZE/test/rdp": "p",
    }
    assert house.done("vault", "find", "deleze", "rdp").out.startswith("DELEZE/test/rdp\t")
    again = type_in(house, kdbx, "--yes")
    assert (again.code, again.out) == (0, "DELEZE\t0\t3\t0\t0\n")
    assert "everything was in the safe already" in again.err
    seed = house.done("vault", "get", "DELEZE/test/rdp", "--field", "totp-seed")
    assert seed.out == f"{SEED}\n"
    told = house.done("audit", "list", "--json").json
    assert [event["action"] for event in told][:5] == [
        "vault.import-finished",
        "vault.import-finished",
        *["vault.imported"] * 3,
    ]


def test_an_agent_imports_too_and_the_reads_have_their_ticket(house: House, kdbx: Path) -> None:
    type_in(house, kdbx, "--yes")
    with (house.folder / "safe" / "audit.log").open(encoding="utf-8") as log:
        log.seek(0, os.SEEK_END)
        assert type_in(house, kdbx, "--yes", "--ticket", "CS-7001").code == 0
        assert "CS-7001" in log.read()


def test_what_found_no_place_is_told_and_written(house: House, tmp_path: Path) -> None:
    groups = {
        "": [Sample("Orphan", password=SENTINELS[3])],
        "Deleze Outilage/PROD": [Sample("Almost", password=SENTINELS[3])],
        "DELEZE/PROD": [Sample("Empty", username="x"), Sample("Good", password="p")],
    }
    file = write_kdbx4(tmp_path / "b.kdbx", groups, password=PASSWORD)
    report = tmp_path / "left.csv"
    done = type_in(house, file, "--yes", "--report", report)
    assert (done.code, done.out) == (5, "DELEZE\t1\t0\t0\t0\n")
    assert "error[not-placed]: without a place, of b.kdbx: 3" in done.err
    assert "hint: " + str(report) in done.err
    with report.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["title"], row["group"]) for row in rows] == [
        ("Orphan", ""),
        ("Almost", "Deleze Outilage/PROD"),
        ("Empty", "DELEZE/PROD"),
    ]
    assert all(row["reason"] for row in rows)
    assert SENTINELS[3] not in report.read_text(encoding="utf-8") + done.err


def test_what_differs_is_a_conflict_until_it_is_written_over(house: House, tmp_path: Path) -> None:
    for password in ("first", "second"):
        groups = {"PERRET - x/TEST": [Sample("Twice", password=password)]}
        write_kdbx4(tmp_path / f"{password}.kdbx", groups, password=PASSWORD)
    client = ("--client", "DELEZE")
    assert type_in(house, tmp_path / "first.kdbx", *client).code == 0
    done = type_in(house, tmp_path / "second.kdbx", *client)
    assert (done.code, done.out) == (4, "DELEZE\t0\t0\t0\t1\n")
    assert "error[entries-differ]" in done.err
    assert "DELEZE/test/twice\tother password" in done.err
    assert entries(house)["DELEZE/test/twice"] == "first"
    updated = type_in(house, tmp_path / "second.kdbx", *client, "--update")
    assert (updated.code, updated.out) == (0, "DELEZE\t0\t0\t1\t0\n")
    assert entries(house)["DELEZE/test/twice"] == "second"


def test_in_a_pipe_nobody_is_asked(house: House, tmp_path: Path) -> None:
    groups = {"Deleze Outilage/PROD": [Sample("Almost", password="p")]}
    file = write_kdbx4(tmp_path / "a.kdbx", groups, password=PASSWORD)
    done = type_in(house, file)
    assert (done.code, done.out) == (2, "")
    assert "hint: --yes" in done.err
    trial = type_in(house, file, "--dry-run")
    assert trial.code == 5
    assert "perhaps DELEZE" in trial.err


@pytest.mark.parametrize(("answer", "where"), [("y", "DELEZE/prod/by-terminal"), ("n", None)])
def test_on_a_terminal_one_client_after_the_other_is_asked(
    house: House, tmp_path: Path, answer: str, where: str | None
) -> None:
    name = f"By terminal {answer}" if where is None else "By terminal"
    groups = {"Deleze Outilage/PROD": [Sample(name, password="p")]}
    file = write_kdbx4(tmp_path / "a.kdbx", groups, password=PASSWORD)
    command = [sys.executable, "-m", "opskit", "vault", "import", file]
    shown = sit_before(
        command,
        house.environment(),
        answers=[("Password of a.kdbx", PASSWORD), ("Is 'Deleze Outilage' (entries: 1)", answer)],
    )
    assert shown.code == (0 if where else 5), shown.text
    assert ("DELEZE/prod/by-terminal" in entries(house)) or where is None
    assert PASSWORD not in shown.text


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.json", '{"encrypted": true}', "encrypted"),
        ("a.csv", '"Group","Title","Username","Password","URL","Notes"\n"a,b\n', "line 2"),
        ("a.csv", "a;b\n1;2\n", "--map"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_to_do(
    house: House, tmp_path: Path, name: str, content: str, word: str
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    done = house.opskit("vault", "import", file, "--yes")
    assert done.code in (2, 5)
    assert word in done.err
    assert "hint: " in done.err


def test_a_wrong_password_and_a_file_cut_off(house: House, kdbx: Path) -> None:
    wrong = type_in(house, kdbx, password="SENTINEL-wrong")
    assert (wrong.code, wrong.out) == (5, "")
    assert "error[wrong-key]" in wrong.err
    assert "SENTINEL-wrong" not in wrong.err
    kdbx.write_bytes(kdbx.read_bytes()[:-300])
    cut = type_in(house, kdbx)
    assert (cut.code, cut.out) == (5, "")
    assert "error[unreadable-file]" in cut.err


def test_with_an_unknown_client_nothing_begins(house: House, kdbx: Path) -> None:
    done = type_in(house, kdbx, "--client", "DELEZ")
    assert (done.code, "DELEZE" in done.err) == (3, True)


def test_the_team_may_demand_a_ticket(house: House, kdbx: Path, own_house: House) -> None:
    settings = own_house.home.settings_file
    settings.write_text(settings.read_text(encoding="utf-8") + "\nticket_required = true\n")
    own_house.login("alice")
    assert type_in(own_house, kdbx, "--dry-run").code == 2
    assert type_in(own_house, kdbx, "--dry-run", "--ticket", "CS-1").code == 0


def test_an_export_holds_everything_and_comes_back(
    house: House, kdbx: Path, tmp_path: Path
) -> None:
    type_in(house, kdbx, "--yes")
    out = tmp_path / "export.kdbx"
    words = ("vault", "export", "deleze", "--out", out, "--ticket", "CS-7002")
    done = house.opskit(*words, "--password-file", "-", stdin="of the export")
    assert (done.code, done.out) == (0, ""), done
    assert out.stat().st_mode & 0o777 == 0o600
    content = out.read_bytes()
    assert not any(each.encode() in content for each in SENTINELS)

    again = type_in(house, out, "--yes", password="of the export")
    assert again.code == 0, again
    assert "everything was in the safe already" in again.err
    (event,) = [
        each
        for each in house.done("audit", "list", "--json").json
        if each["action"] == "vault.exported"
    ]
    assert (event["client"], event["ticket"]) == ("DELEZE", "CS-7002")
    audit = (house.folder / "safe" / "audit.log").read_text(encoding="utf-8")
    assert audit.count("CS-7002") >= event["after"]["entries"]

    twice = house.opskit(*words, "--password-file", "-", stdin="other")
    assert twice.code == 4
    assert out.read_bytes() == content


def test_another_safe_takes_the_export_in_whole(
    house: House, kdbx: Path, tmp_path: Path, own_house: House
) -> None:
    type_in(house, kdbx, "--yes")
    out = tmp_path / "export.kdbx"
    house.done(
        *("vault", "export", "DELEZE", "--out", out, "--password-file", "-"), stdin="of the export"
    )
    own_house.login("alice")
    assert type_in(own_house, out, "--yes", password="of the export").code == 0
    here, there = (each.context().plug(EntryStore) for each in (house, own_house))
    listed = here.list_entries()
    assert [entry.ref for entry in there.list_entries()] == [entry.ref for entry in listed]
    for entry in listed:
        first, second = (store.read(entry.ref, None).to_data() for store in (here, there))
        assert first == second
        assert there.describe(entry.ref).stamps.rotated == entry.stamps.rotated
    vpn = EntryRef.parse("DELEZE/prod/vpn")
    packed = there.read_secret(vpn, "file:client.ovpn", None).reveal()
    assert b64decode(packed) == OVPN


def test_what_is_guarded_is_named_beside_the_export(own_house: House, tmp_path: Path) -> None:
    add = ("--kind", "web", "--password-file", "-")
    for name in ("open", "guarded"):
        own_house.done("vault", "add", f"DELEZE/prod/{name}", *add, stdin=SENTINELS[3])
    own_house.done("vault", "break-glass", "guard", "DELEZE/prod/guarded", "--yes")
    words = ("vault", "export", "DELEZE", "--password-file", "-", "--out")
    told = own_house.done(*words, tmp_path / "a.kdbx", stdin="of the export")
    assert "guarded, and so not in it: DELEZE/prod/guarded\n" in told.err
    row = own_house.done(*words, tmp_path / "b.kdbx", "--json", stdin="of the export").json
    assert (row["clients"], row["guarded"]) == ({"DELEZE": 1}, ["DELEZE/prod/guarded"])


def test_only_a_keeper_exports(house: House, tmp_path: Path) -> None:
    out = tmp_path / "export.kdbx"
    words = ("vault", "export", "DELEZE", "--out", out, "--password-file", "-")
    done = house.opskit(*words, stdin="x", as_user="bob")
    house.login("alice")
    assert (done.code, out.exists()) == (6, False)
    assert "safe-keeper" in done.err


def test_a_client_without_entries_is_told(house: House, tmp_path: Path) -> None:
    out = tmp_path / "export.kdbx"
    words = ("vault", "export", "MARTIN", "--out", out, "--password-file", "-")
    done = house.opskit(*words, stdin="of the export")
    assert (done.code, out.exists()) == (3, False)
    assert house.opskit("doctor").err.count("vault.export") == 0


def test_a_waiting_secret_stays_out_of_an_export(own_house: House, tmp_path: Path) -> None:
    ref = "DELEZE/prod/waits"
    add = ("vault", "add", ref, "--kind", "web", "--password-file", "-")
    own_house.done(*add, stdin="the old one", as_user="alice")
    own_house.done("vault", "rotate", ref, "--password-file", "-", stdin="the new one")
    out = tmp_path / "export.kdbx"
    words = ("vault", "export", "DELEZE", "--password-file", "-", "--out")
    told = own_house.done(*words, out, stdin="of the export")
    assert f"only the old one is in it: {ref}\n" in told.err
    (kept,) = PyKeePass(str(out), password="of the export").entries
    assert (kept.password, "the new one" in str(kept.custom_properties)) == ("the old one", False)
    row = own_house.done(*words, tmp_path / "b.kdbx", "--json", stdin="of the export").json
    assert row["pending"] == [ref]


def test_a_short_password_exports_nothing(own_house: House, tmp_path: Path) -> None:
    own_house.login("alice")
    own_house.done("vault", "add", "DELEZE/prod/x", "--kind", "web", "--generate")
    log = own_house.home.safe_folder / "audit.log"
    before = log.read_text(encoding="utf-8").count("clients/data")
    words = ("vault", "export", "DELEZE", "--out", tmp_path / "x.kdbx", "--password-file", "-")
    refused = own_house.opskit(*words, stdin="x")
    assert (refused.code, "at least 8 characters" in refused.err) == (5, True)
    assert log.read_text(encoding="utf-8").count("clients/data") == before


def test_a_client_with_guarded_entries_alone_is_told_so(own_house: House, tmp_path: Path) -> None:
    ref = "DELEZE/prod/guarded"
    own_house.done("vault", "add", ref, "--kind", "web", "--generate", as_user="alice")
    own_house.done("vault", "break-glass", "guard", ref, "--yes")
    words = ("vault", "export", "DELEZE", "--out", tmp_path / "x.kdbx", "--password-file", "-")
    refused = own_house.opskit(*words, stdin="of the export")
    assert (refused.code, "every entry of DELEZE is guarded" in refused.err) == (3, True)


def test_nothing_of_it_is_left_lying_about(house: House, kdbx: Path, tmp_path: Path) -> None:
    done = type_in(house, kdbx, "--yes", "--json")
    words = ("vault", "export", "DELEZE", "--out", tmp_path / "e.kdbx", "--password-file", "-")
    house.done(*words, stdin="SENTINEL-of-the-kdbx")
    contents = [
        content for file, content in contents_of(house.folder).items() if "safe" not in file.parts
    ]
    contents += [done.out.encode(), done.err.encode(), (tmp_path / "e.kdbx").read_bytes()]
    for sentinel in SENTINELS:
        assert not any(sentinel.encode() in content for content in contents)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["e.kdbx", "team.kdbx"]


def begun(house: House, file: Path) -> "subprocess.Popen[str]":
    """The command in a process of its own, once some of its entries are stored."""
    password = file.with_suffix(".pw")
    password.write_text(PASSWORD, encoding="utf-8")
    words = ["vault", "import", file, "--yes", "--password-file", password]
    process = subprocess.Popen(
        [sys.executable, "-m", "opskit", *map(str, words)],
        env=house.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    reader = house.context().plug(EntryReader)
    began = time.monotonic()
    while len(reader.names()) < 100:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < began + 60
        time.sleep(0.05)
    return process


def test_a_server_restarted_midway_is_waited_for(own_house: House, tmp_path: Path) -> None:
    own_house.login("alice")
    with begun(own_house, many(tmp_path / "many.kdbx", "Restarted")) as process:
        own_house.done("local", "stop")
        own_house.done("local", "start")
        out, err = process.communicate(timeout=100)
    assert (process.returncode, out) == (0, f"DELEZE\t{MANY}\t0\t0\t0\n"), err
    store = own_house.context().plug(EntryStore)
    listed = store.list_entries()
    assert len(listed) == MANY
    assert {entry.stamps.version for entry in listed} == {1}
    told = own_house.done("audit", "list", "--limit", "10000", "--json").json
    assert sum(event["action"] == "vault.imported" for event in told) == MANY


def test_a_server_that_stays_away_leaves_the_rest_for_the_next_time(
    own_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_house.login("alice")
    file = many(tmp_path / "many.kdbx", "Stopped")
    monkeypatch.setattr(settling, "PATIENCE", 0.2)
    with stopped_after(250, own_house):
        done = type_in(own_house, file, "--yes")
    assert (done.code, done.out) == (7, ""), done
    assert "error[unavailable]" in done.err
    assert "entries stored: " in done.err
    assert "hint: opskit local start, and then the same command again" in done.err
    own_house.done("local", "start")
    again = type_in(own_house, file, "--yes", "--json")
    assert again.code == 0, again
    (row,) = again.json["clients"]
    assert row["new"] + row["same"] == MANY
    assert row["same"] >= 200


@contextmanager
def stopped_after(count: int, house: House) -> Iterator[None]:
    """The server is stopped from outside once so many entries are stored."""

    def stop() -> None:
        reader = house.context().plug(EntryReader)
        while len(reader.names()) < count:
            time.sleep(0.02)
        services.stop(house.home.safe_folder)

    thread = Thread(target=stop)
    thread.start()
    yield
    thread.join()


def test_ctrl_c_says_how_far_it_came(own_house: House, tmp_path: Path) -> None:
    own_house.login("alice")
    file = many(tmp_path / "many.kdbx", "Stopped by hand")
    shown = sit_before(
        [sys.executable, "-m", "opskit", "vault", "import", file, "--yes"],
        own_house.environment(),
        answers=[("Password of many.kdbx", PASSWORD), ("Importing", CTRL_C)],
    )
    assert shown.code == 1, shown.text
    assert "; typed again" in shown.text
    assert "Traceback" not in shown.text
    assert type_in(own_house, file, "--yes").code == 0
    assert own_house.opskit("doctor", "--json").err.count("vault.import") == 0


def test_what_is_no_table_is_told(house: House, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A page, with a comma\n\nIts text; and more.\n", encoding="utf-8")
    done = house.opskit("vault", "import", page, "--yes")
    assert (done.code, done.out) == (5, "")
    assert "is not a file of a kind I know" in done.err


def test_guarded_entries_stay_and_both_ways_on_are_named(house: House, tmp_path: Path) -> None:
    words = ("--kind", "generic", "--password-file", "-")
    for name in ("kept", "other"):
        house.done("vault", "add", f"DELEZE/common/{name}", *words, stdin="old", as_user="alice")
    house.done("vault", "break-glass", "guard", "DELEZE/common/kept", "--yes")
    file = tmp_path / "rows.csv"
    file.write_text("client,name,password\nDELEZE,kept,new\nDELEZE,other,new\n", "utf-8")
    columns = "client=client,name=name,password=password"
    done = house.opskit("vault", "import", file, "--yes", "--map", columns)
    assert (done.code, done.out) == (5, "DELEZE\t0\t0\t0\t1\n")
    assert "DELEZE/common/kept is guarded" in done.err
    assert "; --update writes the file's over them" in done.err.splitlines()[-1]
    trial = house.opskit("vault", "import", file, "--dry-run", "--map", columns)
    assert trial.out == "DELEZE\t0\t0\t0\t1\n"
    assert trial.err.splitlines()[0] == "Client\tNew\tSame\tUpdated\tDifferent"
