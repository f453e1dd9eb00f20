"""Reading what KeePassXC and Bitwarden export, and tables of one's own; broken ones too."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from opskit.core.errors import InvalidError, NotFoundError, OpsError, UsageProblemError
from tests.vault.importing.samples import NASTY, SEED
from vault.importing.errors import UnreadableFileError
from vault.importing.generic_csv import parse_map
from vault.importing.opening import open_source
from vault.importing.records import Leftover, Record, Source

HEADER = '"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified"\n'
MOMENT = "2025-03-01T12:00:00Z"


def source_of(path: Path, *, columns: str = "", form: str = "auto") -> Source:
    return open_source(
        path, form=form, columns=parse_map(columns), unlock=lambda _path: pytest.fail("no kdbx")
    )


def quoted(*cells: str) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n"


def a_csv(path: Path, *rows: str) -> Path:
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def the_record(source: Source) -> Record:
    (found,) = source
    assert isinstance(found, Record)
    return found


def test_keepassxc_csv(tmp_path: Path) -> None:
    row = quoted(
        "Root/DELEZE/PROD", "VPN", "adm", NASTY, "https://a", "two\nlines", SEED, "0", MOMENT
    )
    recycled = quoted("Root/Recycle Bin", "old", "", "x", "", "", "", "0", MOMENT)
    source = source_of(a_csv(tmp_path / "a.csv", row, recycled))
    found = the_record(source)
    assert (source.format, source.skipped) == ("keepassxc-csv", 1)
    assert (found.group, found.title, found.username) == (("DELEZE", "PROD"), "VPN", "adm")
    assert found.password is not None
    assert found.note is not None
    assert found.totp is not None
    assert found.password.reveal() == NASTY
    assert found.note.reveal() == "two\nlines"
    assert found.totp.reveal() == SEED
    assert found.modified is not None
    assert found.modified.isoformat() == "2025-03-01T12:00:00+00:00"


def test_a_password_keeps_its_blanks(tmp_path: Path) -> None:
    row = quoted("Root/A", "t", "u", "  p  ", "", "", "", "0", MOMENT)
    found = the_record(source_of(a_csv(tmp_path / "a.csv", row)))
    assert found.password is not None
    assert found.password.reveal() == "  p  "


def test_a_broken_row_is_told_by_its_line_and_the_others_are_read(tmp_path: Path) -> None:
    good = quoted("Root/A", "good", "u", "p", "", "", "", "0", MOMENT)
    broken = '"Root/A","bad","u","s3cret"x,"","","","0",""\n'
    short = quoted("Root/A", "short", "u", "s3cret")
    open_ended = '"Root/A","open","u","s3cret\n'
    found = list(source_of(a_csv(tmp_path / "a.csv", good, broken, short, good, open_ended)))
    assert [type(each) for each in found] == [Record, Leftover, Leftover, Record, Leftover]
    assert [each.title for each in found if isinstance(each, Leftover)] == [
        "a.csv, line 3",
        "a.csv, line 4",
        "a.csv, line 6",
    ]
    assert "s3cret" not in repr(found)


def bitwarden(path: Path, *items: dict[str, Any], **more: Any) -> Path:
    folders = [{"id": "f", "name": "Délèze Outillage SA"}]
    content = {"encrypted": False, "folders": folders, "items": items, **more}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def login(**more: Any) -> dict[str, Any]:
    uris = [{"uri": "https://a.example"}, {"uri": "https://b.example"}]
    known = {"uris": uris, "username": "adm", "password": NASTY, "totp": SEED}
    fields = [
        {"name": "env", "value": "PROD", "type": 0},
        {"name": "PIN", "value": "5231", "type": 1},
        {"name": "empty", "value": None, "type": 3},
    ]
    item = {"type": 1, "name": "PROD vpn", "folderId": "f", "notes": "n", "login": known}
    return {**item, "fields": fields, "revisionDate": MOMENT, "organizationId": None, **more}


def test_bitwarden_json(tmp_path: Path) -> None:
    source = source_of(bitwarden(tmp_path / "a.json", login(), login(deletedDate=MOMENT)))
    found = the_record(source)
    assert (source.format, source.skipped) == ("bitwarden", 1)
    assert (found.group, found.username, found.url) == (
        ("Délèze Outillage SA",),
        "adm",
        "https://a.example",
    )
    assert found.totp is not None
    assert found.totp.reveal() == SEED
    assert {(f.name, f.value.reveal(), f.protected) for f in found.fields} == {
        ("url-2", "https://b.example", False),
        ("env", "PROD", False),
        ("PIN", "5231", True),
    }


def test_what_is_no_credential_stays_behind_with_its_reason(tmp_path: Path) -> None:
    note = {"type": 2, "name": "note", "notes": "text", "secureNote": {"type": 0}}
    card = {"type": 3, "name": "card", "card": {"number": "4111111111111111"}}
    person = {"type": 4, "name": "person", "identity": {}}
    key = {"type": 5, "name": "key", "sshKey": {"privateKey": "-----BEGIN", "publicKey": "ssh-"}}
    known = login()["login"] | {"fido2Credentials": [{"keyValue": "s3cret"}]}
    broken = {"type": "one", "name": "broken"}
    path = bitwarden(tmp_path / "a.json", note, card, person, key, login(login=known), broken)
    found = list(source_of(path))
    assert [(type(each).__name__, each.title) for each in found] == [
        ("Record", "note"),
        ("Leftover", "card"),
        ("Leftover", "person"),
        ("Record", "key"),
        ("Record", "PROD vpn"),
        ("Leftover", "PROD vpn"),
        ("Leftover", "item 6"),
    ]
    assert "4111" not in repr(found)
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('{"encrypted": true, "passwordProtected": true, "data": "2.abc"}', "encrypted"),
        ('{"encrypted": false, "items": [{"type": 1, "na', "damaged"),
        ('{"some": "thing"}', "no export of Bitwarden"),
        ("", "empty"),
        ("\n\n", "empty"),
        ("\x03\ufffd", "not a file of a kind I know"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, content: str, word: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(OpsError, match=word) as caught:
        source_of(path)
    assert isinstance(caught.value, UnreadableFileError | UsageProblemError)


def test_a_database_of_keepass_1_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "old.kdb"
    path.write_bytes(bytes.fromhex("03d9a29a65fb4bb5") + bytes(100))
    with pytest.raises(UnreadableFileError) as caught:
        source_of(path)
    assert "kdbx" in caught.value.hint


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        source_of(tmp_path / "nothing.kdbx")


@pytest.mark.parametrize(
    ("encoding", "sign"), [("utf-8", ","), ("cp1252", ";"), ("utf-8-sig", "\t")]
)
def test_a_table_of_ones_own_is_read_by_its_map(tmp_path: Path, encoding: str, sign: str) -> None:
    path = tmp_path / "a.csv"
    header = sign.join(
        ("Société", "Umgebung", "System", "Passwort", "Server", "Bemerkung", "Autre")
    )
    row = sign.join(("Délèze", "Produktion", "ERP", " p ", "srv:1521", "", "x"))
    path.write_bytes(f"{header}\r\n{row}\r\n".encode(encoding))
    columns = "client=Société,env=Umgebung,name=System,password=Passwort,host=Server"
    found = the_record(source_of(path, columns=columns))
    assert (found.group, found.title) == (("Délèze",), "ERP")
    assert found.password is not None
    assert found.password.reveal() == " p "
    assert [(f.name, f.value.reveal()) for f in found.fields] == [
        ("env", "Produktion"),
        ("host", "srv:1521"),
        ("Autre", "x"),
    ]


def test_a_table_without_a_map_says_which_columns_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Kunde;System;Passwort\nA;b;c\n", encoding="utf-8")
    with pytest.raises(UsageProblemError) as caught:
        source_of(path)
    assert "Kunde, System, Passwort" in caught.value.hint
    with pytest.raises(InvalidError, match="Client"):
        source_of(path, columns="client=Client")


@pytest.mark.parametrize("text", ["client", "client=", "nonsense=X", "client=A,client=B"])
def test_a_map_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageProblemError):
        parse_map(text)


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_beside_the_file_little_is_held(tmp_path: Path, kind: str) -> None:
    count = 10_000
    if kind == "csv":
        row = quoted(
            "Root/DELEZE/PROD", "VPN", "adm", "p" * 20, "https://a", "note " * 20, "", "0", ""
        )
        path = a_csv(tmp_path / "a.csv", *[row] * count)
    else:
        path = bitwarden(tmp_path / "a.json", *[login()] * count)
    size = path.stat().st_size
    tracemalloc.start()
    try:
        assert sum(1 for _each in source_of(path)) == count
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The bytes and, for a moment, the text made of them; or the bytes and where the items begin.
    assert peak < 2.5 * size, (peak, size)


@pytest.mark.parametrize("moment", ["2026-01-31T10:00:00", "0001-01-01T00:00:00+02:00", "soon"])
def test_a_time_without_a_zone_or_none_at_all_stops_no_import(tmp_path: Path, moment: str) -> None:
    found = the_record(source_of(bitwarden(tmp_path / "a.json", login(revisionDate=moment))))
    assert found.modified is None or found.modified.tzinfo is not None
