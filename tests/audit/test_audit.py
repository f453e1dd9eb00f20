"""`opskit audit` on a real home: the list, the chain, and the checkpoint that the safe signs."""

import base64
import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from opskit.audit import checkpoint as checkpoints
from opskit.audit.checkpoint import Checkpoint
from opskit.core.errors import ExitCode, InvalidError
from opskit.core.events import EventHead, hash_of, listing, record, verify_chain
from opskit.core.identity import Identity
from opskit.core.signing import Signer
from tests.support.home import House, Result

COLUMNS = ("id", "at", "who", "action", "subject", "person", "client", "ticket")
HINT = "hint: keep a copy of the database and call the auditor\n"


class Ledger:
    """The log's rows, as whoever owns the database file can change them."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.kept = {name: self.rows(name) for name in ("core_event", "core_event_head")}

    @property
    def last(self) -> int:
        return int(self.kept["core_event"][-1][0])

    @property
    def head(self) -> str:
        return str(self.kept["core_event_head"][0][2])

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()

    def change(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            for statement in statements:
                assert connection.execute(statement).rowcount > 0, statement

    def put_back(self) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            for table, rows in self.kept.items():
                connection.execute(f"DELETE FROM {table}")
                places = ", ".join("?" * len(rows[0]))
                connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)


@pytest.fixture
def ledger(house: House) -> Iterator[Ledger]:
    """The session's log; whatever the test does to it is undone."""
    ledger = Ledger(house.home.database_file)
    yield ledger
    ledger.put_back()


@pytest.fixture
def signed(house: House, tmp_path: Path) -> Path:
    """A checkpoint of the log as it is now."""
    file = tmp_path / "checkpoint.json"
    house.done("audit", "checkpoint", "--out", file)
    return file


def altered(house: House, *args: object) -> list[str]:
    """The faults that `opskit audit verify` names, with its exit code and hint."""
    result = house.opskit("audit", "verify", *args)
    *faults, summary = result.out.splitlines()
    assert result.code == ExitCode.CHECK_FAILED
    assert " events, head " in summary
    assert result.err == (
        f"error[check-failed]: the event log was altered ({len(faults)} faults)\n{HINT}"
    )
    return faults


def ids(result: Result) -> list[int]:
    return [each["id"] for each in result.json]


def test_the_list_shows_who_did_what(house: House, ledger: Ledger) -> None:
    lines = house.done("audit", "list").out.splitlines()
    assert len(lines) == min(ledger.last, 100)
    newest = house.done("audit", "list", "--limit", 1, "--json").json[0]
    assert newest["id"] == ledger.last
    assert list(newest) == [*COLUMNS, "before", "after", "hash"]
    shown = {**newest, "at": f"{datetime.fromisoformat(newest['at']).astimezone():%Y-%m-%d %H:%M}"}
    assert lines[0].split("\t") == [
        "" if shown[name] is None else str(shown[name]) for name in COLUMNS
    ]


def test_the_first_events_tell_how_the_home_began(house: House) -> None:
    events = house.done("audit", "list", "--limit", 100_000, "--json").json
    actions = [each["action"] for each in reversed(events)]
    assert "home.initialised" in actions[:4]
    assert {each["who"] for each in events[-4:]} == {"alice"}


def test_the_list_is_narrowed(house: House) -> None:
    everything = ids(house.done("audit", "list", "--json", "--limit", 100_000))
    of_client = house.done("audit", "list", "--json", "--client", "deleze")
    assert {each["client"] for each in of_client.json} == {"DELEZE"}
    by_action = house.done("audit", "list", "--json", "--action", "home")
    assert {each["action"] for each in by_action.json} == {"home.initialised"}
    assert ids(house.done("audit", "list", "--json", "--since", "2999-01-01")) == []
    since = house.done("audit", "list", "--json", "--limit", 100_000, "--since", "1.1.2020")
    assert ids(since) == everything
    assert ids(house.done("audit", "list", "--json", "--limit", "2")) == everything[:2]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--client", "../x"], ExitCode.INVALID),
        (["--since", "yesterdayish"], ExitCode.INVALID),
        (["--limit", "0"], ExitCode.USAGE),
        (["--limit", "-1"], ExitCode.USAGE),
    ],
)
def test_a_wrong_choice_is_refused(house: House, args: list[str], code: ExitCode) -> None:
    result = house.opskit("audit", "list", *args)
    assert (result.code, result.out) == (code, "")


