"""What can go wrong on the way to a guarded entry."""

from opskit.core.errors import CheckFailedError, ConflictError, DeniedError
from opskit.core.i18n import _


class NoSecondPersonError(DeniedError):
    """The safe's server cannot hold an entry back for a second person, so nobody reads it."""

    reference = "no-second-person"


class OwnAccessError(DeniedError):
    """Two people: nobody approves what they asked for themselves."""

    reference = "own-request"


class NotApprovedError(DeniedError):
    """Nobody has agreed yet to the request for a guarded entry."""

    reference = "not-approved"


class AccessEndedError(ConflictError):
    """The request for a guarded entry was used, or its hour is over; a new one can be made."""

    reference = "access-ended"


class ForgedAccessError(CheckFailedError):
    """The row of a request for a guarded entry differs from what the safe was really asked."""

    reference = "forged-access"


def access_ended(number: str, path: str) -> AccessEndedError:
    return AccessEndedError(
        _("{number} has ended: it was used, or its hour is over").format(number=number),
        hint=f"opskit vault break-glass request {path} --ticket CS-1234",
    )


def own_access() -> OwnAccessError:
    return OwnAccessError(
        _("whoever asks cannot agree"), hint=_("another safe-keeper has to approve it")
    )


def no_second_person() -> NoSecondPersonError:
    return NoSecondPersonError(
        _("this safe cannot ask a second person, so nobody reads a guarded entry"),
        hint=_("it takes OpenBao 2.7 or newer; then an admin types: opskit vault provision"),
    )


def not_approved(number: str) -> NotApprovedError:
    return NotApprovedError(
        _("nobody has agreed to {number} yet").format(number=number),
        hint=_("a safe-keeper types: opskit vault break-glass approve {number}").format(
            number=number
        ),
    )
