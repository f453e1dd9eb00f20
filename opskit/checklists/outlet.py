"""What the commands that bring runs out of opskit have in common."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from opskit.core.cliapp import examples
from opskit.core.completion import Complete
from opskit.core.i18n import _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.checklists.confidential import Asker
    from opskit.checklists.models import Run

ReadRun = Callable[["Session", str, "Asker"], "Run"]
RunsOf = Callable[["Session", str], Collection[int]]


@dataclass(frozen=True, slots=True)
class Campaigns:
    """How a feature finds the runs of a campaign: the engine knows of none."""

    runs: RunsOf
    complete: Complete


@dataclass(frozen=True, slots=True)
class Outlet:
    """One feature's group, and how it finds its runs."""

    app: typer.Typer
    group: str
    sample: str
    find: ReadRun
    complete: Complete

    @property
    def file(self) -> str:
        """What the examples call a file of the sample."""
        return self.sample.strip('"').lower().replace(" ", "-")

    @property
    def argument(self) -> Any:  # noqa: ANN401 (as Typer declares it)
        return typer.Argument(
            metavar="RUN",
            autocompletion=self.complete,
            help=_("Which list, such as {example}.").format(example=self.sample),
        )

    def shown(self, *endings: str) -> str:
        return examples(*(f"opskit {self.group} {ending}" for ending in endings))