def test_a_whole_log_is_verified(house: House, ledger: Ledger) -> None:
    result = house.done("audit", "verify")
    assert result.out == f"{ledger.last} events, head {ledger.head[:16]}\n"
    assert result.err == "the chain holds\n"
    assert house.done("audit", "verify", "--json").json == {
        "events": ledger.last,
        "head": ledger.head,
        "faults": [],
    }


def test_an_altered_row_is_found(house: House, ledger: Ledger) -> None:
    ledger.change("UPDATE core_event SET ticket = 'CS-666' WHERE id = 2")
    assert altered(house) == ["event 2: was altered"]
    result = house.opskit("audit", "verify", "--json")
    assert result.code == ExitCode.CHECK_FAILED
    assert json.loads(result.out)["faults"] == ["event 2: was altered"]


def test_a_missing_row_is_found(house: House, ledger: Ledger) -> None:
    ledger.change("DELETE FROM core_event WHERE id = 2")
    assert altered(house) == [
        "event 3: event 2 is missing",
        "event 3: does not follow the event before it",
    ]


def test_a_renamed_person_is_found(house: House, ledger: Ledger) -> None:
    ledger.change('UPDATE core_event SET personal = \'{"actor": "mallory"}\' WHERE id = 2')
    assert altered(house) == ["event 2: a name in it was altered"]


def test_a_truncated_log_is_found_by_its_head(house: House, ledger: Ledger) -> None:
    ledger.change(f"DELETE FROM core_event WHERE id = {ledger.last}")
    assert altered(house) == [f"event {ledger.last}: the head names another last event"]


def test_a_checkpoint_holds_while_the_log_grows(house: House, ledger: Ledger, signed: Path) -> None:
    house.done("vault", "provision")
    append(house)
    result = house.done("audit", "verify", "--checkpoint", signed)
    assert result.out.startswith(f"{ledger.last + 1} events")
    assert result.err == "the chain holds\n"


def test_a_log_cut_off_with_its_head_is_found_by_the_checkpoint(
    house: House, ledger: Ledger, signed: Path
) -> None:
    last = ledger.last
    ledger.change(
        f"DELETE FROM core_event WHERE id = {last}",
        f"UPDATE core_event_head SET last_id = {last - 1}, "
        f"hash = (SELECT hash FROM core_event WHERE id = {last - 1})",
    )
    assert house.opskit("audit", "verify").code == 0
    day = Checkpoint.from_json(signed.read_text(encoding="utf-8")).at.date()
    assert altered(house, "--checkpoint", signed) == [
        f"event {last} is not the one that was signed on {day}"
    ]


def test_a_rewritten_log_is_found_by_the_checkpoint(
    house: House, ledger: Ledger, signed: Path
) -> None:
    """The database's owner changes an early event and makes every later hash fit again."""
    rewrite(house, forged_event=2)
    assert house.opskit("audit", "verify").code == 0
    assert len(altered(house, "--checkpoint", signed)) == 1
    append(house)
    assert len(altered(house, "--checkpoint", signed)) == 1
    assert ledger.last


def test_a_checkpoint_is_a_private_file_and_says_what_it_signed(
    house: House, ledger: Ledger, tmp_path: Path
) -> None:
    file = tmp_path / "checkpoint.json"
    result = house.done("audit", "checkpoint", "--out", file)
    assert result.out == ""
    assert result.err == f"signed the head after {ledger.last} events: {file}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    made = json.loads(file.read_text(encoding="utf-8"))
    assert (made["event_id"], made["hash"]) == (ledger.last, ledger.head)


