"""A template back from its Excel workbook; what is wrong is told with its sheet and its cell."""

import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from opskit.checklists.errors import TemplateInvalidError
from opskit.checklists.template_tools.excel_columns import (
    LIST,
    NO,
    PHASES,
    SHEETS,
    STEPS,
    YES,
    Heading,
    SheetForm,
)
from opskit.checklists.templates import Template, build_template
from opskit.core.i18n import _

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_UNPACKED = 20_000_000
MOST_ROWS = 2_000
MOST_COLUMNS = 100
TRUE = frozenset({YES, "oui", "ja", "true", "1"})
FALSE = frozenset({NO, "non", "nein", "false", "0"})

_STEP_PATH = re.compile(r"\$\.(steps|phases)\[([0-9]+)\]\.?([a-z_.]*)")


@dataclass(frozen=True, slots=True)
class _Row:
    """A filled row: what stands under each heading, and the row's number."""

    at: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    rows: list[_Row]
    letters: dict[str, str]


def read_workbook(
    content: bytes, source: str, *, checks: Collection[str] | None = None
) -> Template:
    """The template in a workbook that `workbook` wrote and somebody may have changed.

    Raises:
        TemplateInvalidError: it is no such workbook, or the template in it breaks a rule.
    """
    found = _sheets(content, source)
    missing = [form for form in SHEETS if form not in found]
    if missing:
        raise _refused(source, _("the sheet {name} is missing").format(name=missing[0].en))
    head, phases, steps = found[LIST], found[PHASES], found[STEPS]
    if not head.rows:
        raise _refused(source, _("the sheet {name} is empty").format(name=head.name))
    whole = _part(head.rows[0], LIST)
    whole["phases"] = [_part(row, PHASES) for row in phases.rows]
    whole["steps"] = [_part(row, STEPS) for row in steps.rows]
    place = _Places(head, phases, steps).of
    return build_template(whole, source, place=place, checks=checks)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a path of the template stands in the workbook."""

    head: _Sheet
    phases: _Sheet
    steps: _Sheet

    def of(self, path: str) -> str | None:
        if found := _STEP_PATH.match(path):
            sheet = self.steps if found[1] == "steps" else self.phases
            return _cell(sheet, int(found[2]), found[3])
        return _cell(self.head, 0, path.removeprefix("$."))


def _cell(sheet: _Sheet, index: int, key: str) -> str | None:
    if index >= len(sheet.rows):
        return _("sheet {name}").format(name=sheet.name)
    row = sheet.rows[index].at
    letter = sheet.letters.get(key) or sheet.letters.get(f"{key}.en")
    where = f"{letter}{row}" if letter else str(row)
    named = _("sheet {name}, cell {cell}") if letter else _("sheet {name}, row {cell}")
    return named.format(name=sheet.name, cell=where)


def _part(row: _Row, form: SheetForm) -> Any:  # noqa: ANN401 (as YAML would read it)
    """The row as the mapping that stands in a YAML file; what is usual is left out."""
    part: dict[str, Any] = {}
    for heading in form.headings:
        typed = row.cells.get(heading.key, "")
        group, dot, key = heading.key.partition(".")
        if dot:
            words = part.setdefault(group, {})
            if typed.strip():
                words[key] = typed
        elif typed.strip():
            part[heading.key] = _value(heading, typed.strip())
    return part


def _value(heading: Heading, typed: str) -> Any:  # noqa: ANN401
    match heading.key:
        case "version":
            return int(typed) if typed.isascii() and typed.isdigit() else typed
        case "mandatory":
            word = typed.lower()
            return True if word in TRUE else False if word in FALSE else typed
        case "needs":
            return _words(typed)
        case "check":
            is_list = typed.startswith("[") or "," in typed
            return _words(typed.strip("[]")) if is_list else typed
        case _:
            return typed


def _words(typed: str) -> list[str]:
    return [word for word in re.split(r"[,;\s]+", typed) if word]


def _sheets(content: bytes, source: str) -> dict[SheetForm, _Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise _refused(source, _("it is too large when unpacked"))
        book = CalamineWorkbook.from_object(BytesIO(content))
        return {
            form: _sheet(name, _rows(book.get_sheet_by_name(name), source), form, source)
            for name in book.sheet_names
            for form in SHEETS
            if form.is_called(name)
        }
    except (CalamineError, zipfile.BadZipFile) as err:
        raise _refused(source, _("it cannot be read as a workbook")) from err


def _rows(sheet: "CalamineSheet", source: str) -> Sequence[Sequence[object]]:
    """From A1 on, so that rows and columns have the names that Excel shows."""
    if sheet.total_height > MOST_ROWS:
        told = _("the sheet {name} has more than {most} rows")
        raise _refused(source, told.format(name=sheet.name, most=MOST_ROWS))
    if sheet.total_width > MOST_COLUMNS:  # one word far out, and all cells before it are made
        told = _("the sheet {name} has more than {most} columns")
        raise _refused(source, told.format(name=sheet.name, most=MOST_COLUMNS))
    return sheet.to_python(skip_empty_area=False)


def _sheet(name: str, rows: Sequence[Sequence[object]], form: SheetForm, source: str) -> _Sheet:
    if not rows:
        raise _refused(source, _("the sheet {name} is empty").format(name=name))
    columns = dict(_columns(rows[0], form))
    strange = [
        str(title)
        for at, title in enumerate(rows[0])
        if str(title).strip() and at not in columns.values()
    ]
    if strange:
        told = _("sheet {name}: there is no column {column}")
        raise _refused(source, told.format(name=name, column=strange[0]))
    filled = [
        _Row(at, {key: _text(row[column]) for key, column in columns.items() if column < len(row)})
        for at, row in enumerate(rows[1:], 2)
        if any(_text(cell).strip() for cell in row)
    ]
    return _Sheet(name, filled, {key: chr(ord("A") + at) for key, at in columns.items()})


def _columns(titles: Sequence[object], form: SheetForm) -> Iterator[tuple[str, int]]:
    for at, title in enumerate(titles):
        for heading in form.headings:
            if heading.is_called(str(title)):
                yield heading.key, at


def _text(value: object) -> str:
    """A number as it was typed: 2 and not 2.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _refused(source: str, reason: str) -> TemplateInvalidError:
    return TemplateInvalidError(
        f"{source}: {reason}",
        hint=_("begin with a workbook of `opskit checklist template export`"),
    )
