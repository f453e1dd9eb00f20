"""What is typed to the safe, with a marked word in all of it."""

import shutil
from pathlib import Path

import pytest

from opskit.core.errors import ExitCode
from tests.support.intake import Client
from tests.support.sentinel import ENTRY, OTHERS, SEED, WORDS, Evidence

VPN, GUARDED = "DELEZE/common/vpn", "DELEZE/prod/guarded"


def an_entry_changed_in_every_way(e: Evidence) -> None:
    """It ends as it began."""
    moved, new = "DELEZE/prod/moved", OTHERS["new"]
    e.type(f"vault set {ENTRY} --field pin --password-file - --ticket CS-1003", stdin=new)
    e.type(f"vault rotate {ENTRY} --password-file -", stdin=new)
    e.type(f"vault rotate {ENTRY} --password-file -", stdin=new, code=ExitCode.CONFLICT)
    e.type(f"vault rotate {ENTRY} --confirm --json")
    e.type(f"vault note {ENTRY} --file -", stdin=new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDITOR", "true")
        e.type(f"vault edit {ENTRY}")
        patch.setenv("EDITOR", "sed -i s/^port:.*/port:none/")
        kept = e.type(f"vault edit {ENTRY}", code=ExitCode.INVALID).err
    shutil.rmtree(Path(kept.partition("is kept: ")[2].partition(";")[0]).parent)
    e.type(f"vault history {ENTRY} --json")
    e.type(f"vault diff {ENTRY} --from 1 --json")
    e.type(f"vault restore {ENTRY} --version 1")
    e.type(f"vault remove {ENTRY} --yes")
    e.type(f"vault undelete {ENTRY}")
    e.type(f"vault move {ENTRY} {moved}")
    e.type(f"vault purge {ENTRY} --yes")
    e.type(f"vault move {moved} {ENTRY}")
    e.type(f"vault purge {moved} --yes")
    e.type("vault refresh")


def an_entry_used_in_every_way(e: Evidence) -> None:
    """Read, reached, tried and judged; what is printed by wish goes to stdout alone."""
    local = "--host 127.0.0.1 --port 1 --engine postgresql --username SYSTEM"
    e.type(f"vault set {ENTRY} {local}")
    e.type(f"vault add {VPN} --kind vpn --field totp-seed --password-file -", stdin=SEED)
    file = e.own / "client.ovpn"
    file.write_text(f"remote vpn\n{OTHERS['file']}\n", encoding="utf-8")
    e.type(f"vault attach {VPN} {file} --ticket CS-1004")
    e.type(f"vault save {VPN} client.ovpn --out {e.own / 'saved.ovpn'}")
    assert (e.own / "saved.ovpn").read_bytes() == file.read_bytes()
    assert e.type(f"vault totp {VPN} --json").json["code"].isdecimal()
    e.type(f"vault connect {ENTRY}")
    both = 'echo "<$PASSWORD>"; echo "$PASSWORD" >&2'
    masked = e.type(f"vault run {ENTRY} --", "sh", "-c", both)
    assert (masked.out, masked.err) == ("<***>\n", "***\n")
    e.type(f"vault diff {ENTRY} --from 1 --json")
    e.type("vault generate --for oracle --count 3")
    e.type("vault health --ticket CS-1004")
    e.type(f"vault check {ENTRY}", code=ExitCode.CHECK_FAILED)
    e.type("vault access-report --json")
    e.type("vault exposure alice --json")
    database = "vault database --url postgresql://127.0.0.1:1/opskit --username opskit"
    e.type(f"{database} --password-file -", stdin=OTHERS["refused"], code=ExitCode.INVALID)


def files_of_other_keepers(e: Evidence) -> None:
    """In with a table in the clear, out as an encrypted file, in again."""
    table, exported = e.own / "rows.csv", e.place / "exported.kdbx"
    table.write_text(f"client,name,password\nDELEZE,imported,{OTHERS['imported']}\n", "utf-8")
    columns = "--map client=client,name=name,password=password"
    e.type(f"vault import {table} --yes {columns} --report {e.place / 'left.csv'}")
    e.type(f"vault import {table} --yes --dry-run {columns} --json")
    key = OTHERS["new"]
    e.type(f"vault export DELEZE --out {exported} --password-file -", stdin=key)
    e.type(f"vault import {exported} --yes --password-file -", stdin=key)
    wrong = OTHERS["wrong"]
    e.type(f"vault import {exported} --yes --password-file -", stdin=wrong, code=ExitCode.INVALID)


def what_a_client_sends_in(e: Evidence) -> None:
    page = e.place / "form.html"
    e.type(f"vault intake {VPN} --out {page}")
    client = Client.of(page.read_text(encoding="utf-8"))
    block = client.fill_in({"host": "vpn.example", "shared-key": OTHERS["sent"]})
    e.type(f"vault intake {VPN} --accept - --yes --reply", stdin=block)
    spoilt = block[:-100] + block[-90:]
    e.type(f"vault intake {VPN} --accept - --yes", stdin=spoilt, code=ExitCode.INVALID)


def a_second_person(e: Evidence) -> None:
    """Bob, whose password is the new one, agrees to what alice reads."""
    e.type(f"vault add {GUARDED} --kind generic --password-file -", stdin=OTHERS["guarded"])
    e.type(f"vault break-glass guard {GUARDED} --yes")
    e.type("user grant bob --role safe-keeper")
    number = e.type(f"vault break-glass request {GUARDED} --ticket CS-1005").out.strip()
    e.type(f"vault break-glass read {number}", code=ExitCode.DENIED)
    e.type("login bob --password-file -", stdin=OTHERS["new"])
    e.type(f"vault break-glass approve {number}")
    e.type("login alice --password-file -", stdin=WORDS["admin"])
    assert e.type(f"vault break-glass read {number}").out == OTHERS["guarded"] + "\n"
    e.type(f"vault break-glass read {number}", code=ExitCode.CONFLICT)
    e.type("vault break-glass list --all --json")
