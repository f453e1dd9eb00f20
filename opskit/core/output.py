"""Data on stdout, talk on stderr: a table for people, plain lines for a pipe, JSON for scripts."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from opskit.core.errors import ExitCode, OpsError
from opskit.core.i18n import _

GAP = 2  # between the columns of a table


def data(text: str) -> None:
    """What was asked for; nothing else goes to stdout."""
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """What a person should know; never in the way of a pipe."""
    sys.stderr.write(text + "\n")


def explain(err: OpsError) -> int:
    """Print what went wrong and what to do, and return the exit code."""
    say(f"error[{err.reference}]: {err.message}")
    say(_("hint: {hint}").format(hint=err.hint))
    return err.exit_code


def stopped() -> int:
    """Say that Ctrl-C was heard, and return the exit code."""
    say("\n" + _("stopped; nothing more was done"))
    return ExitCode.UNEXPECTED


def show_json(value: Any) -> None:  # noqa: ANN401 (whatever JSON can hold)
    data(json.dumps(value, ensure_ascii=False, indent=2, default=_as_json))


def _as_json(value: object) -> str:
    """Moments and days as ISO 8601, whatever else has words of its own."""
    isoformat = getattr(value, "isoformat", None)
    return str(value if isoformat is None else isoformat())


def show_rows(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], *, as_json: bool = False
) -> None:
    """Show rows: every key as JSON, else the given columns (key to heading)."""
    if as_json:
        show_json([dict(row) for row in rows])
    elif sys.stdout.isatty():
        _show_table(rows, columns)
    else:
        for row in rows:
            data("\t".join(_plain(row[key]) for key in columns))


def _show_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Columns in which nothing stands are left out; sentences wrap before names and dates do."""
    from rich.console import Console
    from rich.table import Table

    plain = bool(os.environ.get("NO_COLOR"))
    console = Console(
        highlight=False, markup=False, emoji=False, color_system=None if plain else "auto"
    )
    cells = {title: [_plain(row[key]) for row in rows] for key, title in columns.items()}
    used = {title: texts for title, texts in cells.items() if any(texts)}
    has_room = sum(_narrowest(title, texts) + GAP for title, texts in used.items()) <= console.width
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for title, texts in used.items():
        is_name = not any(" " in text for text in texts)
        table.add_column(title, overflow="fold", no_wrap=has_room and is_name)
    for line in zip(*used.values(), strict=True):
        table.add_row(*line)
    console.print(table)


def _narrowest(title: str, texts: Sequence[str]) -> int:
    """How narrow a column can get without breaking a word."""
    if any(" " in text for text in texts):
        return max(len(word) for text in (title, *texts) for word in text.split())
    return max(len(text) for text in (title, *texts))


def _plain(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple() | set() | frozenset():
            return " ".join(str(each) for each in value)
        case _:
            return " ".join(str(value).split())
