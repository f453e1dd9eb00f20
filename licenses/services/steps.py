"""The next step in a request's life, by its row."""

from licenses.models import LicenseRequest
from licenses.states import RequestState, require_move
from opskit.core.refs import format_number


def require_step(
    found: LicenseRequest, wanted: RequestState, *, without_approval: bool = False
) -> None:
    """Let a request become `wanted`, which it may not be yet.

    Raises:
        ConflictError: it cannot; what is closed can be asked for again, as it was.
    """
    require_move(
        found.number,
        RequestState(found.state),
        wanted,
        anew=_asking_again(found),
        without_approval=without_approval,
    )


def _asking_again(found: LicenseRequest) -> str:
    """An action that follows a licence is the name of its command."""
    if found.replaces is None:
        return f"opskit license request {found.client}"
    return f"opskit license {found.action} {format_number('L', found.replaces)}"
