"""opskit vault access-report: on the log of a real server, and on logs that are large or odd."""

import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.audit_log import BEGIN, line_of, write_log
from tests.support.home import House, Result, copy_of
from tests.support.terminal import sit_before
from vault.accounting.forms import Form

PASSWORD = "carol's and dan's"
ERP, VPN = "DELEZE/prod/erp-db", "BETSCH/common/vpn"
MEASURED = """
import re, sys
from opskit.__main__ import main
try:
    main(sys.argv[1:])
finally:
    peak = re.search(r"VmHWM:\\s+([0-9]+)", open("/proc/self/status").read())
    print("peak", peak[1], file=sys.stderr)
"""
SMALL, LARGE, GROWTH = 2_000_000, 50_000_000, 6_000  # bytes of log, and kB of memory


@pytest.fixture(scope="module")
def house(house_pattern: House) -> Iterator[House]:
    """Carol keeps the safe and read two entries; alice read one; dan, of sales, was refused."""
    with copy_of(house_pattern) as house:
        house.login("alice")
        for name, role in (("carol", "safe-keeper"), ("dan", "sales"), ("eve", "auditor")):
            house.done("user", "add", name, "--role", role, "--password-file", "-", stdin=PASSWORD)
        for ref in (ERP, VPN):
            house.done("vault", "add", ref, "--kind", "vpn", "--password-file", "-", stdin="s3cret")
        house.done("vault", "get", ERP, "--ticket", "CS-8")
        become(house, "dan")
        assert house.opskit("vault", "get", ERP, "--ticket", "CS-9").code == 6
        become(house, "carol")
        house.done("vault", "get", ERP, "--ticket", "CS-7")
        house.done("vault", "get", VPN)
        yield house


def test_everybody_who_read_is_listed_in_order(house: House) -> None:
    result = house.done("vault", "access-report")
    assert plain(result) == [
        ["alice", ERP, "1", "127.0.0.1", "CS-8", "read"],
        ["carol", ERP, "1", "127.0.0.1", "CS-7", "read"],
        ["carol", VPN, "1", "127.0.0.1", "", "no-ticket"],
    ]
    assert result.err == "reads: 3, entries: 2, people: 2, without a ticket: 1\n"


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--client", "betsch"), [VPN]),
        (("--person", "alice"), [ERP]),
        (("--person", "carol", "--client", "DELEZE"), [ERP]),
        (("--since", "today", "--until", "today"), [ERP, ERP, VPN]),
        (("--since", "tomorrow"), []),
        (("--until", "yesterday"), []),
    ],
)
def test_a_part_of_it(house: House, options: tuple[str, ...], found: list[str]) -> None:
    assert [row[1] for row in plain(house.done("vault", "access-report", *options))] == found


def test_who_was_refused_is_shown_on_demand(house: House) -> None:
    result = house.done("vault", "access-report", "--denied", "--client", "DELEZE")
    assert [row[0] + " " + row[5] for row in plain(result)] == [
        "alice read",
        "dan denied",
        "carol read",
    ]
    assert result.err == "reads: 2, entries: 1, people: 2, refused: 1\n"


def test_csv_and_json_hold_the_same(house: House) -> None:
    rows = house.done("vault", "access-report", "--json").json
    assert rows == house.done("vault", "access-report", "--format", "json").json
    assert list(rows[2]) == [
        *("at", "who", "entity_id", "ref", "guarded"),
        *("version", "address", "ticket", "outcome"),
    ]
    assert re.fullmatch(r"20..-..-..T..:..:..\+00:00", rows[2]["at"])
    assert (rows[2]["ref"], rows[2]["version"], rows[2]["guarded"]) == (VPN, 1, False)
    text = house.done("vault", "access-report", "--format", "csv").out
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [(line["who"], line["ref"], line["version"]) for line in lines] == [
        (row["who"], row["ref"], str(row["version"])) for row in rows
    ]


def test_an_empty_report_is_an_empty_list(house: House) -> None:
    assert house.done("vault", "access-report", "--since", "tomorrow", "--json").json == []


def test_a_file_is_written_whole_for_its_owner_and_never_over_another(
    house: House, tmp_path: Path
) -> None:
    out = tmp_path / "reads.csv"
    result = house.done("vault", "access-report", "--format", "csv", "--out", out)
    assert result.out == ""
    assert len(out.read_text().splitlines()) == 4
    assert out.stat().st_mode & 0o777 == 0o600
    assert house.opskit("vault", "access-report", "--out", out).code == 4
    nothing = tmp_path / "nothing.csv"
    assert house.opskit("vault", "access-report", "/etc/hostname", "--out", nothing).code == 5
    assert list(tmp_path.iterdir()) == [out]


