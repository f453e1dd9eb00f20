"""The paper as A4 pages, read back."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from opskit.checklists.printing.content import Paper, PaperPhase, PaperStep
from opskit.checklists.printing.pages import BOTTOM
from opskit.checklists.printing.pdf import HEADING, pdf
from opskit.core.sheet import LEFT, MARGIN, RIGHT, TOP, Style, text_width
from tests.checklists.printing.papers import STRANGE, for_the_client, for_the_team, strange
from tests.support.pdf import Text, read_pdf

LONG = "Installierte Module und Benutzer von der Lizenz gedeckt, " * 7


def pages(content: bytes) -> list[list[Text]]:
    """The texts of each page; a page begins with its number at the foot or its running title."""
    found: list[list[Text]] = [[]]
    for text in read_pdf(content).texts:
        if text.y > TOP and found[-1]:
            found.append([])
        found[-1].append(text)
    return found


def long_paper(paper: Paper, *, phases: int = 6, steps: int = 9, notes: int = 0) -> Paper:
    made = [
        PaperStep(number, LONG if number % 4 == 0 else "Kurz", False, "offen", "19. Januar 2027")
        for number in range(1, steps + 1)
    ]
    told = tuple(replace(step, notes=(LONG,) * notes) for step in made)
    return replace(
        paper, phases=tuple(PaperPhase(f"Phase {number}", told) for number in range(1, phases + 1))
    )


def test_the_clients_paper_is_a_page_or_two(session: Session, tmp_path: Path) -> None:
    read = read_pdf(pdf(for_the_client(session, tmp_path, lang="de")))
    assert read.pages == 1
    for text in (
        "Vorbereitung",
        "Délèze Outillage SA",
        "20. Januar 2027",
        "☐ Termin bestätigt",
        "war auf den 7. Januar 2027 erwartet: bitte so bald wie möglich",
        "Datensicherung bestätigt",
        "Seite 1 von 1",
    ):
        assert text in read.words


def test_the_same_paper_is_the_same_bytes(session: Session, tmp_path: Path) -> None:
    paper = for_the_team(session, tmp_path)
    assert pdf(paper) == pdf(paper)


def test_every_page_has_its_number_and_its_title(session: Session, tmp_path: Path) -> None:
    content = pdf(long_paper(for_the_client(session, tmp_path, lang="de")))
    read = pages(content)
    assert len(read) == read_pdf(content).pages > 2
    for number, texts in enumerate(read, start=1):
        words = [each.text for each in texts]
        assert f"Seite {number} von {len(read)}" in words
        assert ("Vorbereitung, Délèze Outillage SA" in words) == (number > 1)


@pytest.mark.parametrize("notes", [0, 2, 30])
def test_nothing_stands_outside_the_margins(session: Session, tmp_path: Path, notes: int) -> None:
    paper = long_paper(for_the_client(session, tmp_path, lang="de"), notes=notes)
    for texts in pages(pdf(paper)):
        for each in texts:
            assert each.x >= LEFT
            assert each.x + text_width(each.text, Style(each.size)) <= RIGHT + 0.5
            assert each.y >= BOTTOM - 1 or each.text.startswith("Seite")
            assert MARGIN / 2 < each.y <= TOP + MARGIN / 2


@pytest.mark.parametrize("steps", range(1, 14))
def test_a_heading_never_stands_alone_at_the_end(
    session: Session, tmp_path: Path, steps: int
) -> None:
    paper = long_paper(for_the_client(session, tmp_path, lang="de"), steps=steps)
    for texts in pages(pdf(paper)):
        body = [each for each in texts if not each.text.startswith("Seite")]
        lowest_heading = min((each.y for each in body if each.size == HEADING.size), default=None)
        if lowest_heading is not None:
            assert sum(each.text == "☐" and each.y < lowest_heading for each in body) >= min(
                2, steps
            ) or "Ansprechpersonen" in [each.text for each in body]


def test_steps_never_overlap(session: Session, tmp_path: Path) -> None:
    paper = long_paper(for_the_client(session, tmp_path, lang="de"), notes=2)
    for texts in pages(pdf(paper)):
        at_left = [each for each in texts if each.x == LEFT and each.text == "☐"]
        assert all(upper.y - lower.y > upper.size for upper, lower in pairwise(at_left))


def test_what_looks_like_markup_is_read_as_it_is(session: Session, tmp_path: Path) -> None:
    assert STRANGE in read_pdf(pdf(strange(for_the_team(session, tmp_path)))).words
