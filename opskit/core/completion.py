"""Completion of names in the shell, from the database alone: no server is asked."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import typer

from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.text import fold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Complete = Callable[[typer.Context, str], list[str]]


def completing(read: "Callable[[Session], Iterable[str]]") -> Complete:
    """A Typer autocompletion over names read from the database.

    Where there is no home or no database, nothing is offered and nothing is said: a shell in the
    middle of a line is no place for an error.
    """

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        run = ctx.obj
        if not isinstance(run, AppContext):
            return []
        try:
            with run.snapshot() as session:
                names = list(read(session))
        except OpsError:
            return []
        return [name for name in names if fold(name).startswith(fold(incomplete))]

    return complete
