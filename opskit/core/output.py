"""Data on stdout, talk on stderr: a table for people, plain lines for a pipe, JSON for scripts."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from opskit.core.errors import OpsError
from opskit.core.i18n import _


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


def show_json(value: Any) -> None:  # noqa: ANN401 (whatever JSON can hold)
    data(json.dumps(value, ensure_ascii=False, indent=2, default=str))


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
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(_plain(row[key]) for key in columns))
    plain = bool(os.environ.get("NO_COLOR"))
    Console(
        highlight=False, markup=False, emoji=False, color_system=None if plain else "auto"
    ).print(table)


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
