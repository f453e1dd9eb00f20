"""What the commands of templates share."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.checklists.completion import complete_template
from opskit.core.i18n import _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.checklists.templates import Template
    from opskit.core.context import AppContext

SAMPLE = "patch-preparation"

IdArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        autocompletion=complete_template,
        help=_("The template's id, such as {example}.").format(example=SAMPLE),
    ),
]
SourceArgument = Annotated[
    str,
    typer.Argument(
        metavar="TEMPLATE",
        autocompletion=complete_template,
        help=_("A file, an id, or a version such as {example}.").format(example=f"{SAMPLE}/2"),
    ),
]


def known_checks(run: "AppContext") -> Collection[str]:
    """The names of all checks that are plugged in."""
    from opskit.checklists.ports import CheckSource

    return run.plug(CheckSource).names()


def known_facts(run: "AppContext") -> Collection[str]:
    """What conditions may ask of a client."""
    from opskit.checklists.template_tools.ports import ClientDirectory

    return run.plug(ClientDirectory).fact_names()


def shipped(run: "AppContext") -> "Sequence[Template]":
    from opskit.checklists.template_tools.ports import ShippedTemplates

    return run.plug(ShippedTemplates).templates()


def find(run: "AppContext", session: "Session", typed: str) -> "Template":
    """The template that was typed, be it a file or a name."""
    from opskit.checklists.template_tools.finding import find_template

    return find_template(session, typed, shipped=shipped(run), checks=known_checks(run))
