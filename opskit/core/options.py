"""The options that mean the same everywhere (design: one grammar)."""

from pathlib import Path
from typing import Annotated

import typer

from opskit.core.completion import choices
from opskit.core.i18n import _

JsonOption = Annotated[bool, typer.Option("--json", help=_("Print JSON, for scripts."))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Show what would happen."))]
PasswordFileOption = Annotated[
    str | None,
    typer.Option(
        "--password-file", metavar="FILE", help=_("Read the password from FILE, or - for stdin.")
    ),
]
OutOption = Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Where to write it."))]
TableFormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        autocompletion=choices(("xlsx", "csv", "json")),
        help=_("xlsx, csv or json; by default what FILE ends in."),
    ),
]
FromTodayOption = Annotated[
    str | None,
    typer.Option("--from", metavar="DATE", help=_("From this day on; by default today.")),
]
UpToOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help=_("Only up to this day."))
]
TicketOption = Annotated[
    str | None,
    typer.Option(
        "--ticket", metavar="KEY", envvar="OPSKIT_TICKET", help=_("The reason, such as CS-1234.")
    ),
]
