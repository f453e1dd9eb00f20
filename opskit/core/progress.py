"""A bar for work that takes more than a moment: on stderr, on a terminal, and nowhere else."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from opskit.core.screen import screen_of

Step = Callable[[int], None]
Item = TypeVar("Item")


@contextmanager
def progress(label: str, total: int) -> Iterator[Step]:
    """Give the function that is told how many more are done."""
    if total == 0 or screen_of(sys.stderr).width is None:
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    # Else rich would take what goes to stdout meanwhile and write it to the terminal.
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(label, total=total)
        yield lambda count: bar.advance(task, count)


def counted(label: str, items: Iterable[Item], total: int) -> Iterator[Item]:
    """The items, each counted once it has been dealt with."""
    with progress(label, total) as step:
        for item in items:
            yield item
            step(1)
