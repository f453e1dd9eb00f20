"""What a page says below its steps, above and below them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.checks import Finding, Verdict
from opskit.checklists.models import Run, Step
from opskit.checklists.page import page_lines
from opskit.checklists.page.text import size_in_words
from opskit.core import i18n
from opskit.core.screen import Screen
from tests.checklists.samples import ALICE, AT, BOB, ON, all_green, check, start_small, tick
from tests.checklists.told_runs import NAMES, local, rich_run

FRIDAY = date(2027, 1, 8)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OPSKIT_LANGUAGE", "en")
    i18n.language.cache_clear()
    yield
    i18n.language.cache_clear()


def step(run: Run, key: str) -> Step:
    return services.find_step(run, key)


def below(run: Run, key: str, *, on: date = ON) -> list[str]:
    """The sentences below one step."""
    lines = page_lines(run, on=on, names=NAMES)
    number = f"{step(run, key).position:>2}"
    start = next(i for i, line in enumerate(lines) if line.startswith("[") and line[4:6] == number)
    found = []
    for line in lines[start + 1 :]:
        if not line.startswith("        "):
            break
        found.append(line.strip())
    return found


def sign(run: Run, key: str, *, on: date = ON) -> str:
    number = f"{step(run, key).position:>2}"
    lines = page_lines(run, on=on)
    return next(line[:3] for line in lines if line.startswith("[") and line[4:6] == number)


def test_everything_that_can_happen(session: Session, tmp_path: Path) -> None:
    run = rich_run(session, tmp_path)
    digest = step(run, "backup").evidence_digest or ""
    lines = page_lines(
        run,
        on=FRIDAY,
        names=NAMES,
        comments=services.comments_of(session, run),
        sizes=services.file_sizes(session, run),
    )
    assert [" ".join(line.split()) for line in lines] == [
        "P1 Preparation DELEZE 2027-01-20 4/9 44 % 2 late Bob Rey",
        "",
        "next: 1 The licence is valid 2027-01-06",
        "2 The access exists 2027-01-06",
        "3 Date confirmed 2027-01-07",
        "",
        "Before",
        "[?] 1 The licence is valid 2027-01-06",
        "L7 covers 12.4 (checked 2027-01-04, lapsed after 2027-01-06)",
        "[!] 2 The access exists 2027-01-06 safe-keeper late",
        "DELEZE/prod/vpn was refused (checked 2027-01-04)",
        "[w] 3 Date confirmed 2027-01-07 agent late",
        "waits for the client since 2027-01-04, ask again on 2027-01-07: Monday or Tuesday? (CS-8)",
        "[-] 4 Deputy named 2027-01-07",
        f"waived until 2027-01-31: the landlord does it (Bob Rey, {local()})",
        "[-] 5 Holiday taken into account 2027-01-07",
        'not applicable: only when client.canton == "NE"',
        "[ ] 6 Questionnaire filled in 2027-01-08 client",
        "[x] 7 Backup confirmed 2027-01-18",
        f"backup.log, 11 B, SHA-256 {digest[:12]} (Alice Martin, {local()}, CS-7)",
        "",
        "The day before (one after the other: read, then do)",
        "[s] 8 Plan reviewed 2027-01-19 manager",
        f"submitted, waits for a second person (Alice Martin, {local()}, CS-7)",
        "[~] 9 Decision 2027-01-19 manager",
        "waits for 8 (reviewed)",
        "",
        "Comments",
        f"{local()} Bob Rey: call on Monday (CS-8)",
        f"{local()} Alice Martin, step 3: asked",
        "twice",
    ]


def test_eighty_columns_hold_it_all(session: Session, tmp_path: Path) -> None:
    run = rich_run(session, tmp_path)
    comments = services.comments_of(session, run)
    lines = page_lines(run, on=FRIDAY, screen=Screen(80), names=NAMES, comments=comments)
    assert max(map(len, lines)) <= 80


def test_somebody_whom_nobody_knows_any_more_has_no_name(session: Session) -> None:
    run = start_small(session, assignee="gone")
    tick(session, run, "note", answer="call first")
    lines = page_lines(run, on=ON)
    assert lines[0].endswith("20 %  gone")
    assert f"        call first ({local()}, CS-7)" in lines


def test_a_proof_tells_until_when_it_counts(session: Session) -> None:
    run, registers = start_small(session), all_green()
    registers.answer("license.valid", Verdict.OK, date(2027, 3, 31))
    check(session, run, registers)
    expected = "license.valid ok (checked 2027-01-04, until 2027-03-31)"
    assert below(run, "license") == [expected]


def test_what_is_checked_before_the_go_counts_that_day_only(session: Session) -> None:
    run, registers = start_small(session), all_green()
    tick(session, run, "note")
    check(session, run, registers)
    tick(session, run, "backup", answer="22:10, 84 GB")
    check(session, run, registers)
    proof = "license.valid ok; safe.ready ok (checked 2027-01-04, "
    assert below(run, "rerun") == [f"{proof}counts that day only)"]
    assert below(run, "rerun", on=FRIDAY) == [f"{proof}lapsed after 2027-01-04)"]
    assert sign(run, "rerun", on=FRIDAY) == "[?]"
    assert below(run, "go", on=FRIDAY) == ["waits for 4 (rerun)"]


def test_a_waiver_that_is_over_is_said_as_such(session: Session) -> None:
    run = start_small(session)
    until = date(2027, 1, 6)
    services.waive(session, run=run, key="note", reason="no notes", until=until, at=AT, actor=BOB)
    assert below(run, "note", on=until) == [
        f"waived until 2027-01-06: no notes (Bob Rey, {local()})"
    ]
    assert below(run, "note", on=date(2027, 1, 7)) == [
        f"was waived until 2027-01-06: no notes (Bob Rey, {local()})"
    ]
    assert sign(run, "note", on=date(2027, 1, 7)) == "[?]"


def test_what_a_check_could_not_find_out(session: Session) -> None:
    run = start_small(session)
    findings = {"license.valid": Finding(Verdict.UNKNOWN, "the safe is sealed")}
    services.enter_findings(session, run=run, findings=findings, on=ON, at=AT, actor=ALICE)
    assert sign(run, "license") == "[ ]"
    assert below(run, "license") == ["not found out: the safe is sealed (checked 2027-01-04)"]


def test_a_date_set_by_hand_has_a_star_that_is_explained(session: Session) -> None:
    run = start_small(session)
    step(run, "backup").is_pinned = True
    lines = page_lines(run, on=ON)
    starred = [line for line in lines if "2027-01-19*" in line]
    assert len(starred) == 1
    assert starred[0].startswith("[~]  3")
    assert lines[-1] == "* a date that was set by hand"


def test_a_step_shows_the_person_who_has_it(session: Session) -> None:
    run = start_small(session)
    services.assign(session, run=run, key="backup", login="bob", at=AT, actor=ALICE)
    line = next(line for line in page_lines(run, on=ON, names=NAMES) if " 3  Backup" in line)
    assert line.endswith("2027-01-19  Bob Rey")


def test_a_decision_stands_below_the_summary(session: Session, tmp_path: Path) -> None:
    run = rich_run(session, tmp_path)
    decision = services.no_go(
        session, run=run, reason="not\nready", at=AT, actor=BOB, ticket="CS-9"
    )
    lines = page_lines(run, on=ON, names=NAMES, decision=decision)
    assert lines[1:3] == ["no-go: not", f"ready (Bob Rey, {local()}, CS-9)"]
    assert below(run, "go") == ["no-go: not", f"ready (Bob Rey, {local()}, CS-9)"]
    coloured = page_lines(run, on=ON, screen=Screen(80, coloured=True), decision=decision)
    assert coloured[1] == "\x1b[31mno-go: not\x1b[0m"


def test_a_run_that_is_over_asks_for_nothing(session: Session) -> None:
    run = start_small(session)
    services.cancel(session, run=run, reason="the client left", at=AT, actor=ALICE)
    lines = page_lines(run, on=date(2028, 1, 1))
    assert lines[0] == "P1  Small list  DELEZE  2027-01-20  0/5  0 %  cancelled"
    assert not any("late" in line or "next" in line for line in lines)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KB"),
        (84_300, "84 KB"),
        (10_485_760, "10 MB"),
        (84_000_000_000, "84 GB"),
        (5_000_000_000_000, "5000 GB"),
    ],
)
def test_sizes(size: int, words: str) -> None:
    assert size_in_words(size) == words
