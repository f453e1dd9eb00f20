"""How a command names a client, the same in every group."""

from typing import Annotated

import typer

from opskit.clients.completion import complete_client
from opskit.core.i18n import _

ClientArgument = Annotated[
    str,
    typer.Argument(metavar="CLIENT", autocompletion=complete_client, help=_("The client's code.")),
]
ClientOption = Annotated[
    str | None,
    typer.Option(
        "--client", metavar="CODE", autocompletion=complete_client, help=_("Only this client.")
    ),
]
