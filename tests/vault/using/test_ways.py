"""How each kind of entry is opened, and what a hostile name cannot do."""

import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from opskit.core.errors import InvalidError
from vault.entries import Entry, EntryRef, Stamps
from vault.facts import EntryFacts
from vault.using.connecting import steps_of
from vault.using.opening import shell_line


def entry(name: str, kind: str, *holds: str, **facts: Any) -> Entry:
    ref, stamps = EntryRef.parse(f"DELEZE/{name}"), Stamps(holds=holds or ("password",))
    return Entry(ref, EntryFacts(kind, **facts), 1, "2026-11-24T09:30:00Z", stamps)


VPN = entry("common/vpn", "vpn", host="vpn.deleze.example", username="bob")
JUMP = entry("common/jump", "ssh", host="jump.deleze.example", username="ops", port=2222)
INNER = entry("common/inner", "ssh", host="10.0.0.5", username="ops")
APP = entry("prod/app", "ssh", host="app.deleze.example", username="root")
ORACLE = entry(
    *("prod/erp-db", "database"),
    engine="oracle",
    host="db.deleze.example",
    username="SYSTEM",
    service="ORCL",
)
TERMINAL = entry(
    "prod/ts", "rdp", host="ts.deleze.example", username="anna.meier", domain="DELEZE", port=3390
)
GATEWAY = entry("common/rdgw", "rdp", host="rdgw.deleze.example", tags=("gateway",))
WEB = entry("prod/portal", "web", url="https://portal.deleze.example/login")


def commands(*chain: Entry) -> list[list[str]]:
    return [list(step.way.command) for step in steps_of(chain)]


def test_ssh_goes_through_every_jump_host() -> None:
    assert commands(VPN, JUMP, INNER, APP) == [
        [],
        [],
        [],
        ["ssh", "-J", "ops@jump.deleze.example:2222,ops@10.0.0.5", "--", "root@app.deleze.example"],
    ]
    (step,) = steps_of([JUMP])
    assert step.way.command == ("ssh", "-p", "2222", "--", "ops@jump.deleze.example")


def test_behind_ssh_a_database_is_reached_by_a_tunnel() -> None:
    assert commands(JUMP, INNER, ORACLE) == [
        [],
        [
            *("ssh", "-N", "-L", "127.0.0.1:11521:db.deleze.example:1521"),
            *("-J", "ops@jump.deleze.example:2222", "--", "ops@10.0.0.5"),
        ],
        ["sqlplus", "SYSTEM@//127.0.0.1:11521/ORCL"],
    ]


def test_behind_ssh_a_page_is_reached_by_a_proxy() -> None:
    tunnel, page = steps_of([JUMP, WEB])
    assert tunnel.way.command[:4] == ("ssh", "-N", "-D", "127.0.0.1:1080")
    assert page.way.url == "https://portal.deleze.example/login"
    assert "127.0.0.1:1080" in page.way.remark


def test_what_stands_behind_a_remote_desktop_is_opened_there() -> None:
    jump, database = steps_of([TERMINAL, ORACLE])
    assert (jump.on, database.on) == (None, TERMINAL.ref)
    assert database.way.command == ("sqlplus", "SYSTEM@//db.deleze.example:1521/ORCL")


def test_an_rdp_file() -> None:
    (step,) = steps_of([TERMINAL])
    lines = step.way.rdp.split("\r\n")
    assert lines[:3] == [
        "full address:s:ts.deleze.example:3390",
        "username:s:DELEZE\\anna.meier",
        "prompt for credentials:i:1",
    ]
    assert not any("password" in line for line in lines)
    behind = steps_of([JUMP, TERMINAL])[1].way.rdp
    assert behind.startswith("full address:s:127.0.0.1:13390\r\n")
    through = steps_of([GATEWAY, TERMINAL])
    assert "gatewayhostname:s:rdgw.deleze.example\r\n" in through[1].way.rdp
    assert [step.on for step in through] == [None, None]


@pytest.mark.parametrize(
    ("engine", "command"),
    [
        ("postgresql", ["psql", "host=db.x port=5432 dbname=sales user=erp"]),
        ("sqlserver", ["sqlcmd", "-S", "tcp:db.x,1433", "-d", "sales", "-U", "erp"]),
        (
            "mysql",
            [
                *("mysql", "--host=db.x", "--port=3306", "--protocol=tcp", "--user=erp"),
                *("--database=sales", "--password"),
            ],
        ),
        ("oracle", ["sqlplus", "erp@//db.x:1521/sales"]),
        ("", []),
    ],
)
def test_the_command_of_each_engine(engine: str, command: list[str]) -> None:
    facts = {"host": "db.x", "username": "erp", "service": "sales"}
    assert commands(entry("prod/db", "database", engine=engine, **facts)) == [command]


def test_the_owner_of_oracle_needs_a_privilege() -> None:
    facts = {"engine": "oracle", "host": "db.x", "username": "sys", "service": "ORCL"}
    owner = entry("prod/db", "database", **facts)
    assert commands(owner) == [["sqlplus", "sys@//db.x:1521/ORCL", "AS", "SYSDBA"]]


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12))
def test_libpq_reads_back_what_was_meant(text: str) -> None:
    odd = f"{text} '\\"
    facts = {"engine": "postgresql", "host": "db.x", "username": odd, "service": text}
    ((_program, words),) = commands(entry("prod/db", "database", **facts))
    said = conninfo_to_dict(words)
    assert (said["user"], said["dbname"], said["host"]) == (odd, text, "db.x")


