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


def require_move(number: int, current: RequestState, wanted: RequestState) -> None:
    """Raises ConflictError where the request cannot become `wanted` now."""
    if wanted not in NEXT[current]:
        name = format_number("R", number)
        raise ConflictError(
            _("{request} is {state}").format(request=name, state=current.value),
            hint=_WHAT_TO_TYPE[current].format(number=name),
        )
