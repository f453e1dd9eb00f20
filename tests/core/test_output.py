"""One list, shown three ways: a table on a terminal, plain lines in a pipe, JSON."""

import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from opskit.core.output import data, say, show_facts, show_json, show_rows
from tests.support.home import sealed_environment
from tests.support.terminal import sit_before

ROWS: list[dict[str, Any]] = [
    {"code": "DELEZE", "name": "Délèze Outillage SA", "tags": ["a", "b"], "ok": True, "id": 1},
    {"code": "BETSCH", "name": "two\tcells\nand lines", "tags": (), "ok": False, "id": None},
]
COLUMNS = {"code": "Code", "name": "Name", "tags": "Tags", "ok": "Fine", "id": "No"}
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SHOW = """
from opskit.core.output import show_rows
show_rows([{"name": NAME, "city": "Sonceboz"}], {"name": "Name", "city": "City"})
"""


def on_terminal(name: str, **environment: str) -> str:
    code = SHOW.replace("NAME", repr(name))
    screen = sit_before([sys.executable, "-c", code], {**sealed_environment(), **environment})
    assert screen.code == 0, screen.text
    return screen.text


def test_data_and_talk_go_two_ways(capsys: pytest.CaptureFixture[str]) -> None:
    data("asked for")
    say("by the way")
    assert capsys.readouterr() == ("asked for\n", "by the way\n")


def test_a_pipe_gets_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(ROWS, COLUMNS)
    assert capsys.readouterr().out == (
        "DELEZE\tDélèze Outillage SA\ta b\tyes\t1\nBETSCH\ttwo cells and lines\t\tno\t\n"
    )


def test_an_empty_list_says_so_beside_the_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows([], COLUMNS)
    assert capsys.readouterr() == ("", "nothing found\n")
    show_rows([], COLUMNS, empty="nobody is here")
    assert capsys.readouterr() == ("", "nobody is here\n")


