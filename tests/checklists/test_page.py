"""The page of a run, exactly as printed."""

import re
from collections.abc import Iterator
from datetime import date, datetime

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

NAMES = {"e-alice": "Alice Martin", "e-bob": "Bob Rey", "bob": "Bob Rey"}
LATER = date(2027, 1, 20)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OPSKIT_LANGUAGE", "en")
    i18n.language.cache_clear()
    yield
    i18n.language.cache_clear()


def local(moment: datetime = AT) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def page(lines: list[str]) -> list[str]:
    """Runs of spaces shortened, so that the expected text stays readable."""
    return [
        line[:8].rstrip() + " " + " ".join(line[8:].split()) if line.startswith("[") else line
        for line in lines
    ]


def test_a_run_under_way(session: Session) -> None:
    run, registers = start_small(session, assignee="bob"), all_green()
    registers.answer("license.valid", Verdict.FAILED)
    check(session, run, registers)
    services.not_applicable(session, run=run, key="note", reason="no note", at=AT, actor=ALICE)
    assert page(page_lines(run, on=LATER, names=NAMES)) == [
        "P1  Small list  DELEZE  2027-01-20  1/5  20 %  3 late  Bob Rey",
        "",
        "next:  1  The licence is valid  2027-01-06",
        "",
        "Before",
        "[!]  1 The licence is valid 2027-01-06 sales late",
        "        license.valid failed (checked 2027-01-04)",
        "[-]  2 Optional note 2027-01-06",
        f"        not applicable: no note (Alice Martin, {local()})",
        "[~]  3 Backup confirmed 2027-01-19 agent late",
        "        waits for 1 (license)",
        "[~]  4 Licence checked again 2027-01-19 agent late",
        "        waits for 3 (backup)",
        "",
        "After",
        "[~]  5 Decision 2027-01-20 manager",
        "        waits for 4 (rerun)",
    ]


def test_a_step_further(session: Session) -> None:
    run = start_small(session)
    check(session, run, all_green())
    tick(session, run, "note", answer="call first")
    services.waive(session, run=run, key="backup", reason="no database", at=AT, actor=BOB)
    lines = page(page_lines(run, on=ON, names=NAMES))
    assert lines[:3] == [
        "P1  Small list  DELEZE  2027-01-20  3/5  60 %",
        "",
        "next:  4  Licence checked again  2027-01-19",
    ]
    assert lines[5:] == [
        "[x]  1 The licence is valid 2027-01-06",
        "        license.valid ok (checked 2027-01-04)",
        "[x]  2 Optional note 2027-01-06",
        f"        call first (Alice Martin, {local()}, CS-7)",
        "[-]  3 Backup confirmed 2027-01-19",
        f"        waived: no database (Bob Rey, {local()})",
        "[ ]  4 Licence checked again 2027-01-19 agent",
        "",
        "After",
        "[~]  5 Decision 2027-01-20 manager",
        "        waits for 4 (rerun)",
    ]


def test_what_is_next_is_what_can_be_begun(session: Session) -> None:
    run = start_small(session)
    lines = page_lines(run, on=LATER, screen=Screen(80))
    assert lines[2:5] == [
        "next:  1  The licence is valid  2027-01-06",
        "       2  Optional note         2027-01-06",
        "",
    ]


def test_an_answer_keeps_its_lines_and_loses_its_control_characters(session: Session) -> None:
    run = start_small(session)
    tick(session, run, "note", answer="first\n\x1b[31msecond")
    lines = page_lines(run, on=ON)
    at = lines.index("        first")
    assert lines[at + 1] == f"        ?[31msecond ({local()}, CS-7)"


def test_nor_does_a_subject_colour_the_terminal(session: Session) -> None:
    run = start_small(session, subject="DELEZE\n\x1b[31mP2  closed")
    assert page_lines(run, on=ON)[0].startswith("P1  Small list  DELEZE ?[31mP2  closed  2027")