HOSTILE = [
    "-oProxyCommand=touch${IFS}owned",
    "--",
    "host;id",
    "$(id)",
    "a b",
    "a,b",
    "user@host",
    "host/../..",
    "[::1",
    "",
]


@pytest.mark.parametrize("host", HOSTILE)
@pytest.mark.parametrize("kind", ["ssh", "rdp", "jump", "oracle", "sqlserver", "postgresql"])
def test_a_host_that_is_none_is_refused(kind: str, host: str) -> None:
    bad = {"host": host, "username": "bob", "service": "x"}
    chain = {
        "ssh": [entry("prod/x", "ssh", host=host)],
        "rdp": [entry("prod/x", "rdp", host=host)],
        "jump": [entry("prod/x", "ssh", host=host), APP],
    }.get(kind) or [entry("prod/x", "database", engine=kind, **bad)]
    with pytest.raises(InvalidError) as caught:
        steps_of(chain)
    assert "opskit vault set DELEZE/prod/x --host HOST" in caught.value.hint


@pytest.mark.parametrize("user", ["-oProxyCommand=id", "a b", "$(id)", "x;id", "`id`", "a'b"])
@pytest.mark.parametrize("kind", ["ssh", "oracle", "sqlserver"])
def test_a_user_that_is_none_is_refused(kind: str, user: str) -> None:
    facts = {"host": "db.x", "username": user}
    engine = {"engine": kind, "service": "x"} if kind != "ssh" else {}
    with pytest.raises(InvalidError):
        steps_of([entry("prod/x", "ssh" if kind == "ssh" else "database", **facts, **engine)])


@pytest.mark.parametrize("service", ["-i/etc/passwd", "x @/tmp/owned.sql", "x/y"])
def test_a_service_that_is_none_is_refused(service: str) -> None:
    facts = {"engine": "oracle", "host": "db.x", "username": "u", "service": service}
    with pytest.raises(InvalidError):
        steps_of([entry("prod/x", "database", **facts)])


@pytest.mark.skipif(shutil.which("ssh") is None, reason="no OpenSSH client here")
@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ([APP], {"user": "root", "hostname": "app.deleze.example", "port": "22"}),
        ([JUMP], {"user": "ops", "hostname": "jump.deleze.example", "port": "2222"}),
        (
            [JUMP, INNER, APP],
            {"hostname": "app.deleze.example"}
            | {"proxyjump": "ops@jump.deleze.example:2222,ops@[10.0.0.5]"},  # its way to say it
        ),
        ([JUMP, ORACLE], {"localforward": "[127.0.0.1]:11521 [db.deleze.example]:1521"}),
        ([entry("prod/six", "ssh", host="fe80::1", port=22)], {"hostname": "fe80::1"}),
        (
            [entry("prod/ad", "ssh", host="h", username="DELEZE\\bob")],
            {"user": "DELEZE\\bob", "hostname": "h"},
        ),
    ],
    ids=["login", "port", "jumps", "tunnel", "IPv6", "domain"],
)
def test_openssh_understands_it(chain: Sequence[Entry], expected: dict[str, str]) -> None:
    words = next(each for each in reversed(commands(*chain)) if each[:1] == ["ssh"])
    line = shell_line(["ssh", "-F", "/dev/null", "-G", *words[1:]])
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
    understood = dict(each.split(" ", 1) for each in done.stdout.splitlines() if " " in each)
    assert {key: understood.get(key) for key in expected} == expected
    assert "proxycommand" not in understood


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        ("erp.deleze.example/login", "https://erp.deleze.example/login"),
        ("http://10.0.0.7:8080", "http://10.0.0.7:8080"),
        ("file:///etc/passwd", ""),
        ("javascript:alert(1)", ""),
        ("ms-msdt:/id", ""),
        ("-x", "https://-x"),
    ],
)
def test_only_what_a_browser_fetches_is_opened(address: str, opened: str) -> None:
    (step,) = steps_of([entry("prod/erp", "erp", url=address)])
    assert step.way.url == opened


def test_how_each_secret_is_had() -> None:
    held = ("password", "totp-seed", "note", "file:client.ovpn", "pin")
    (step,) = steps_of([entry("common/vpn", "vpn", *held)])
    assert step.secrets == {
        "password": "opskit vault get DELEZE/common/vpn --clip",
        "totp-seed": "opskit vault totp DELEZE/common/vpn --clip",
        "note": "opskit vault note DELEZE/common/vpn",
        "file:client.ovpn": "opskit vault save DELEZE/common/vpn client.ovpn --out client.ovpn",
        "pin": "opskit vault get DELEZE/common/vpn --field pin --clip",
    }
    (step,) = steps_of([entry("prod/app", "ssh", "private-key", host="h")])
    assert step.secrets == {
        "private-key": "opskit vault get DELEZE/prod/app --field private-key | ssh-add -"
    }
