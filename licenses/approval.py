"""An approval is a signature: by the approver's own Transit key, over the exact payload.

Somebody who owns the database can write a row, but cannot make this signature.
"""

import hashlib
from collections.abc import Mapping
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
    Approvers(signer).check(request)


class Approvers:
    """Judges any number of approvals, and asks the safe for each person's keys once."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._keys: dict[str, Mapping[int, bytes]] = {}

    def check(self, request: "LicenseRequest") -> None:
        """Raises ForgedApprovalError unless a second person approved exactly this payload."""
        raw, signature, signed = self.claim(request)
        try:
            Ed25519PublicKey.from_public_bytes(raw).verify(signature, signed)
        except InvalidSignature as err:
            raise forged(request.number) from err

    def claim(self, request: "LicenseRequest") -> tuple[bytes, bytes, bytes]:
        """Public key, signature and message of an approval: whether they fit is to be seen.

        Raises:
            ForgedApprovalError: it is nobody's, or the requester's own.
        """
        approver_id = request.approved_by
        if approver_id is None or approver_id == request.requested_by:
            raise forged(request.number)
        raw = self._keys_of(approver_id).get(request.approval_key_version or 0)
        if raw is None:
            raise forged(request.number)
        return raw, request.approval or b"", message(request, approver_id=approver_id)

    def _keys_of(self, approver_id: str) -> Mapping[int, bytes]:
        if approver_id not in self._keys:
            try:
                self._keys[approver_id] = self._signer.public_keys(approver_key(approver_id))
            except NotFoundError:
                self._keys[approver_id] = {}
        return self._keys[approver_id]


def forged(number: int) -> ForgedApprovalError:
    return ForgedApprovalError(
        _("the approval of {request} does not fit what it says").format(
            request=format_number("R", number)
        ),
        hint=_("opskit audit verify, then ask the approver; make a new request"),
    )
