"""What can go wrong with a licence, each case with its own reference."""

from opskit.core.errors import CheckFailedError, ConflictError, DeniedError, InvalidError


class OwnRequestError(DeniedError):
    """Two people: nobody approves what they asked for themselves."""

    reference = "own-request"


class ForgedApprovalError(CheckFailedError):
    """The stored approval is not the approver's signature over what the request says."""

    reference = "forged-approval"


class ForgedRequestError(CheckFailedError):
    """The request's row names another requester than the event log."""

    reference = "forged-request"


class UnapprovedSignatureError(CheckFailedError):
    """The safe was asked to sign what nobody approved; the second person does not agree to it."""

    reference = "unapproved-signature"


class SelfVerificationError(CheckFailedError):
    """A freshly signed licence, or a new emergency code, did not verify; it is not released."""

    reference = "self-verification"


class RefusedKeyError(CheckFailedError):
    """`license verify` does not accept the key; the reason is in the message."""

    reference = "license-refused"


class UnknownKeyError(ConflictError):
    """The client's ERP version was released before the key was known, and would refuse it."""

    reference = "key-unknown"


class WrongRowsError(InvalidError):
    """Some rows of a file of requests cannot be asked for, so none was."""

    reference = "wrong-rows"


class SignedOutsideError(CheckFailedError):
    """The server's audit log and the register do not fit together; each finding was named."""

    reference = "signed-outside"


class RegisterBrokenError(CheckFailedError):
    """The register, its approvals or the event log do not fit together; each fault was named."""

    reference = "register-broken"


class KitLockedError(InvalidError):
    """The sealed-safe kit does not open with these two passphrases, or was altered."""

    reference = "kit-locked"


class NotAdoptedError(CheckFailedError):
    """Some lines of a kit's journal could not be entered into the register; each was named."""

    reference = "not-adopted"
