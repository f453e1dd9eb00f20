"""Which runs a list shows."""

from opskit.core.errors import InvalidError
from opskit.core.i18n import _

STATES = ("open", "closed", "cancelled")


def require_state(state: str | None) -> None:
    """Raises InvalidError: a run is in no such state."""
    if state is not None and state not in STATES:
        raise InvalidError(
            _("{text} is no state of a list").format(text=repr(state)), hint=", ".join(STATES)
        )
