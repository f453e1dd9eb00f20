"""The options that mean the same everywhere (design: one grammar)."""

from typing import Annotated

import typer

from opskit.core.i18n import _

JsonOption = Annotated[bool, typer.Option("--json", help=_("Print JSON, for scripts."))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Show what would happen."))]
PasswordFileOption = Annotated[
    str | None,
    typer.Option(
        "--password-file", metavar="FILE", help=_("Read the password from FILE, or - for stdin.")
    ),
]
TicketOption = Annotated[
    str | None,
    typer.Option(
        "--ticket", metavar="KEY", envvar="OPSKIT_TICKET", help=_("The reason, such as CS-1234.")
    ),
]