def test_on_a_terminal_the_times_are_local_and_the_flags_are_coloured(house: House) -> None:
    shown = sit_before(
        [sys.executable, "-m", "opskit", "vault", "access-report"],
        {**house.environment(), "TZ": "Europe/Zurich", "COLUMNS": "120"},
    )
    [line] = [line for line in shown.text.splitlines() if VPN in line]
    assert "\x1b[33mno ticket\x1b[0m" in line
    utc = house.done("vault", "access-report", "--client", "BETSCH", "--json").json[0]["at"]
    hour = int(utc[11:13])
    assert re.search(rf" (0?{(hour + 1) % 24}|{(hour + 2) % 24:02}):{utc[14:16]} ", line)


@pytest.mark.parametrize("name", ["bob", "dan"])
def test_who_keeps_no_watch_sees_only_their_own_reads(house: House, name: str) -> None:
    become(house, name)
    own = house.done("vault", "access-report", "--person", name, "--denied")
    assert {row[0] for row in plain(own)} <= {name}
    for others in ((), ("--person", "carol")):
        refused = house.opskit("vault", "access-report", *others)
        assert (refused.code, refused.out) == (6, "")
        assert f"opskit vault access-report --person {name}" in refused.err
        assert "auditor" in refused.err


def test_an_auditor_sees_everybody(house: House) -> None:
    become(house, "eve")
    assert len(plain(house.done("vault", "access-report"))) == 3


def test_rotated_and_packed_logs_are_read_in_the_order_of_time(
    house: House, tmp_path: Path
) -> None:
    days = [BEGIN + timedelta(days=each) for each in range(4)]
    lines = [line_of(at=day, ticket=f"CS-{number + 1}") for number, day in enumerate(days)]
    (tmp_path / "audit.log.1").write_bytes(lines[2])
    (tmp_path / "audit.log.2.gz").write_bytes(gzip.compress(lines[1]) + gzip.compress(b""))
    (tmp_path / "another name").write_bytes(gzip.compress(lines[0]))
    (tmp_path / "audit.log").write_bytes(lines[3])
    (tmp_path / "just begun").write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "audit.log")
    found = house.done("vault", "access-report", *sorted(tmp_path.iterdir(), reverse=True))
    assert [row[4] for row in plain(found)] == ["CS-1", "CS-2", "CS-3", "CS-4"]


def test_the_own_log_is_read_with_what_was_rotated_away(house: House) -> None:
    rotated = house.home.safe_folder / "audit.log-20260105.gz"
    rotated.write_bytes(gzip.compress(line_of(ticket="CS-1")))
    try:
        assert [row[4] for row in plain(house.done("vault", "access-report"))][:1] == ["CS-1"]
    finally:
        rotated.unlink()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_log_may_come_through_a_pipe(house: House, pack: type[bytes]) -> None:
    content = pack(line_of(at=BEGIN) + line_of(path="sys/health"))
    result = house.done("vault", "access-report", "-", stdin=content)
    assert plain(result) == [["userpass-bob", ERP, "3", "127.0.0.1", "CS-1001", "read"]]
    os.mkfifo(pipe := house.folder / "pipe")
    writer = subprocess.Popen(["sh", "-c", 'cat > "$0"', pipe], stdin=subprocess.PIPE)
    assert writer.stdin is not None
    writer.stdin.write(content)
    writer.stdin.close()
    assert plain(house.done("vault", "access-report", pipe)) == plain(result)
    assert writer.wait() == 0
    pipe.unlink()


def test_a_log_that_is_being_written_or_was_damaged_is_read_all_the_same(
    house: House, tmp_path: Path
) -> None:
    log, packed = tmp_path / "audit.log", tmp_path / "audit.log.1.gz"
    log.write_bytes(line_of() + b"\x00\x00\n" + line_of() + line_of()[:200])
    result = house.done("vault", "access-report", log)
    assert len(plain(result)) == 2
    assert "broken lines, left out: 1" in result.err
    assert "the last line is not whole" in result.err
    many = b"".join(line_of(request_id=os.urandom(400).hex()) for _ in range(2000))
    content = gzip.compress(many)
    packed.write_bytes(content[: len(content) // 2])
    result = house.done("vault", "access-report", packed)
    assert len(plain(result)) > 800
    assert "the last line is not whole" in result.err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no log at all\n", 5),
        (b"\x00" * 5000, 5),
        (b'{"some": "json"}\n', 5),
        (gzip.compress(b"packed prose\n"), 5),
        (b"", 0),
        (gzip.compress(b""), 0),
        (line_of(kind="request"), 0),
    ],
    ids=["prose", "zeros", "other JSON", "packed prose", "empty", "packed empty", "a log"],
)
def test_what_is_no_log_is_refused(house: House, tmp_path: Path, content: bytes, code: int) -> None:
    (tmp_path / "file").write_bytes(content)
    for result in (
        house.opskit("vault", "access-report", tmp_path / "file"),
        house.opskit("vault", "access-report", "-", stdin=content),
    ):
        assert (result.code, result.out) == (code, "")


