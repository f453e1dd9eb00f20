"""The safe is asked for the public keys, each once."""

import re
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.keys import public_key_set
from licenses.models import LicenseRequest
from licenses.proving.trust import Trust
from opskit.core.errors import NotFoundError
from opskit.core.signing import Signer, approver_key

_ENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")


def trust_of(session: Session, signer: Signer) -> Trust:
    """Ask the safe for each key once.

    Raises:
        DeniedError: the person may not read public keys.
        UnavailableError: the safe does not answer.
    """
    approvers = session.scalars(
        select(LicenseRequest.approved_by).where(LicenseRequest.approved_by.is_not(None)).distinct()
    ).all()
    return Trust(
        keys=public_key_set(signer),
        approvers={each: _keys_of(each, signer) for each in approvers if each is not None},
    )


def _keys_of(entity_id: str, signer: Signer) -> Mapping[int, bytes]:
    """None at all for somebody whom the safe does not know."""
    if not _ENTITY.fullmatch(entity_id):  # the database is not trusted with a path in the safe
        return {}
    try:
        return dict(signer.public_keys(approver_key(entity_id)))
    except NotFoundError:
        return {}
