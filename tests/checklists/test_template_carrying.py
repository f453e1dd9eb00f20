"""A template as YAML and as a workbook, and back: the same digest, whatever stands in it."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from time import sleep

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from opskit.checklists.errors import TemplateInvalidError
from opskit.checklists.template_tools.excel_columns import SHEETS, SheetForm
from opskit.checklists.template_tools.excel_in import read_workbook
from opskit.checklists.template_tools.excel_out import workbook
from opskit.checklists.template_tools.yaml_out import yaml_text
from opskit.checklists.templates import (
    Approval,
    Evidence,
    Gate,
    Mode,
    Phase,
    Recheck,
    StepTemplate,
    Template,
    Words,
    load_template,
)
from opskit.core import i18n
from tests.checklists.samples import small_template

SENTENCES = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=60
).filter(lambda text: text.strip() != "")
WORDS = st.builds(Words, fr=SENTENCES, en=SENTENCES, de=st.none() | SENTENCES)
CHECKS = st.sampled_from(["license.valid", "safe.ready"])
WHENS = st.sampled_from(["", 'client.canton == "BE"', "'PAY' in client.modules", "run.x > -3"])


@st.composite
def templates(draw: st.DrawFn) -> Template:
    phases = [
        Phase(key=key, title=draw(WORDS), mode=draw(st.sampled_from(Mode)))
        for key in ("one", "two-2")
    ]
    steps = tuple(
        StepTemplate(
            key=key,
            text=draw(WORDS),
            phase=draw(st.sampled_from(["one", "two-2"])),
            owner="agent",
            due=draw(
                st.sampled_from(["-10bd", "0bd", "+3bd", *(f"{each} +1bd" for each in before)])
            ),
            needs=tuple(draw(st.lists(st.sampled_from(before), unique=True))) if before else (),
            when=draw(WHENS),
            check=draw(st.just(()) | CHECKS | st.lists(CHECKS, min_size=1).map(tuple)),
            recheck=draw(st.sampled_from(Recheck)),
            evidence=draw(st.sampled_from(Evidence)),
            mandatory=draw(st.booleans()),
        )
        for key, before in (("a", []), ("b", ["a"]), ("c-3", ["a", "b"]))
    )
    last = StepTemplate(
        key="no",  # which YAML would take for false
        text=draw(WORDS),
        phase="one",
        owner="null",
        due="0bd",
        gate=draw(st.sampled_from(Gate)),
        approval=draw(st.sampled_from(Approval)),
    )
    return Template(
        id="list",
        version=draw(st.integers(1, 10**9)),
        title=draw(WORDS),
        anchor="day",
        phases=tuple(phases),
        steps=(*steps, last),
    )


def as_workbook(template: Template) -> bytes:
    return workbook(template, owners=["agent", "sales"], checks=["license.valid"])


@given(templates())
def test_yaml_there_and_back(template: Template) -> None:
    assert load_template(yaml_text(template), "list.yaml").digest == template.digest


@given(templates())
@settings(max_examples=25)
def test_a_workbook_there_and_back(template: Template) -> None:
    assert read_workbook(as_workbook(template), "list.xlsx").digest == template.digest


def test_a_workbook_in_french_is_read_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSKIT_LANGUAGE", "fr")
    i18n.language.cache_clear()
    try:
        content = as_workbook(small_template())
    finally:
        monkeypatch.setenv("OPSKIT_LANGUAGE", "en")
        i18n.language.cache_clear()
    book = CalamineWorkbook.from_object(BytesIO(content))
    assert book.sheet_names[:3] == ["Liste", "Phases", "Étapes"]
    assert book.get_sheet_by_name("Étapes").to_python()[0][:3] == [
        "Clé",
        "Phase",
        "Texte en français",
    ]
    assert read_workbook(content, "list.xlsx") == small_template()


def test_the_same_template_makes_the_same_file() -> None:
    first = as_workbook(small_template())
    sleep(1.1)  # a workbook tells the second in which it was made
    assert as_workbook(small_template()) == first


def test_yaml_reads_as_a_person_would_write_it() -> None:
    text = yaml_text(small_template())
    assert text.startswith("id: small\nversion: 1\ntitle:\n  fr: Petite liste\n  en: Small list\n")
    assert "    needs: [license, note]\n    evidence: value\n\n  - key: rerun\n" in text
    assert "    check: [license.valid, safe.ready]\n" in text


def test_a_workbook_offers_what_may_be_chosen() -> None:
    with zipfile.ZipFile(BytesIO(as_workbook(small_template()))) as archive:
        steps = archive.read("xl/worksheets/sheet3.xml").decode()
    for words in ("none,before-go", "none,text,value,file,link", "yes,no", "none,go,close"):
        assert f'<formula1>"{words}"</formula1>' in steps
    assert "'Lists'!$B$2:$B$" in steps


def sheets(template: Template) -> dict[SheetForm, Sequence[Sequence[object]]]:
    book = CalamineWorkbook.from_object(BytesIO(as_workbook(template)))
    return {form: book.get_sheet_by_name(form.en).to_python() for form in SHEETS}


def edited(changes: dict[tuple[str, int, int], object], *, without: str = "") -> bytes:
    """The workbook of the small template as somebody saved it after changing these cells."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        for form, rows in sheets(small_template()).items():
            if form.en == without:
                continue
            sheet = book.add_worksheet(form.en)
            cells = {(at, i): each for at, row in enumerate(rows) for i, each in enumerate(row)}
            cells |= {(at, i): each for (name, at, i), each in changes.items() if name == form.en}
            for place, value in cells.items():
                sheet.write(*place, value)
    return file.getvalue()


