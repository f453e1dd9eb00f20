"""The life of a licence request."""

from enum import StrEnum

from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.refs import format_number


class RequestState(StrEnum):
    """`requested` -> `approved` -> `issued`."""

    REQUESTED = "requested"
    APPROVED = "approved"
    ISSUED = "issued"

    def in_words(self) -> str:
        """For a person; JSON has the English word."""
        match self:
            case RequestState.REQUESTED:
                return _("requested")
            case RequestState.APPROVED:
                return _("approved")
            case RequestState.ISSUED:
                return _("issued")


NEXT = {
    RequestState.REQUESTED: frozenset({RequestState.APPROVED}),
    RequestState.APPROVED: frozenset({RequestState.ISSUED}),
    RequestState.ISSUED: frozenset[RequestState](),
}

_WHAT_TO_TYPE = {
    RequestState.REQUESTED: "opskit license approve {number}",
    RequestState.APPROVED: "opskit license issue {number} --out FILE",
    RequestState.ISSUED: "opskit license show {number}",
}


def _already(state: RequestState) -> str:
    match state:
        case RequestState.REQUESTED:
            return _("{request} is not approved yet")
        case RequestState.APPROVED:
            return _("{request} is approved already")
        case RequestState.ISSUED:
            return _("{request} is issued already")


def require_move(number: int, current: RequestState, wanted: RequestState) -> None:
    """Raises ConflictError where the request cannot become `wanted` now."""
    if wanted not in NEXT[current]:
        name = format_number("R", number)
        raise ConflictError(
            _already(current).format(request=name),
            hint=_WHAT_TO_TYPE[current].format(number=name),
        )
