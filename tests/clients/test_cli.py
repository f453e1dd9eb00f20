"""opskit client, as typed: exact output, exit codes, and the file of rejected rows."""

import json
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from opskit.clients.ports import PanelRow
from opskit.core.errors import UnavailableError
from opskit.core.events import record
from opskit.core.identity import Identity
from tests.clients.conftest import Terminal

DATA = Path(__file__).parent.parent / "data"
RIGHTS_WAIT = [
    (
        "the agents' rights in the safe do not follow yet: "
        "the safe at http://127.0.0.1:1 does not answer: ConnectionError"
    ),
    "next, an admin types: opskit vault provision",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with both exports in it."""
    for name in ("clients.csv", "clients-excel-fr.csv"):
        shutil.copy(DATA / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Entries:
    """A panel with one entry."""

    key = "entries"

    def title(self) -> str:
        return "Entries"

    def rows(self, session: Session, code: str) -> Sequence[PanelRow]:
        del session
        return [PanelRow(f"{code}/prod/erp-db  database", {"ref": f"{code}/prod/erp-db"})]


class Stopped(Entries):
    """A panel whose server does not answer."""

    key = "licenses"

    def title(self) -> str:
        return "Licences"

    def rows(self, session: Session, code: str) -> Sequence[PanelRow]:
        del session, code
        raise UnavailableError("the safe does not answer", hint="opskit local start")


def test_import_says_how_many(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal("import", "clients.csv") == 0
    out, err = capsys.readouterr()
    assert out == "40 added, 0 changed, 0 unchanged, 0 rejected\n"
    assert err.splitlines() == RIGHTS_WAIT
    assert terminal("import", "clients.csv") == 0
    assert capsys.readouterr() == (
        "0 added, 0 changed, 40 unchanged, 0 rejected\n",
        "every row was known already\n",
    )
    assert not (folder / "clients.rejected.csv").exists()


def test_import_tells_each_rejected_row_and_keeps_it(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal("import", "clients-excel-fr.csv") == 5
    out, err = capsys.readouterr()
    assert out == "40 added, 0 changed, 0 unchanged, 5 rejected\n"
    assert err.splitlines() == [
        *RIGHTS_WAIT,
        "clients-excel-fr.csv:42: code: is empty",
        "clients-excel-fr.csv:43: maintenance_until: '31.02.2027' is no day of the calendar",
        "clients-excel-fr.csv:44: modules: there is no module XYZ",
        "clients-excel-fr.csv:45: named_users: 'douze' is no whole number",
        "clients-excel-fr.csv:46: canton: 'XX' is no Swiss canton",
        "error[rejected-rows]: 5 of 45 rows were rejected; the others are fine",
        "hint: mend clients-excel-fr.rejected.csv and import it in the same way",
    ]
    lines = (folder / "clients-excel-fr.csv").read_bytes().splitlines(keepends=True)
    rejected = folder / "clients-excel-fr.rejected.csv"
    assert rejected.read_bytes() == b"".join([lines[0], *lines[41:]])
    assert rejected.stat().st_mode & 0o777 == 0o600


def test_rejected_rows_can_be_mended_and_imported(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal("import", "clients-excel-fr.csv")
    rejected = folder / "clients-excel-fr.rejected.csv"
    header, *rows = rejected.read_bytes().splitlines(keepends=True)
    rejected.write_bytes(header + rows[4].replace(b";20028;", b";20280;").replace(b";XX;", b";TI;"))
    capsys.readouterr()
    assert terminal("import", rejected.name) == 0
    assert capsys.readouterr().out == "1 added, 0 changed, 0 unchanged, 0 rejected\n"


def test_a_trial_stores_nothing_and_writes_no_file(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal("import", "--dry-run", "clients-excel-fr.csv") == 5
    out, err = capsys.readouterr()
    assert out == "40 added, 0 changed, 0 unchanged, 5 rejected\n"
    assert "this was a trial; nothing was stored" in err
    assert "hint: mend these lines before you import the file" in err
    assert not (folder / "clients-excel-fr.rejected.csv").exists()
    terminal("list")
    assert capsys.readouterr().out == ""


def test_import_as_json(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal("import", "--json", "clients-excel-fr.csv") == 5
    report = json.loads(capsys.readouterr().out)
    assert len(report.pop("added")) == 40
    assert report["rejected"][4] == {
        "line": 46,
        "problems": [{"field": "canton", "reason": "'XX' is no Swiss canton"}],
    }
    assert report["rejected_file"] == "clients-excel-fr.rejected.csv"
    assert (report["file"], report["dry_run"]) == ("clients-excel-fr.csv", False)
    assert (report["changed"], report["unchanged"]) == ([], [])


def test_list_in_a_pipe(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal("import", "clients.csv")
    capsys.readouterr()
    assert terminal("list", "deleze") == 0
    assert capsys.readouterr().out == (
        "DELEZE\tDélèze Outillage SA\tLa Chaux-de-Fonds\tNE\tbronze\t2026-11-04\tlapsed\t11.9\t"
        "back-office\n"
    )


def test_list_as_json_has_the_keys_of_the_page(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal("import", "clients.csv")
    capsys.readouterr()
    terminal("list", "--lapsed", "--canton", "fr", "--json")
    (client,) = json.loads(capsys.readouterr().out)
    assert client["code"] == "MASSER"
    assert client["maintenance"] == {"until": "2026-05-08", "state": "lapsed", "days": -200}


PAGE = """\
DELEZE  Délèze Outillage SA
  place          La Chaux-de-Fonds NE
  client number  20000
  language       fr
  pole           back-office
  contact        Noah Beguin <it@deleze.example>
  contract       bronze
  maintenance    lapsed 20 days ago (2026-11-04)
  ERP version    11.9
  modules        FIN AP AR FA TIM PRD SFC PRJ DOC EDI QRB
  named users    60

Entries
  DELEZE/prod/erp-db  database

Licences
  not available: the safe does not answer (opskit local start)

Last tickets
  CS-1002  2026-11-24
  CS-1001  2026-11-24
"""


def test_show_is_one_page_even_when_the_safe_is_away(
    folder: Path,
    terminal: Terminal,
    panels: list[Any],
    session: Session,
    now: datetime,
    alice: Identity,
    capsys: pytest.CaptureFixture[str],
) -> None:
    panels += [Entries(), Stopped()]
    terminal("import", "clients.csv")
    for ticket in ("CS-1002", "CS-1001", "CS-1002", None):
        record(
            session,
            actor=alice,
            at=now,
            action="license.requested",
            subject="R1",
            client="DELEZE",
            ticket=ticket,
        )
    capsys.readouterr()
    assert terminal("show", "deleze") == 0
    assert capsys.readouterr() == (PAGE, "")

    terminal("show", "DELEZE", "--json")
    page = json.loads(capsys.readouterr().out)
    assert page["entries"] == [{"ref": "DELEZE/prod/erp-db"}]
    assert page["licenses"] == []
    assert page["unavailable"] == {"licenses": "the safe does not answer (opskit local start)"}
    assert page["tickets"][0] == {"ticket": "CS-1002", "last_at": "2026-11-24T09:30:00+00:00"}
    assert page["maintenance"] == {"until": "2026-11-04", "state": "lapsed", "days": -20}


def test_show_of_an_unknown_client(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal("import", "clients.csv")
    capsys.readouterr()
    assert terminal("show", "DELEZZ") == 3
    assert capsys.readouterr().err.startswith(
        "error[not-found]: there is no client DELEZZ\nhint: did you mean DELEZE ("
    )


def test_import_of_a_file_that_is_not_there(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal("import", "nothing.csv") == 3
    assert "cannot read nothing.csv: No such file" in capsys.readouterr().err


def test_a_client_without_a_canton(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    header, first, *_rest = (folder / "clients.csv").read_text().splitlines(keepends=True)
    assert ",NE," in first
    (folder / "one.csv").write_text(header + first.replace(",NE,", ",,"))
    assert terminal("import", "one.csv") == 0
    capsys.readouterr()
    terminal("show", "DELEZE")
    lines = capsys.readouterr().out.splitlines()
    assert "  place          La Chaux-de-Fonds" in lines
    assert "  canton         unknown: only the holidays that all cantons have count" in lines
    terminal("list", "--json")
    (client,) = json.loads(capsys.readouterr().out)
    assert client["canton"] is None