def test_numbers_and_other_words_of_excel_are_taken() -> None:
    changes = {
        ("List", 1, 1): 2.0,
        ("Steps", 1, 14): "oui",
        ("Steps", 2, 14): "Non",
        ("Steps", 3, 8): "license; note",
        ("Steps", 0, 0): "clé",
    }
    template = read_workbook(edited(changes), "list.xlsx")
    assert template.version == 2
    assert template == msgspec.structs.replace(small_template(), version=2)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({("Steps", 2, 7): "10"}, "list.xlsx, sheet Steps, cell H3, steps[1].due: '10' is no"),
        ({("Steps", 3, 8): "licence"}, "sheet Steps, cell I4, steps[2].needs[0]: licence is unk"),
        ({("Steps", 1, 12): "photo"}, "sheet Steps, cell M2, steps[0].evidence: photo is none of"),
        ({("Steps", 1, 14): "maybe"}, "cell O2, steps[0].mandatory: true or false is needed here"),
        ({("Steps", 1, 3): ""}, "sheet Steps, cell D2, steps[0].text: the key en is missing"),
        ({("Steps", 1, 6): ""}, "sheet Steps, row 2, steps[0]: the key owner is missing"),
        ({("Phases", 1, 5): "any"}, "sheet Phases, cell F2, phases[0].mode: any is none of: read"),
        ({("List", 1, 1): "two"}, "sheet List, cell B2, version: a whole number is needed here"),
        ({("Steps", 0, 6): "When?"}, "list.xlsx: sheet Steps: there is no column When?"),
        ({("Steps", 1999, 9999): "x"}, "list.xlsx: the sheet Steps has more than 100 columns"),
        ({("Steps", 2100, 0): "x"}, "list.xlsx: the sheet Steps has more than 2000 rows"),
    ],
)
def test_what_is_wrong_is_told_with_its_cell(
    changes: dict[tuple[str, int, int], object], told: str
) -> None:
    with pytest.raises(TemplateInvalidError) as caught:
        read_workbook(edited(changes), "list.xlsx")
    assert told in caught.value.message


@pytest.mark.parametrize("sheet", ["List", "Phases", "Steps"])
def test_a_sheet_that_is_gone_is_missed(sheet: str) -> None:
    with pytest.raises(TemplateInvalidError, match=f"the sheet {sheet} is missing"):
        read_workbook(edited({}, without=sheet), "list.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"key;text\n", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook(content: bytes) -> None:
    with pytest.raises(TemplateInvalidError, match="cannot be read as a workbook") as caught:
        read_workbook(content, "list.xlsx")
    assert "template export" in caught.value.hint
