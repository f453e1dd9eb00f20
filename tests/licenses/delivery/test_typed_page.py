"""The typed page: for people, and read back from between its markers."""

import pytest

from licenses import typedform
from licenses.delivery.typed_page import WIDTH, typed_page
from licenses.delivery.wording import LANGUAGES, wording
from licenses.typedform import BEGIN, END
from tests.licenses.delivery.documents import ALL, OPEN, ORDINARY, WITHDRAWAL


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ALL)
def test_the_key_stands_between_the_markers(case: str, language: str) -> None:
    page = typed_page(ALL[case], language)
    lines = page.splitlines()
    inner = lines[lines.index(BEGIN) + 1 : lines.index(END)]
    assert typedform.unwrap("\n".join(inner)) == ALL[case].signed
    assert page.count("-----") == 4


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ALL)
def test_the_page_says_everything(case: str, language: str) -> None:
    content, words = ALL[case], wording(language)
    page = typed_page(content, language)
    joined = "".join(page.split())
    for label, value, note in content.facts(words):
        assert "".join(f"{label}{value}".split()) in joined
        assert "".join(note.split()) in joined
    for code, name in content.modules(words):
        assert "".join(f"{code}{name}".split()) in joined
    assert content.client in page


def test_no_line_is_wider_than_a_page_of_text() -> None:
    for language in LANGUAGES:
        wide = [line for line in typed_page(ORDINARY, language).splitlines() if len(line) > WIDTH]
        assert wide == []


def test_the_page_as_a_whole() -> None:
    assert typed_page(OPEN, "en").split(BEGIN)[0].splitlines() == [
        "Licence certificate L1042",
        "=========================",
        "Kurz AG",
        "",
        f"Reference          {OPEN.reference}",
        "Client number      42",
        "Kind               production",
        "Product            ERP, Enterprise",
        "Named users        unlimited",
        "Concurrent users   none",
        "Issued on          24 November 2026",
        "Valid from         1 December 2026",
        "Last day           without end",
        "Maintenance until  without end",
        "Highest version    all versions",
        "Installation       all installations of the client",
        "",
        "Do not enter it before 1 December 2026: entered earlier, it stops the product.",
        "",
        "Modules:",
        "  FIN  General ledger",
        "",
    ]


def test_a_withdrawal_says_what_it_is() -> None:
    page = typed_page(WITHDRAWAL, "fr")
    assert page.startswith("Retrait de licence L1042\n")
    assert "Modules : aucun" in page.replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_told_to_scan_what_is_not_there(language: str) -> None:
    page = typed_page(ORDINARY, language)
    assert "QR" not in page
    assert "".join(wording(language).typing_step.split()) in "".join(page.split())
