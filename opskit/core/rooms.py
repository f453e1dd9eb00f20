"""A group whose commands live in several modules, of which only the typed one is imported."""

from collections.abc import Mapping
from typing import Any

import typer

from opskit.core.cliapp import AppRef, OpsGroup, group_of, load


def rooms(help_text: str, table: Mapping[str, str]) -> typer.Typer:
    """A feature's group from a table of name -> module; each module has an `app` of its own.

    The group's own help imports them all.
    """

    class Rooms(OpsGroup):
        """The group of this table."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.commands = _Commands(table)

        def list_commands(self, ctx: Any) -> list[str]:
            del ctx
            return list(table)

    return group_of(Rooms, help_text)


class _Commands(dict[str, Any]):
    """Commands by name, each fetched from the group of its module when it is asked for."""

    def __init__(self, table: Mapping[str, str]) -> None:
        super().__init__(dict.fromkeys(table))
        self._table = table

    def __getitem__(self, name: str) -> Any:
        return load(AppRef(self._table[name], str)).commands[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self._table else default

    def items(self) -> Any:
        return [(name, self[name]) for name in self]
