"""The paper in HTML: one file that asks for nothing, and that a screen reader finds its way in."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from sqlalchemy.orm import Session

from opskit.checklists.printing.html import html
from tests.checklists.printing.papers import STRANGE, for_the_client, for_the_team, strange

VOID = {"meta", "br"}


class Reading(HTMLParser):
    """The tags, their attributes, the texts; every tag must be closed by its own."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data)

    def values(self, name: str) -> list[str | None]:
        return [value for _tag, each, value in self.attributes if each == name]


def test_the_clients_page_says_what_it_has_to(session: Session, tmp_path: Path) -> None:
    page = Reading(html(for_the_client(session, tmp_path, lang="de")))
    assert ("html", "lang", "de") in page.attributes
    assert "Vorbereitung, Délèze Outillage SA" in page.texts
    for text in ("Was wir von Ihnen brauchen", "Termin bestätigt", "wartet auf Sie", "Patchtermin"):
        assert text in page.texts


def test_a_table_names_itself_its_columns_and_its_rows(session: Session, tmp_path: Path) -> None:
    page = Reading(html(for_the_client(session, tmp_path)))
    assert page.tags["table"] == 2
    assert page.values("scope").count("row") == 9
    assert page.values("scope").count("col") == 2 * 4
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert set(page.values("aria-labelledby")) <= set(ids)
    assert page.tags["h1"] == page.tags["main"] == 1


def test_the_teams_page_has_a_column_and_a_row_more(session: Session, tmp_path: Path) -> None:
    page = Reading(html(for_the_team(session, tmp_path)))
    assert page.values("scope").count("col") == 2 * 5
    assert "DELEZE/prod/vpn was refused (checked 2027-01-04)" in page.texts
    assert "For the team only, not for the client" in page.texts


def test_it_asks_for_nothing_and_runs_nothing(session: Session, tmp_path: Path) -> None:
    text = html(for_the_team(session, tmp_path))
    page = Reading(text)
    assert not {"script", "link", "img", "iframe", "object", "a"} & set(page.tags)
    assert not re.search(r"url\(|@import|https?:|\bsrc=|\bon\w+=", text)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page.values("content")


def test_what_looks_like_markup_is_read_as_it_is(session: Session, tmp_path: Path) -> None:
    page = Reading(html(strange(for_the_team(session, tmp_path))))
    assert page.texts.count(STRANGE) == 1 + 1 + 9 + 9  # fact, heading, steps, their notes
    assert "script" not in page.tags
