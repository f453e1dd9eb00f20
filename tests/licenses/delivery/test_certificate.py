"""The certificate: everything is on one page, in the client's language, the same each time."""

import subprocess
import sys
from dataclasses import replace

import pytest

from licenses import typedform
from licenses.delivery.certificate import certificate
from licenses.delivery.content import Certificate
from licenses.delivery.wording import LANGUAGES, wording
from licenses.payload import Extension
from opskit.core.fonts import REGULAR, font_folder
from opskit.core.sheet import A4, Style, text_width
from tests.licenses.delivery.documents import (
    ALL,
    CROWDED,
    CROWDED_PAYLOAD,
    OPEN,
    ORDINARY,
    WITHDRAWAL,
    signed,
)
from tests.support.pdf import read_pdf

SMALLEST = 4.5  # points; a page with nine typed lines is far above it
TYPEABLE = 9.0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ALL)
def test_a_page_says_everything(case: str, language: str) -> None:
    content, words = ALL[case], wording(language)
    said = read_pdf(certificate(content, language)).words
    facts = [part for fact in content.facts(words) for part in fact]
    modules = [part for module in content.modules(words) for part in module]
    support = content.support
    reached = [support.name, support.phone, support.email]
    wanted = [
        *(content.title(words), content.number, content.reference),
        *(*facts, *modules, *reached),
        *(*words.entering_steps, words.code_caption, words.whom_to_call),
        words.call_note.format(reference=content.reference),
    ]
    joined = said.replace(" ", "")
    lost = [text for text in wanted if "".join(text.split()) not in joined]
    assert lost == []
    assert "".join(content.client.split()) in joined


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ALL)
def test_nothing_leaves_the_one_page_or_gets_too_small(case: str, language: str) -> None:
    pdf = read_pdf(certificate(ALL[case], language))
    assert pdf.pages == 1
    for each in pdf.texts:
        assert each.size >= SMALLEST, each
        assert each.y > 30, each
        assert each.x + text_width(each.text, Style(each.size, REGULAR)) * 0.9 < A4[0] - 45, each


@pytest.mark.parametrize("content", [ORDINARY, CROWDED, OPEN], ids=["ordinary", "crowded", "open"])
def test_the_key_can_be_typed_from_the_page(content: Certificate) -> None:
    pdf = read_pdf(certificate(content, "fr"))
    lines = [each for each in pdf.texts if each.text[:2] in {f"{n}:" for n in range(1, 10)}]
    assert typedform.unwrap("\n".join(each.text for each in lines)) == content.signed
    assert min(each.size for each in lines) > TYPEABLE


def test_the_last_day_is_explained_where_there_is_one() -> None:
    note = wording("de").last_day_note
    assert note in read_pdf(certificate(ORDINARY, "de")).words
    assert note not in read_pdf(certificate(OPEN, "de")).words
    assert note not in read_pdf(certificate(WITHDRAWAL, "de")).words


def test_unlimited_is_a_word() -> None:
    said = read_pdf(certificate(OPEN, "fr")).words
    assert "Utilisateurs nommés illimité Utilisateurs simultanés aucun" in said
    assert "Dernier jour sans échéance" in said


def test_the_same_licence_makes_the_same_bytes() -> None:
    """In this process and in another one, whose hashes are salted otherwise."""
    program = (
        "import sys; from licenses.delivery.certificate import certificate; "
        "from tests.licenses.delivery.documents import CROWDED; "
        "sys.stdout.buffer.write(certificate(CROWDED, 'it'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == certificate(CROWDED, "it")
    assert certificate(CROWDED, "it") != certificate(CROWDED, "fr")


def test_a_key_of_the_greatest_length_still_fits() -> None:
    """33 typed lines, 48 modules: nobody issues it, and nothing gets lost."""
    parts = (CROWDED_PAYLOAD.extensions[0], Extension(120, bytes(255)), Extension(121, bytes(129)))
    payload = replace(CROWDED_PAYLOAD, extensions=parts, modules=frozenset(range(48)))
    content = replace(CROWDED, signed=signed(payload))
    assert len(content.typed_lines) == 33
    pdf = read_pdf(certificate(content, "fr"))
    assert pdf.pages == 1
    assert min(each.y for each in pdf.texts) > 20


def test_a_site_that_was_not_signed_is_not_shown() -> None:
    foreign = replace(ORDINARY, site="ANOTHER-SITE")
    said = read_pdf(certificate(foreign, "en")).words
    assert "ANOTHER-SITE" not in said
    assert foreign.payload.site.hex() in said


def test_names_of_european_clients_have_their_letters() -> None:
    from reportlab.pdfbase.ttfonts import TTFont

    known = TTFont(REGULAR, str(font_folder() / f"{REGULAR}.ttf")).face.charToGlyph
    names = "àâäçéèêëîïôöùûüÿœæÀÉÈÇŠšŽžČčŁłŃńŚśŻżĐđŐőŰűȘșȚțİıĞğØøÅåÞþðЖщЯΩλ’«»–ß"
    assert [letter for letter in names if ord(letter) not in known] == []
