"""What several commands of the onboarding take."""

from pathlib import Path
from typing import Annotated

import typer

from onboarding.completion import complete_consultant
from onboarding.names import MODULES, SITES
from opskit.core.completion import choices
from opskit.core.i18n import _

NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME", autocompletion=complete_consultant, help=_("Name, login or number (O3).")
    ),
]
SiteOption = Annotated[
    str | None,
    typer.Option("--site", autocompletion=choices(SITES), help=_("sonceboz or lausanne.")),
]
ModulesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--module",
        metavar="MODULE",
        autocompletion=choices(MODULES),
        help=_("A module besides, such as on-call; may be given several times."),
    ),
]
IntoFileOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help=_("Write it into this file."))
]
