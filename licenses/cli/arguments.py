"""The arguments that several commands of the group share."""

from typing import Annotated

import typer

from licenses.completion import complete_number, complete_request
from opskit.core.i18n import _

RequestArgument = Annotated[
    str,
    typer.Argument(
        metavar="REQUEST",
        autocompletion=complete_request,
        help=_("The number of a request, R12, or of a whole batch, B3."),
    ),
]
NumberArgument = Annotated[
    str,
    typer.Argument(metavar="NUMBER", autocompletion=complete_number, help=_("R12 or L1042.")),
]
TargetArgument = Annotated[
    str,
    typer.Argument(
        metavar="LICENCE",
        autocompletion=complete_number,
        help=_("L1042, or a client's code for its current production licence."),
    ),
]
OrderOption = Annotated[
    str | None, typer.Option("--order", metavar="NUMBER", help=_("The order it fulfils."))
]
