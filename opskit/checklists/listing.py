"""Which runs a list shows."""

from typing import Annotated

import typer

from opskit.core.completion import choices
from opskit.core.errors import InvalidError
from opskit.core.i18n import _

STATES = ("open", "closed", "cancelled")

StateOption = Annotated[
    str | None,
    typer.Option(
        "--state",
        metavar="STATE",
        autocompletion=choices(STATES),
        help=_("Only open, closed or cancelled ones."),
    ),
]
LateOption = Annotated[bool, typer.Option("--late", help=_("Only those with a late step."))]


def require_state(state: str | None) -> None:
    """Raises InvalidError: a run is in no such state."""
    if state is not None and state not in STATES:
        raise InvalidError(
            _("{text} is no state of a list").format(text=repr(state)), hint=", ".join(STATES)
        )