def test_json_holds_every_key_and_the_very_values(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows([{**ROWS[1], "more": 3}], COLUMNS, as_json=True)
    out = capsys.readouterr().out
    assert json.loads(out) == [
        {
            "code": "BETSCH",
            "name": "two\tcells\nand lines",
            "tags": [],
            "ok": False,
            "id": None,
            "more": 3,
        }
    ]


def test_json_is_a_list_even_when_empty(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows([], COLUMNS, as_json=True)
    assert capsys.readouterr() == ("[]\n", "")


def test_json_keeps_accents_and_writes_dates(capsys: pytest.CaptureFixture[str]) -> None:
    show_json({"name": "Délèze", "at": datetime(2026, 11, 24, tzinfo=UTC)})
    out = capsys.readouterr().out
    assert "Délèze" in out
    assert json.loads(out)["at"] == "2026-11-24T00:00:00+00:00"


def test_a_terminal_gets_a_table() -> None:
    lines = on_terminal("Délèze Outillage SA").splitlines()
    plain = [ESCAPE.sub("", line).strip() for line in lines]
    heading = next(line for line in plain if line.startswith("Name"))
    row = next(line for line in plain if line.startswith("Délèze"))
    assert heading.split() == ["Name", "City"]
    assert row.index("Sonceboz") == heading.index("City")
    assert len(plain) - plain.index(row) <= 2
    assert any(ESCAPE.search(line) for line in lines)


def test_no_color_means_none() -> None:
    assert not ESCAPE.search(on_terminal("Délèze", NO_COLOR="1"))
    assert ESCAPE.search(on_terminal("Délèze", NO_COLOR=""))


@pytest.mark.parametrize("name", ["[red]x[/red]", "[/nothing]", "a :key: b", "http://a.example"])
def test_a_table_shows_text_as_it_is(name: str) -> None:
    assert name in on_terminal(name, NO_COLOR="1")


def test_a_narrow_terminal_loses_nothing() -> None:
    shown = on_terminal("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", NO_COLOR="1", COLUMNS="30")
    first = "".join(line.split()[0] for line in shown.splitlines() if line.strip())
    assert "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" in first
    assert max(len(line) for line in shown.splitlines()) <= 30


SPARING = """
from opskit.core.output import show_rows
row = {"code": "DELEZE", "modules": "FIN AP AR FA PAY HRM TIM LOG", "until": "2027-12-31"}
show_rows([row], {key: key.title() for key in row}, spared=("modules", "until"))
"""


@pytest.mark.parametrize(
    ("width", "headings"),
    [(44, "Code Modules Until"), (43, "Code Until"), (18, "Code Until"), (17, "Code")],
)
def test_a_terminal_that_is_too_narrow_goes_without_what_can_be_spared(
    width: int, headings: str
) -> None:
    """Each costs its words, the modules at least 24 signs; a column goes only where it must."""
    environment = {**sealed_environment(), "NO_COLOR": "1", "COLUMNS": str(width)}
    screen = sit_before([sys.executable, "-c", SPARING], environment)
    assert screen.code == 0, screen.text
    assert screen.text.splitlines()[0].split() == headings.split()


def test_a_pipe_is_spared_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(ROWS[:1], COLUMNS, spared=("name", "tags"))
    assert capsys.readouterr().out == "DELEZE\tDélèze Outillage SA\ta b\tyes\t1\n"


def test_a_stdout_without_a_terminal_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("FORCE_COLOR", "1")
    show_rows([{"code": "DELEZE"}], {"code": "Code"})
    assert out.getvalue() == "DELEZE\n"


STATES = """
from opskit.core.output import show_rows
show_rows(
    [
        {"code": "lapsed", "state": "lapsed", "ok": False},
        {"code": "b", "state": "active", "ok": True},
    ],
    {"code": "Code", "state": "State", "ok": "Fine"},
)
"""


@pytest.mark.parametrize(
    ("language", "lapsed", "active", "no"),
    [("en", "lapsed", "active", "no"), ("fr", "\u00e9chu", "actif", "non")],
)
def test_a_table_says_states_in_words_and_colours(
    language: str, lapsed: str, active: str, no: str
) -> None:
    environment = {**sealed_environment(), "NO_COLOR": "", "OPSKIT_LANGUAGE": language}
    lines = sit_before([sys.executable, "-c", STATES], environment).text.splitlines()
    assert lines[1].split() == ["lapsed", f"\x1b[31m{lapsed}\x1b[0m", no]
    assert lines[2].split()[1] == f"\x1b[32m{active}\x1b[0m"


def test_a_pipe_keeps_the_english_words() -> None:
    piped = subprocess.run(
        [sys.executable, "-c", STATES],
        env={**sealed_environment(), "OPSKIT_LANGUAGE": "fr"},
        capture_output=True,
        check=True,
    )
    assert piped.stdout.decode() == "lapsed\tlapsed\tno\nb\tactive\tyes\n"


FACTS = """
from opskit.core.output import show_facts
show_facts(
    {"name": "alice", "entity_id": "7f", "url": None, "updated_at": "2026-11-24T16:45:01.140961Z"},
    {"name": "Name", "url": "URL", "updated_at": "Changed"},
)
"""


def test_one_thing_has_labels_and_local_times_on_a_terminal() -> None:
    environment = {**sealed_environment(), "NO_COLOR": "1", "TZ": "Europe/Zurich"}
    screen = sit_before([sys.executable, "-c", FACTS], environment)
    assert screen.text == "Name     alice\nChanged  2026-11-24 17:45\n"


def test_labels_that_are_not_shown_make_no_column_wider() -> None:
    code = FACTS.replace('"URL"', '"The address of its page"')
    screen = sit_before([sys.executable, "-c", code], {**sealed_environment(), "NO_COLOR": "1"})
    assert screen.text.startswith("Name     alice\n")


def test_one_thing_keeps_every_key_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    show_facts({"name": "alice", "roles": ["a", "b"], "url": None}, {"name": "Name"})
    assert capsys.readouterr().out == "name\talice\nroles\ta b\nurl\t\n"
