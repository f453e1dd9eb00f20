"""The page needs nothing from outside, may talk to nobody, and holds no secret."""

import base64
import hashlib
import re
from dataclasses import fields
from datetime import date
from html.parser import HTMLParser

import pytest

from tests.support.intake import Client
from vault.entries import EntryRef
from vault.facts import EntryFacts
from vault.intake.envelope import Form
from vault.intake.page import Letterhead, asked_fields, render
from vault.intake.ports import PublicKey
from vault.intake.words import LANGUAGES, Words, words_in
from vault.kinds import KINDS

KEY = PublicKey(3, b"the bytes of a key")
NASTY = "</script><b>Délèze & \"Fils\" 'SA'"


class Reader(HTMLParser):
    """What the page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"style": [], "script": []}
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag if dict(attrs).get("type") is None else ""

    def handle_data(self, data: str) -> None:
        if self._open in self.inside:
            self.inside[self._open].append(data)
            self._open = ""

    def attributes(self, name: str) -> list[str]:
        return [
            value or "" for _tag, held in self.tags for key, value in held.items() if key == name
        ]


def page(kind: str = "vpn", language: str = "fr", known: EntryFacts | None = None) -> str:
    form = Form(
        ref=EntryRef.parse("DELEZE/common/vpn"),
        form="AAAQEAYEAUDAOCAJ",
        kind=kind,
        key_version=KEY.version,
        key=KEY.fingerprint,
        until=date(2027, 1, 20),
    )
    return render(form, key=KEY, letterhead=Letterhead(NASTY, language), known=known)


def test_nothing_comes_from_outside() -> None:
    read = Reader(page())
    assert [*read.attributes("src"), *read.attributes("href"), *read.attributes("action")] == []
    style = "".join(read.inside["style"])
    assert not re.search(r"url\(|@import|@font-face", style)
    assert not re.search(
        r"https?:|fetch|XMLHttpRequest|innerHTML|eval", "".join(read.inside["script"])
    )
    assert [name for name, held in read.tags if any(key.startswith("on") for key in held)] == []


def test_the_policy_allows_its_own_script_and_style_alone() -> None:
    read = Reader(page())
    [policy] = [held["content"] for _tag, held in read.tags if held.get("http-equiv")]
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for name, rule in (("script", "script-src"), ("style", "style-src")):
        [text] = read.inside[name]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


def test_a_nasty_name_stays_text() -> None:
    read = Reader(page())
    assert "b" not in {name for name, _held in read.tags}
    assert Client.of(page()).facts["form"] == "AAAQEAYEAUDAOCAJ"


def test_facts_stand_there_and_secrets_do_not() -> None:
    known = EntryFacts("vpn", host='vpn."deleze".example', via="common/jump", expires="2027-12-31")
    read = Reader(page(known=known))
    by_name = {held["name"]: held for _tag, held in read.tags if "data-known" in held}
    assert by_name["host"]["value"] == by_name["host"]["data-known"] == 'vpn."deleze".example'
    assert by_name["expires"]["value"] == "2027-12-31"
    assert "common/jump" not in page(known=known)
    secrets = [held for _tag, held in read.tags if "data-secret" in held]
    assert [held["name"] for held in secrets] == list(KINDS["vpn"].secrets)
    assert [held for held in secrets if "value" in held] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_its_label(kind: str) -> None:
    read = Reader(page(kind))
    named = [
        held["name"]
        for tag, held in read.tags
        if tag in {"input", "select", "textarea"} and "name" in held
    ]
    assert named == list(asked_fields(kind))
    assert set(named) <= set(read.attributes("for"))
    assert len(set(read.attributes("id"))) == len(read.attributes("id"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    words = words_in(language)
    assert [each.name for each in fields(Words) if not getattr(words, each.name)] == []
    asked = {name for kind in KINDS for name in asked_fields(kind)}
    assert asked == set(words.fields)
    assert f'<html lang="{language}">' in page(language=language)


def test_the_languages_differ() -> None:
    texts = [[getattr(words_in(each), name.name) for name in fields(Words)] for each in LANGUAGES]
    assert [same for same in zip(*texts, strict=True) if len(set(map(str, same))) < 3] == []
