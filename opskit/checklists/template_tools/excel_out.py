"""A template as an Excel workbook for those who write no YAML: drop-downs, and a sheet of help."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import msgspec

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
from opskit.checklists.templates import Template
from opskit.core.i18n import _, language

ROWS = 500  # that offer the drop-downs
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # else the same template would make another file


def workbook(template: Template, *, owners: Sequence[str], checks: Sequence[str]) -> bytes:
    """A workbook in the person's language; `owners` and `checks` are what is offered there."""
    from xlsxwriter import Workbook

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        book.set_properties({"created": MADE})
        _Writer(book).write(template, owners=owners, checks=checks)
    return file.getvalue()


class _Writer:
    """One workbook. Every cell is a text, so that Excel makes no formula of `-10bd`."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 (xlsxwriter has no types)
        self._book = book
        self._title = book.add_format({"bold": True, "bg_color": "#DDE6F0", "bottom": 1})
        self._text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self._lists_title = _("Lists")

    def write(self, template: Template, *, owners: Sequence[str], checks: Sequence[str]) -> None:
        parts = msgspec.to_builtins(template)
        rows = {LIST: [parts], PHASES: parts["phases"], STEPS: parts["steps"]}
        lists = {
            "phase": [phase.key for phase in template.phases],
            "owner": sorted({*owners, *(step.owner for step in template.steps)}),
            "check": sorted(checks),
        }
        for form in SHEETS:
            self._write_sheet(form, rows[form], lists)
        self._write_lists(lists)
        self._write_help()

    def _write_sheet(
        self, form: SheetForm, rows: Sequence[dict[str, Any]], lists: dict[str, list[str]]
    ) -> None:
        sheet = self._book.add_worksheet(form.in_language(language()))
        for column, heading in enumerate(form.headings):
            sheet.set_column(column, column, heading.width, self._text)
            sheet.write_string(0, column, heading.in_language(language()), self._title)
            if rule := self._rule(heading, lists if form is STEPS else {}):
                sheet.data_validation(1, column, ROWS, column, rule)
        for at, row in enumerate(rows, 1):
            for column, heading in enumerate(form.headings):
                sheet.write_string(at, column, as_cell(heading, row), self._text)
        sheet.freeze_panes(1, 1)

    def _rule(self, heading: Heading, lists: dict[str, list[str]]) -> dict[str, Any] | None:
        """What Excel offers; a check may be a list, so that other words are taken there too."""
        if heading.choices:
            source: Any = list(heading.choices)
        elif lists.get(heading.key):
            letter = chr(ord("A") + list(lists).index(heading.key))
            last = 1 + len(lists[heading.key])
            source = f"='{self._lists_title}'!${letter}$2:${letter}${last}"
        else:
            return None
        return {
            "validate": "list",
            "source": source,
            "error_type": "stop" if heading.choices else "warning",
            "error_title": _("Not in the list"),
            "error_message": _("Choose from the list."),
        }

    def _write_lists(self, lists: dict[str, list[str]]) -> None:
        """What the drop-downs show, a column each."""
        sheet = self._book.add_worksheet(self._lists_title)
        for column, (key, words) in enumerate(lists.items()):
            heading = next(each for each in STEPS.headings if each.key == key)
            sheet.write_string(0, column, heading.in_language(language()), self._title)
            sheet.write_column(1, column, words)
            sheet.set_column(column, column, heading.width)

    def _write_help(self) -> None:
        sheet = self._book.add_worksheet(_("Help"))
        sheet.write_row(0, 0, (_("Column"), _("What is typed there")), self._title)
        for at, (name, told) in enumerate(_explained(), 1):
            sheet.write_row(at, 0, (name, told))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)


def as_cell(heading: Heading, part: dict[str, Any]) -> str:
    """A value of the template as it stands in its cell; empty where it is the usual one."""
    value: Any = part
    for key in heading.key.split("."):
        value = value.get(key, "") if isinstance(value, dict) else ""
    if heading.key == "mandatory":
        return NO if value is False else YES
    if heading.choices:
        return str(value or heading.choices[0])
    if isinstance(value, list | tuple):
        words = ", ".join(value)
        return f"[{words}]" if heading.key == "check" else words  # a list of one stays a list
    return "" if value is None else str(value)


def _explained() -> Iterator[tuple[str, str]]:
    told = {
        "id": _("the name of the list for ever: lower-case words joined by dashes"),
        "version": _("a number; raise it with every change"),
        "anchor": _("what the day is called from which the due dates count"),
        "canton": _("whose holidays count, where nobody says otherwise: BE"),
        "mode": _("read-do: one step after the other; do-confirm: in any order"),
        "key": _("the name of the step or phase for ever: lower-case words joined by dashes"),
        "phase": _("the key of a phase on the sheet before"),
        "owner": _("the role that usually does it"),
        "due": _("-10bd is ten business days before; backup +2bd two after the step backup"),
        "needs": _("keys of the steps that come first, separated by commas"),
        "when": _('the step applies only then, such as client.canton == "BE"'),
        "check": _("the name of a check that answers the step, or several in [a, b]"),
        "recheck": _("before-go: an answer counts only on the day it was given"),
        "evidence": _("what must be said when the step is ticked"),
        "approval": _("other-person: not by the person whose list it is"),
        "mandatory": _("no: the step may be left out, with a reason"),
        "gate": _("go: the decision before the day; close: the end of the list"),
    }
    seen: set[str] = set()
    for form in SHEETS:
        for heading in form.headings:
            if heading.key in told and heading.key not in seen:
                seen.add(heading.key)
                yield heading.in_language(language()), told[heading.key]