@pytest.mark.parametrize(
    ("log", "code", "hint"),
    [
        ("missing.log", 3, "stdin"),
        (".", 3, "./*"),
        ("/proc/self/mem", 7, "sudo cat /proc/self/mem | opskit vault access-report -"),
    ],
)
def test_what_cannot_be_read_is_named(house: House, log: str, code: int, hint: str) -> None:
    result = house.opskit("vault", "access-report", log)
    assert (result.code, result.out) == (code, "")
    assert log in result.err
    assert hint in result.err


def test_unknown_names_have_their_error(house: House) -> None:
    assert house.opskit("vault", "access-report", "--person", "karol").code == 3
    unknown = house.opskit("vault", "access-report", "--client", "DELEZZ")
    assert unknown.code == 3
    assert "DELEZE" in unknown.err
    assert house.opskit("vault", "access-report", "--since", "someday").code == 5
    assert house.opskit("vault", "access-report", "--format", "xml").code == 2


def test_a_team_names_the_log_of_its_server(house: House) -> None:
    settings = house.home.settings_file
    before, address = settings.read_text(), json.loads(_state(house))["address"]
    settings.write_text(before + f'profile = "team"\nvault_address = "{address}"\n')
    try:
        result = house.opskit("vault", "access-report")
        assert result.code == 2
        assert "opskit vault access-report audit.log" in result.err
    finally:
        settings.write_text(before)


def test_nothing_that_a_client_sent_steers_the_terminal_or_the_spreadsheet(
    house: House, tmp_path: Path
) -> None:
    log = tmp_path / "audit.log"
    log.write_bytes(line_of(ticket="=1+1", path="clients/data/A/prod/\x1b[2J\n"))
    [row] = house.done("vault", "access-report", log, "--json").json
    assert row["ref"] == "A/prod/\\x1b[2J\\x0a"
    [line] = csv.DictReader(io.StringIO(house.done(*_csv(log)).out))
    assert line["ticket"] == "'=1+1"


@pytest.mark.parametrize("form", [Form.TABLE, Form.CSV, Form.JSON])
def test_a_large_log_takes_no_more_memory_than_a_small_one(
    house: House, tmp_path: Path, form: Form
) -> None:
    small, peak_of_small = _measured(house, write_log(tmp_path / "s.log", size=SMALL), form)
    large, peak_of_large = _measured(house, write_log(tmp_path / "l.log", size=LARGE), form)
    assert large > 20 * small > 0
    assert peak_of_large - peak_of_small < GROWTH


def test_a_bar_on_the_terminal_leaves_the_report_whole(house: House, tmp_path: Path) -> None:
    log, out = write_log(tmp_path / "audit.log", size=LARGE), tmp_path / "out"
    command = f'"$0" -m opskit vault access-report {log} > {out}'
    shown = sit_before(["/bin/sh", "-c", command, sys.executable], house.environment())
    assert shown.code == 0
    assert "Reading the log (MB)" in shown.text
    assert "CS-" not in shown.text
    reads = int(re.findall(r"reads: ([0-9]+)", shown.text)[0])
    assert len(out.read_text().splitlines()) == reads > 10_000


def _measured(house: House, log: Path, form: Form) -> tuple[int, int]:
    """How many lines the report of a log has, and the peak of its process in kB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "vault", "access-report", log, "--format", form.value],
        env=house.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return len(done.stdout.splitlines()), int(done.stderr.rpartition("peak ")[2])


def _csv(log: Path) -> tuple[object, ...]:
    return ("vault", "access-report", log, "--format", "csv")


def _state(house: House) -> str:
    return (house.home.safe_folder / "server.json").read_text()


def become(house: House, name: str) -> None:
    if name in {"alice", "bob"}:
        house.login(name)
    else:
        house.done("login", name, "--password-file", "-", stdin=PASSWORD)


def plain(result: Result) -> list[list[str]]:
    """The columns but for the time."""
    return [line.split("\t")[1:] for line in result.out.splitlines()]
