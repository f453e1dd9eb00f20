"""The words of the documents: complete in each language, and dates as each language writes them."""

import string
from dataclasses import fields
from datetime import date

import pytest

from licenses.delivery.wording import LANGUAGES, Wording, wording
from licenses.payload import LicenseKind

PLACES = {"date", "labelled"}


@pytest.mark.parametrize(
    ("language", "first", "other"),
    [
        ("fr", "1er mars 2027", "31 décembre 2027"),
        ("de", "1. März 2027", "31. Dezember 2027"),
        ("it", "1º marzo 2027", "31 dicembre 2027"),
        ("en", "1 March 2027", "31 December 2027"),
        ("rm", "1 March 2027", "31 December 2027"),
    ],
)
def test_a_date_in_words(language: str, first: str, other: str) -> None:
    assert wording(language).date(date(2027, 3, 1)) == first
    assert wording(language).date(date(2027, 12, 31)) == other


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_complete(language: str) -> None:
    words, english = wording(language), wording("en")
    assert words.code == language
    assert len(set(words.months)) == 12
    assert set(words.kinds) == set(LicenseKind)
    for field in fields(Wording):
        ours, theirs = getattr(words, field.name), getattr(english, field.name)
        assert ours, field.name
        if isinstance(ours, str):
            assert _placeholders(ours) == _placeholders(theirs), field.name
        if language != "en" and isinstance(ours, str) and len(ours) > 20:
            assert ours != theirs, field.name


def test_german_is_the_swiss_one() -> None:
    words = wording("de")
    assert not any("ß" in str(getattr(words, field.name)) for field in fields(Wording))


def _placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}
