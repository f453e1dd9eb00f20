"""Completion of names in the shell, from the database alone: no server is asked."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

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
        return _offered(names, incomplete)

    return complete


def choices(names: Iterable[str]) -> Complete:
    """A Typer autocompletion over names that never change."""
    fixed = tuple(names)

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        del ctx
        return _offered(fixed, incomplete)

    return complete


class _Offer(str):
    """Typer drops what does not start with the typed letters, but `de` means `DELEZE` too."""

    __slots__ = ()

    def startswith(self, prefix: Any, *bounds: Any) -> bool:  # noqa: ANN401 (as str has it)
        return fold(self).startswith(fold(prefix), *bounds)


def _offered(names: Iterable[str], incomplete: str) -> list[str]:
    offers = [_Offer(name) for name in names]
    return [offer for offer in offers if offer.startswith(incomplete)]
