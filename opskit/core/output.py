"""Data on stdout, talk on stderr: a table for people, plain lines for a pipe, JSON for scripts."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any


def data(text: str) -> None:
    """What was asked for; nothing else goes to stdout."""
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """What a person should know; never in the way of a pipe."""
    sys.stderr.write(text + "\n")


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
    Console(highlight=False, markup=False, no_color="NO_COLOR" in os.environ).print(table)


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