def test_an_altered_log_is_not_signed(house: House, ledger: Ledger, tmp_path: Path) -> None:
    ledger.change("UPDATE core_event SET ticket = 'CS-666' WHERE id = 2")
    result = house.opskit("audit", "checkpoint", "--out", tmp_path / "checkpoint.json")
    assert result.code == ExitCode.CHECK_FAILED
    assert result.err == (
        "error[check-failed]: an altered log is not signed\n"
        "hint: opskit audit verify names the events\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_only_auditors_and_admins_sign(house: House, tmp_path: Path) -> None:
    result = house.opskit("audit", "checkpoint", "--out", tmp_path / "c.json", as_user="bob")
    assert result.code == ExitCode.DENIED
    assert result.err == (
        "error[denied]: bob lacks the role auditor or admin\n"
        "hint: an admin can give it: opskit user grant bob --role auditor\n"
    )
    assert house.opskit("audit", "verify").code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_id", 1),
        ("hash", "0" * 64),
        ("at", "2020-01-01T00:00:00+00:00"),
        ("key_version", 7),
        ("signature", base64.b64encode(bytes(64)).decode()),
        ("signature", ""),
    ],
)
def test_a_forged_checkpoint_is_refused(
    house: House, signed: Path, field: str, value: object
) -> None:
    made = json.loads(signed.read_text(encoding="utf-8"))
    signed.write_text(json.dumps({**made, field: value}), encoding="utf-8")
    result = house.opskit("audit", "verify", "--checkpoint", signed)
    assert result.code == ExitCode.CHECK_FAILED
    assert "error[check-failed]: the checkpoint was not signed by this safe\n" in result.err


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"null", b'{"event_id": "x"}', b"\xff\xfe", b"{" * 9]
)
def test_what_is_no_checkpoint(house: House, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "checkpoint.json"
    file.write_bytes(content)
    result = house.opskit("audit", "verify", "--checkpoint", file)
    assert result.code == ExitCode.INVALID
    assert result.err.startswith("error[invalid]: this is no checkpoint\n")


def test_a_checkpoint_that_is_not_there(house: House, tmp_path: Path) -> None:
    result = house.opskit("audit", "verify", "--checkpoint", tmp_path / "nowhere.json")
    assert result.code == ExitCode.NOT_FOUND
    assert str(tmp_path / "nowhere.json") in result.err


def test_a_checkpoint_is_read_as_it_is_written(house: House, signed: Path) -> None:
    text = signed.read_text(encoding="utf-8")
    found = Checkpoint.from_json(text)
    assert found.to_json() == text
    checkpoints.check_signature(found, house.context().plug(Signer))


def test_a_checkpoint_needs_its_time_zone(signed: Path) -> None:
    made = json.loads(signed.read_text(encoding="utf-8"))
    for at in ("yesterday", 3):
        with pytest.raises(InvalidError):
            Checkpoint.from_json(json.dumps({**made, "at": at}))


def append(house: House) -> None:
    """One event more."""
    run = house.context()
    with run.transaction() as session:
        record(
            session,
            actor=Identity("e-mallory", "mallory", frozenset()),
            at=run.now(),
            action="client.changed",
            subject="DELEZE",
        )


def rewrite(house: House, *, forged_event: int) -> None:
    """Change one event, then every hash from there to the head."""
    with house.context().transaction() as session:
        previous = ""
        for event in reversed(session.scalars(listing()).all()):
            if event.id >= forged_event:
                event.previous = previous or event.previous
                if event.id == forged_event:
                    event.subject = "nobody"
                event.hash = hash_of(event)
            previous = event.hash
        session.get_one(EventHead, 1).hash = previous
        session.flush()
        assert verify_chain(session).faults == ()


def test_a_list_that_was_cut_says_so(house: House) -> None:
    assert house.done("audit", "list", "--limit", 2).err == "there are older ones: --limit 20\n"
    assert house.done("audit", "list", "--limit", 100_000).err == ""
    assert house.opskit("audit", "list", "--limit", "9" * 30).code == 2
