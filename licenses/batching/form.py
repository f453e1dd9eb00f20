"""The Excel form that `license batch` reads back: drop-downs, checked cells, an example, help."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from licenses.batching.columns import HEADINGS, REMARK
from licenses.batching.formwords import explained
from licenses.payload import EPOCH, LAST_DATE, LicenseKind
from opskit.core.catalog import Catalog
from opskit.core.i18n import _, language

ROWS = 10_000  # that are checked while one types
NARROW, WIDE = 18, 44
TEXT = frozenset({"modules", "version_ceiling", "site", "order_ref", "ticket"})
DAYS = frozenset({"valid_from", "valid_until", "maintenance_until"})
LONGEST_GRACE = 255

Rule = dict[str, Any]  # as xlsxwriter takes them


def form(catalog: Catalog, clients: Mapping[str, str], *, today: date) -> bytes:
    """A workbook in the person's language; `clients` are codes and names."""
    from xlsxwriter import Workbook

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        _Form(book, catalog, clients).fill(today)
    return file.getvalue()


class _Form:
    """The sheets of one workbook: what is filled in comes first, and is what gets read."""

    def __init__(self, book: Any, catalog: Catalog, clients: Mapping[str, str]) -> None:  # noqa: ANN401 (xlsxwriter has no types)
        self._book = book
        self._catalog = catalog
        self._clients = clients
        self._bold = book.add_format({"bold": True})
        self._lists: Mapping[str, Sequence[str]] = {
            "client": list(clients),
            "kind": [each.value for each in LicenseKind],
            "product": [each.code for each in catalog.products],
            "edition": [each.code for each in catalog.editions],
            "version_ceiling": [each.number for each in catalog.versions],
        }
        self._lists_title = _("Lists")

    def fill(self, today: date) -> None:
        requests = self._book.add_worksheet(_("Requests"))
        self._write_columns(requests)
        self._write_example(requests, today)
        self._write_lists()
        sold = [each for each in self._catalog.modules if not each.retired]
        modules = [(each.code, each.names.in_language(language())) for each in sold]
        self._write_table(_("Modules"), (_("Code"), _("Name")), modules)
        self._write_table(_("Clients"), (_("Code"), _("Name")), self._clients.items())
        self._write_table(_("Help"), (_("Column"), _("What is typed there")), explained())

    def _write_columns(self, sheet: Any) -> None:  # noqa: ANN401
        title = self._book.add_format({"bold": True, "bg_color": "#DDE6F0", "bottom": 1})
        text = self._book.add_format({"num_format": "@"})
        day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        for column, heading in enumerate(HEADINGS):
            key = heading.key
            cells = text if key in TEXT else day if key in DAYS else None
            sheet.set_column(column, column, WIDE if key == "modules" else NARROW, cells)
            sheet.write_string(0, column, heading.in_language(language()), title)
            rule = self._rule(key)
            if rule is not None:
                sheet.data_validation(1, column, ROWS, column, rule)
        sheet.freeze_panes(1, 1)

    def _rule(self, key: str) -> Rule | None:
        """What Excel lets one type into a column."""
        if key in self._lists:
            letter = chr(ord("A") + list(self._lists).index(key))
            last = max(2, 1 + len(self._lists[key]))
            return {
                "validate": "list",
                "source": f"='{self._lists_title}'!${letter}$2:${letter}${last}",
                "error_type": "warning",  # a remark may stand there too
                "error_title": _("Not in the list"),
                "error_message": _("Choose from the list."),
            }
        if key in DAYS:
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": EPOCH,
                "maximum": LAST_DATE,
                "error_title": _("No day"),
                "error_message": _("Type a day, such as 2027-12-31."),
            }
        if key == "grace_days":
            return {
                "validate": "integer",
                "criteria": "between",
                "minimum": 0,
                "maximum": LONGEST_GRACE,
            }
        return None

    def _write_example(self, sheet: Any, today: date) -> None:  # noqa: ANN401
        """A row that asks for nothing, since it begins with the sign of a remark."""
        pale = {"font_color": "#808080", "italic": True}
        plain = self._book.add_format(pale)
        day = self._book.add_format({**pale, "num_format": "yyyy-mm-dd"})
        example: dict[str, object] = {
            "client": f"{REMARK} {next(iter(self._clients), 'DELEZE')}",
            "kind": LicenseKind.PRODUCTION.value,
            "modules": " ".join(each.code for each in self._catalog.modules[:3]),
            "named_users": 60,
            "valid_from": today,
            "maintenance_until": date(today.year + 1, 12, 31),
            "order_ref": "SO-42566",
            "ticket": "CS-1002",
        }
        for column, heading in enumerate(HEADINGS):
            value = example.get(heading.key)
            if value is not None:
                sheet.write(1, column, value, day if isinstance(value, date) else plain)
        sheet.write_comment(1, 0, _("An example. A row that begins with # asks for nothing."))

    def _write_lists(self) -> None:
        """What the drop-downs show, a column each."""
        sheet = self._book.add_worksheet(self._lists_title)
        titles = {each.key: each.in_language(language()) for each in HEADINGS}
        for column, (key, words) in enumerate(self._lists.items()):
            sheet.write_string(0, column, titles[key], self._bold)
            sheet.write_column(1, column, words)
        sheet.set_column(0, len(self._lists) - 1, NARROW)

    def _write_table(
        self, title: str, headings: tuple[str, str], rows: Iterable[tuple[str, str]]
    ) -> None:
        sheet = self._book.add_worksheet(title)
        sheet.write_row(0, 0, headings, self._bold)
        for at, row in enumerate(rows, 1):
            sheet.write_row(at, 0, row)
        sheet.set_column(0, 0, NARROW)
        sheet.set_column(1, 1, 2 * WIDE)
        sheet.freeze_panes(1, 0)
