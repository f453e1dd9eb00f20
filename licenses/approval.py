"""An approval is a signature: by the approver's own Transit key, over the exact payload.

Somebody who owns the database can write a row, but cannot make this signature.
"""

import hashlib
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from licenses.errors import ForgedApprovalError
from licenses.payload import LicenseKind
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.refs import format_number
from opskit.core.signing import Signer, approver_key

if TYPE_CHECKING:
    from licenses.models import LicenseRequest

DOMAIN = b"opskit/license-approval/v1\0"

# What cannot run a business; a team may let one person issue these.
ALONE = frozenset({LicenseKind.TEST, LicenseKind.DEMO})


def message(request: "LicenseRequest", *, approver_id: str) -> bytes:
    """What is signed: the request's number, both people, and the hash of the payload."""
    return message_of(
        number=request.number,
        requester_id=request.requested_by,
        approver_id=approver_id,
        body=request.body or b"",
    )


def message_of(*, number: int, requester_id: str, approver_id: str, body: bytes) -> bytes:
    """`message`, for a request that is no row."""
    facts = (str(number), requester_id, approver_id, hashlib.sha256(body).hexdigest())
    return DOMAIN + "\n".join(facts).encode()


def sign(request: "LicenseRequest", *, approver_id: str, signer: Signer) -> tuple[int, bytes]:
    """The key version used, and the signature."""
    name = approver_key(approver_id)
    version = max(signer.public_keys(name))
    return version, signer.sign(name, message(request, approver_id=approver_id), version)


def check(request: "LicenseRequest", *, signer: Signer) -> None:
    """Raises ForgedApprovalError unless a second person approved exactly this payload."""
    if not _is_genuine(request, signer):
        raise ForgedApprovalError(
            _("the approval of {request} does not fit what it says").format(
                request=format_number("R", request.number)
            ),
            hint=_("opskit audit verify, then ask the approver; make a new request"),
        )


def _is_genuine(request: "LicenseRequest", signer: Signer) -> bool:
    approver_id = request.approved_by
    if approver_id is None or approver_id == request.requested_by:
        return False
    try:
        raw = signer.public_keys(approver_key(approver_id))[request.approval_key_version or 0]
        Ed25519PublicKey.from_public_bytes(raw).verify(
            request.approval or b"", message(request, approver_id=approver_id)
        )
    except (InvalidSignature, KeyError, NotFoundError):
        return False
    return True