def test_a_french_colon_keeps_its_space(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSKIT_LANGUAGE", "fr")
    i18n.language.cache_clear()
    run = start_small(session)
    tick(session, run, "note", answer="seuil\u00a0: 12\u202f000 CHF\u200b\u202e")
    assert f"        seuil\u00a0: 12\u202f000 CHF?? ({local()}, CS-7)" in page_lines(run, on=ON)


def test_columns_line_up(session: Session) -> None:
    lines = page_lines(start_small(session), on=ON)
    columns = {line.index("2027-") for line in lines if line.startswith("[")}
    assert len(columns) == 1


def test_a_narrow_screen_breaks_texts_and_never_dates(session: Session) -> None:
    run, registers = start_small(session), all_green()
    registers.answer("license.valid", Verdict.FAILED)
    check(session, run, registers)
    tick(session, run, "note", answer="call first, then send the notes by mail to both of them")
    lines = page_lines(run, on=LATER, screen=Screen(50))
    assert lines[:13] == [
        "P1  Small list  DELEZE  2027-01-20  1/5  20 %  3",
        "late",
        "",
        "next:  1  The licence is valid  2027-01-06",
        "",
        "Before",
        "[!]  1  The licence is valid  2027-01-06  sales  late",
        "        license.valid failed (checked 2027-01-04)",
        "[x]  2  Optional note         2027-01-06",
        "        call first, then send the notes by mail to",
        f"        both of them ({local()}, CS-7)",
        "[~]  3  Backup confirmed      2027-01-19  agent  late",
        "        waits for 1 (license)",
    ]
    assert "        again" in lines


@pytest.mark.parametrize("width", [1, 20, 40, 80, 120, 200])
def test_every_width_shows_the_same_words(session: Session, width: int) -> None:
    run = start_small(session)
    tick(session, run, "note", answer="call first, then send the notes by mail to both of them")
    shown = " ".join(page_lines(run, on=LATER, screen=Screen(width), names=NAMES)).split()
    plain = " ".join(page_lines(run, on=LATER, names=NAMES)).split()
    assert sorted(shown) == sorted(plain)


def test_a_page_fits_on_eighty_columns(session: Session) -> None:
    run = start_small(session, assignee="bob")
    services.assign(session, run=run, key="backup", login="camille", at=AT, actor=ALICE)
    names = {**NAMES, "camille": "Camille Perret-Gentil"}
    lines = page_lines(run, on=LATER, screen=Screen(80), names=names)
    assert max(map(len, lines)) <= 80
    assert any(line.endswith("  Camille P.  late") for line in lines)


def test_marks_and_delays_have_colours_on_a_terminal(session: Session) -> None:
    run, registers = start_small(session), all_green()
    registers.answer("license.valid", Verdict.FAILED)
    check(session, run, registers)
    tick(session, run, "note", answer="call first")
    shown = page_lines(run, on=LATER, screen=Screen(100, coloured=True))
    assert shown[4] == "\x1b[1mBefore\x1b[0m"
    assert shown[5].startswith("\x1b[31m[!]\x1b[0m  1  The licence is valid")
    assert shown[5].endswith("  sales\x1b[31m  late\x1b[0m")
    assert shown[7].startswith("\x1b[32m[x]\x1b[0m  2  Optional note")
    plain = "\n".join(page_lines(run, on=LATER, screen=Screen(100)))
    assert re.sub(r"\x1b\[\d*m", "", "\n".join(shown)) == plain


def test_in_french(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSKIT_LANGUAGE", "fr")
    i18n.language.cache_clear()
    lines = page_lines(start_small(session), on=ON)
    assert "Petite liste" in lines[0]
    assert "Avant" in lines
    assert any("La licence est valable" in line for line in lines)


def test_marks_are_three_wide_and_tell_the_states_apart() -> None:
    marks = {state: mark(state) for state in State}
    assert {len(each) for each in marks.values()} == {3}
    assert marks[State.WAIVED] == marks[State.NOT_APPLICABLE] == "[-]"
    assert len(set(marks.values())) == len(State) - 1


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
