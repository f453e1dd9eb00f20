"""The life of a licence request: which state follows which, and nothing else."""

from enum import StrEnum
from typing import assert_never

from opskit.core.choosing import one_of
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.refs import format_number


class RequestState(StrEnum):
    """`requested` -> `approved` -> `issued` -> `delivered`, or an end before that."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ISSUED = "issued"
    DELIVERED = "delivered"

    def in_words(self) -> str:
        """For a person; JSON has the English word."""
        match self:
            case RequestState.REQUESTED:
                return _("requested")
            case RequestState.APPROVED:
                return _("approved")
            case RequestState.REJECTED:
                return _("rejected")
            case RequestState.WITHDRAWN:
                return _("withdrawn")
            case RequestState.ISSUED:
                return _("issued")
            case RequestState.DELIVERED:
                return _("delivered")


OPEN = frozenset({RequestState.REQUESTED, RequestState.APPROVED})
REGISTERED = frozenset({RequestState.ISSUED, RequestState.DELIVERED})

# A kind that a setting lets be issued without a second person takes the step over `approved`.
UNAPPROVED_ISSUE = (RequestState.REQUESTED, RequestState.ISSUED)

NEXT = {
    RequestState.REQUESTED: frozenset(
        {RequestState.APPROVED, RequestState.REJECTED, RequestState.WITHDRAWN}
    ),
    RequestState.APPROVED: frozenset(
        {RequestState.ISSUED, RequestState.REJECTED, RequestState.WITHDRAWN}
    ),
    RequestState.REJECTED: frozenset[RequestState](),
    RequestState.WITHDRAWN: frozenset[RequestState](),
    RequestState.ISSUED: frozenset({RequestState.DELIVERED}),
    RequestState.DELIVERED: frozenset({RequestState.DELIVERED}),
}


def parse_state(text: str) -> RequestState:
    """Raises InvalidError for a word that is no state."""
    return one_of(RequestState, text, otherwise=_("{text} is no state of a request"))


def _what_to_type(state: RequestState, anew: str) -> str:
    match state:
        case RequestState.REQUESTED:
            return "opskit license approve {number}"
        case RequestState.APPROVED:
            return "opskit license issue {number} --out FILE"
        case RequestState.REJECTED | RequestState.WITHDRAWN:
            return anew
        case RequestState.ISSUED | RequestState.DELIVERED:
            return "opskit license show {number}"
    assert_never(state)


def _already(state: RequestState) -> str:
    match state:
        case RequestState.REQUESTED:
            return _("{request} is not approved yet")
        case RequestState.APPROVED:
            return _("{request} is approved already, and not issued yet")
        case RequestState.REJECTED:
            return _("{request} was rejected")
        case RequestState.WITHDRAWN:
            return _("{request} was withdrawn")
        case RequestState.ISSUED:
            return _("{request} is issued already")
        case RequestState.DELIVERED:
            return _("{request} is issued and delivered already")
    assert_never(state)


def require_move(
    number: int,
    current: RequestState,
    wanted: RequestState,
    *,
    anew: str,
    without_approval: bool = False,
) -> None:
    """Let a request become `wanted`, which it may not be yet.

    `anew` is the command that asks for the same again.

    Raises:
        ConflictError: it cannot, from where it is now.
    """
    if wanted in NEXT[current]:
        return
    if without_approval and (current, wanted) == UNAPPROVED_ISSUE:
        return
    name = format_number("R", number)
    raise ConflictError(
        _already(current).format(request=name),
        hint=_what_to_type(current, anew).format(number=name),
    )
