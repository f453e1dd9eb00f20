"""The page of a run, exactly as printed."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.checks import Verdict
from opskit.checklists.page import mark, page_lines
from opskit.checklists.progress import Progress, progress
from opskit.checklists.states import State
from opskit.core import i18n
from opskit.core.screen import Screen
from tests.checklists.samples import (
    ALICE,
    AT,
    BOB,
    ON,
    all_green,
    check,
    start_small,
    tick,
)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OPSKIT_LANGUAGE", "en")
    i18n.language.cache_clear()
    yield
    i18n.language.cache_clear()


def page(lines: list[str]) -> list[str]:
    """Runs of spaces shortened, so that the expected text stays readable."""
    return [
        line[:8].rstrip() + " " + " ".join(line[8:].split()) if line.startswith("[") else line
        for line in lines
    ]


def test_a_run_under_way(session: Session) -> None:
    run, registers = start_small(session), all_green()
    registers.answer("license.valid", Verdict.FAILED)
    check(session, run, registers)
    services.not_applicable(session, run=run, key="note", reason="no note", at=AT, actor=ALICE)
    assert page(page_lines(run, on=date(2027, 1, 20))) == [
        "P1  Small list  DELEZE  2027-01-20  1/5  20 %  3 late",
        "",
        "Before",
        "[!]  1 The licence is valid 2027-01-06 sales late",
        "        license.valid failed",
        "[-]  2 Optional note 2027-01-06",
        "        not applicable: no note",
        "[~]  3 Backup confirmed 2027-01-19 agent late",
        "[~]  4 Licence checked again 2027-01-19 agent late",
        "",
        "After",
        "[~]  5 Decision 2027-01-20 manager",
    ]


def test_a_step_further(session: Session) -> None:
    run = start_small(session)
    check(session, run, all_green())
    tick(session, run, "note", answer="call first")
    services.waive(session, run=run, key="backup", reason="no database", at=AT, actor=BOB)
    lines = page(page_lines(run, on=ON))
    assert lines[0] == "P1  Small list  DELEZE  2027-01-20  3/5  60 %"
    assert lines[3:] == [
        "[x]  1 The licence is valid 2027-01-06",
        "        license.valid ok",
        "[x]  2 Optional note 2027-01-06",
        "        call first",
        "[-]  3 Backup confirmed 2027-01-19",
        "        waived: no database",
        "[ ]  4 Licence checked again 2027-01-19 agent",
        "",
        "After",
        "[~]  5 Decision 2027-01-20 manager",
    ]


def test_an_answer_keeps_its_lines_and_loses_its_control_characters(session: Session) -> None:
    run = start_small(session)
    tick(session, run, "note", answer="first\n\x1b[31msecond")
    lines = page_lines(run, on=ON)
    assert lines[5:7] == ["        first", "        ?[31msecond"]


def test_columns_line_up(session: Session) -> None:
    lines = page_lines(start_small(session), on=ON)
    columns = {line.index("2027-") for line in lines if line.startswith("[")}
    assert len(columns) == 1


def test_a_narrow_screen_breaks_texts_and_never_dates(session: Session) -> None:
    run, registers = start_small(session), all_green()
    registers.answer("license.valid", Verdict.FAILED)
    check(session, run, registers)
    tick(session, run, "note", answer="call first, then send the notes by mail to both of them")
    lines = page_lines(run, on=date(2027, 1, 20), screen=Screen(50))
    assert lines[:9] == [
        "P1  Small list  DELEZE  2027-01-20  1/5  20 %  3",
        "late",
        "",
        "Before",
        "[!]  1  The licence is valid  2027-01-06  sales  late",
        "        license.valid failed",
        "[x]  2  Optional note         2027-01-06",
        "        call first, then send the notes by mail to",
        "        both of them",
    ]
    assert "        again" in lines


def test_marks_and_delays_have_colours_on_a_terminal(session: Session) -> None:
    run, registers = start_small(session), all_green()
    registers.answer("license.valid", Verdict.FAILED)
    check(session, run, registers)
    tick(session, run, "note", answer="call first")
    shown = page_lines(run, on=date(2027, 1, 20), screen=Screen(100, coloured=True))
    assert shown[2] == "\x1b[1mBefore\x1b[0m"
    assert shown[3].startswith("\x1b[31m[!]\x1b[0m  1  The licence is valid")
    assert shown[3].endswith("  sales\x1b[31m  late\x1b[0m")
    assert shown[5].startswith("\x1b[32m[x]\x1b[0m  2  Optional note")
    plain = "\n".join(page_lines(run, on=date(2027, 1, 20), screen=Screen(100)))
    assert re.sub(r"\x1b\[\d*m", "", "\n".join(shown)) == plain


def test_in_french(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSKIT_LANGUAGE", "fr")
    i18n.language.cache_clear()
    lines = page_lines(start_small(session), on=ON)
    assert "Petite liste" in lines[0]
    assert lines[2] == "Avant"
    assert "La licence est valable" in lines[3]


def test_marks_are_three_wide_and_tell_the_states_apart() -> None:
    assert [mark(state) for state in State] == ["[~]", "[ ]", "[x]", "[!]", "[-]", "[-]"]


@pytest.mark.parametrize(
    ("on", "late"), [("2027-01-06", 0), ("2027-01-07", 1), ("2027-01-20", 3), ("2027-01-21", 4)]
)
def test_a_step_is_late_from_the_day_after(session: Session, on: str, late: int) -> None:
    run = start_small(session)
    tick(session, run, "note")
    expected = Progress(done=1, total=5, late=late, percent=20)
    assert progress(run.steps, on=date.fromisoformat(on)) == expected


def test_nothing_to_do_is_all_done() -> None:
    assert progress([], on=ON) == Progress(done=0, total=0, late=0, percent=100)
