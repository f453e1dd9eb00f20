"""How the accounts look: row by row, so that a report may be longer than the memory."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from opskit.core.errors import UnavailableError
from opskit.core.i18n import _
from opskit.core.output import data
from opskit.core.screen import Screen, Tone
from opskit.core.system_errors import reason_of
from opskit.core.table_files import harmless
from opskit.core.tables import Cell, Column, table_lines
from vault.accounting.audit_log import Outcome
from vault.accounting.forms import Form
from vault.accounting.report import NO_TICKET

Row = Mapping[str, Any]
Sink = Callable[[str], object]

KEYS = ("at", "who", "entity_id", "ref", "guarded", "version", "address", "ticket", "outcome")
COLUMNS = tuple(key for key in KEYS if key not in {"entity_id", "guarded"})


def show_reads(rows: Iterable[Row], *, form: Form, screen: Screen, out: Path | None) -> None:
    """Write the report to stdout, or into a new file that only its owner may read.

    Raises:
        ConflictError: the file is there already. NotFoundError, InvalidError, UnavailableError:
        it cannot be made. OutputLostError: stdout is closed.
    """
    with _sink(out) as sink:
        if form is Form.CSV:
            _write_csv(rows, sink)
        elif form is Form.JSON:
            _write_json(rows, sink)
        elif out is not None or screen.width is None:
            for row in rows:
                sink("\t".join(_plain(row[key]) for key in COLUMNS))
        else:
            _write_table(rows, sink, screen)


def table_of(
    columns: Mapping[str, Sequence[Cell]], titles: Mapping[str, str], screen: Screen
) -> list[str]:
    """The lines of a table, without the columns in which nothing stands."""
    shown = [
        Column(titles[key], cells)
        for key, cells in columns.items()
        if any(cell.text for cell in cells)
    ]
    return list(table_lines(shown, screen=screen)) if shown else []


def local(moment: str) -> str:
    """A moment as the clock on the person's wall shows it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


@contextmanager
def _sink(out: Path | None) -> Iterator[Sink]:
    if out is None:
        yield data
        return
    from tempfile import mkstemp

    from opskit.core.private_files import require_free

    require_free(out)
    try:
        descriptor, name = mkstemp(dir=out.parent, prefix=f".{out.name}.")
        try:
            with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
                yield lambda text: file.write(text + "\n")
            Path(name).replace(out)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as err:
        raise UnavailableError(
            _("cannot write {file}: {reason}").format(file=out, reason=reason_of(err)),
            hint=_("nothing is lost: make the place writable or choose another, and try again"),
        ) from err


def _write_csv(rows: Iterable[Row], sink: Sink) -> None:
    sink(",".join(KEYS))
    for row in rows:
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(harmless(_plain(row[key])) for key in KEYS)
        sink(line.getvalue())


def _write_json(rows: Iterable[Row], sink: Sink) -> None:
    """One array, a row a line."""
    sink("[")
    before = ""
    for row in rows:
        if before:
            sink(before + ",")
        before = "  " + json.dumps(row, ensure_ascii=False)
    if before:
        sink(before)
    sink("]")


def _write_table(rows: Iterable[Row], sink: Sink, screen: Screen) -> None:
    """The widths of its columns are known only after the last row."""
    columns: dict[str, list[Cell]] = {key: [] for key in COLUMNS}
    for row in rows:
        for key, column in columns.items():
            column.append(_cell(key, row))
    for line in table_of(columns, _labels(), screen):
        sink(line)


def _cell(key: str, row: Row) -> Cell:
    match key:
        case "at":
            return Cell(local(row["at"]))
        case "ref" if row["guarded"]:
            return Cell(_("{entry} (guarded)").format(entry=row["ref"]))
        case "outcome":
            return _OUTCOMES.get(row["outcome"], lambda: Cell(""))()
        case _:
            return Cell(_plain(row[key]))


_OUTCOMES: Mapping[str, Callable[[], Cell]] = {
    NO_TICKET: lambda: Cell(_("no ticket"), Tone.DOUBT),
    Outcome.DENIED.value: lambda: Cell(_("denied"), Tone.BAD),
}


def _labels() -> dict[str, str]:
    return {
        "at": _("When"),
        "who": _("Who"),
        "ref": _("Entry"),
        "version": _("Version"),
        "address": _("From"),
        "ticket": _("Ticket"),
        "outcome": _("Remark"),
    }


def _plain(value: object) -> str:
    """A value as scripts read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
