"""What can go wrong with a licence, each case with its own reference."""

from opskit.core.errors import CheckFailedError, DeniedError


class OwnRequestError(DeniedError):
    """Two people: nobody approves what they asked for themselves."""

    reference = "own-request"


class ForgedApprovalError(CheckFailedError):
    """The stored approval is not the approver's signature over what the request says."""

    reference = "forged-approval"


class ForgedRequestError(CheckFailedError):
    """The request's row names another requester than the event log."""

    reference = "forged-request"


class SelfVerificationError(CheckFailedError):
    """A freshly signed licence did not verify; it is not released."""

    reference = "self-verification"


class RefusedKeyError(CheckFailedError):
    """`license verify` does not accept the key; the reason is in the message."""

    reference = "license-refused"


class RegisterBrokenError(CheckFailedError):
    """The register, its approvals or the event log do not fit together; each fault was named."""

    reference = "register-broken"
