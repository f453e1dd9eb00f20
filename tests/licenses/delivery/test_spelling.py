"""An emergency code as it is read out."""

import pytest

from licenses import crockford
from licenses.delivery.spelling import spelt
from licenses.delivery.wording import LANGUAGES, wording


def test_in_french() -> None:
    assert spelt("7K3QM-0X1ZA", wording("fr")) == [
        "7K3QM   sept, K comme Kilo, trois, Q comme Quebec, M comme Mike",
        "0X1ZA   zéro, X comme X-ray, un, Z comme Zulu, A comme Alfa",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_symbol_has_a_word_of_its_own(language: str) -> None:
    words = wording(language)
    (line,) = spelt(crockford.ALPHABET, words)
    spoken = line.removeprefix(f"{crockford.ALPHABET}   ").split(", ")
    assert len(set(spoken)) == len(crockford.ALPHABET)
    assert all(spoken)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_names_the_licence_and_the_day(language: str) -> None:
    text = wording(language).emergency.format(license="L1042", day="1.12.2026")
    assert "L1042" in text
    assert "1.12.2026" in text
    assert "{" not in text
