"""What an import says at its end: a row a client, what differs, what stays behind and why."""

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from opskit.core.i18n import _, colon
from opskit.core.output import say, show_json, show_rows
from opskit.core.private_files import write_asked_for
from opskit.core.screen import Screen, screen_of
from opskit.core.tables import Cell, Column, table_lines
from vault.importing.errors import EntriesDifferError, NotPlacedError
from vault.importing.records import Leftover, Source
from vault.importing.report import Fate, Report
from vault.importing.settling import Manner

MOST_SHOWN = 20
COLUMNS = ("group", "title", "ref", "reason")


def conclude(
    report: Report, *, file: Path, source: Source, manner: Manner, out: Path | None, as_json: bool
) -> None:
    """Print it all, write the `--report`, and end as it went.

    JSON keys: `file`, `format`, `dry_run`, `clients` (a list of `client`, `new`, `same`,
    `updated`, `different`), `different` (a list of `ref` and `fields`), `not_placed` (a list of
    `group`, `title`, `ref`, `reason`), `in_recycle_bin`.

    Raises:
        NotPlacedError: something stays behind. EntriesDifferError: only something differs.
        ConflictError, UnavailableError: the report cannot be written.
    """
    rows = [_row(each) for each in report.leftovers]
    if as_json:
        show_json(
            {
                "file": str(file),
                "format": source.format,
                "dry_run": manner.dry_run,
                "clients": report.rows(),
                "different": [asdict(each) for each in report.different],
                "not_placed": rows,
                "in_recycle_bin": source.skipped,
            }
        )
    else:
        _show_counts(report, are_titled=manner.dry_run)
    _show_rest(report, rows, source)
    if out is not None:
        differing = [_difference(each.ref, each.fields) for each in report.different]
        write_asked_for(out, _as_csv([*rows, *differing]))
        say(_("{file} written").format(file=out))
    if manner.dry_run:
        say(_("this was a trial; nothing was stored"))
    elif not report.total(Fate.NEW, Fate.UPDATED) and not rows and not report.different:
        say(_("everything was in the safe already"))
    _raise(report, file, out)


def _show_counts(report: Report, *, are_titled: bool) -> None:
    """In a pipe stderr names the columns of a trial, whose numbers a person may well look at."""
    columns = {
        "client": _("Client"),
        Fate.NEW.value: _("New"),
        Fate.SAME.value: _("Same"),
        Fate.UPDATED.value: _("Updated"),
        Fate.DIFFERENT.value: _("Different"),
    }
    if are_titled and report.clients and screen_of(sys.stdout).width is None:
        say("\t".join(columns.values()))
    show_rows(report.rows(), columns, empty=_("nothing of it found a place"))


def _show_rest(report: Report, rows: Sequence[dict[str, str]], source: Source) -> None:
    if source.skipped:
        say(_("left out, as in the recycle bin: {count}").format(count=source.skipped))
    differing = [_difference(each.ref, each.fields) for each in report.different]
    for title, shown in ((_("Different in the safe"), differing), (_("Not placed"), rows)):
        if shown:
            say(f"\n{colon(title)}")
            _say_table(shown[:MOST_SHOWN])
        if len(shown) > MOST_SHOWN:
            say(
                _("and {count} more; --report FILE writes them all").format(
                    count=len(shown) - MOST_SHOWN
                )
            )


def _say_table(rows: Sequence[dict[str, str]]) -> None:
    screen = screen_of(sys.stderr)
    titles = {
        "group": _("Folder"),
        "title": _("Title"),
        "ref": _("Entry"),
        "reason": _("Reason"),
    }
    if screen.width is None:
        for row in rows:
            say("\t".join(row[key] for key in COLUMNS))
        return
    table = [Column(titles[key], [Cell(row[key]) for row in rows]) for key in COLUMNS]
    shown = [column for column in table if any(cell.text for cell in column.cells)]
    for line in table_lines(shown, screen=Screen(screen.width)):
        say(line)


def _row(leftover: Leftover) -> dict[str, str]:
    return {
        "group": " ".join("/".join(leftover.group).split()),
        "title": " ".join(leftover.title.split()),
        "ref": leftover.ref,
        "reason": leftover.reason,
    }


def _difference(ref: str, fields: Sequence[str]) -> dict[str, str]:
    reason = _("other {fields}").format(fields=", ".join(fields))
    return {"group": "", "title": "", "ref": ref, "reason": reason}


def _as_csv(rows: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _raise(report: Report, file: Path, out: Path | None) -> None:
    if report.leftovers:
        raise NotPlacedError(
            _("without a place, of {file}: {count}; the rest is fine").format(
                count=len(report.leftovers), file=file.name
            ),
            hint="; ".join(_ways_on(report, file, out)),
        )
    if report.different:
        raise EntriesDifferError(
            _("entries that differ from what the safe holds: {count}").format(
                count=len(report.different)
            ),
            hint=_to_update(),
        )


def _ways_on(report: Report, file: Path, out: Path | None) -> Iterator[str]:
    if out is None:
        yield _("put right what the reasons name, and import {file} again").format(file=file.name)
    else:
        yield _("{report} says why").format(report=out)
    if report.different:
        yield _to_update()


def _to_update() -> str:
    return _("--update writes the file's over them, as a next version")
