"""A chunk of requests judged, signed and verified, as `licenses.services.issuing` does one."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.approval import Approvers, forged
from licenses.batching.chunks import among
from licenses.batching.signatures import Checking
from licenses.keyfamilies import signing_key
from licenses.keyformat import signing_input
from licenses.keys import LicenseKeys
from licenses.models import LicenseRequest, TermsColumns
from licenses.payload import LicensePayload
from licenses.publickeys import PublicKeySet
from licenses.services.issuing import (
    require_approved_terms,
    require_usable_key,
    unverifiable,
)
from licenses.states import RequestState
from opskit.clients.models import Client
from opskit.core.catalog import Catalog
from opskit.core.signing import Signer

TERMS = tuple(TermsColumns.__annotations__)
_ASKED = (
    *("number", "state", "action", "replaces", "requested_by", "serial", "sequence", "body"),
    *("approved_by", "approval_key_version", "approval"),
    *TERMS,
)

Asked = Any  # a row of `asked_for`: the columns of a request, and its client's


@dataclass(frozen=True, slots=True)
class Signed:
    """A licence that verifies and that nobody has seen yet."""

    asked: Asked
    payload: LicensePayload
    signed: bytes


def asked_for(session: Session, numbers: Collection[int]) -> Sequence[Asked]:
    """Rows instead of objects: a batch is read once, and they cost a third."""
    return session.execute(
        select(
            *(getattr(LicenseRequest, name) for name in _ASKED),
            Client.number.label("client_number"),
            Client.name.label("client_name"),
            Client.erp_version,
        )
        .join(Client, Client.code == LicenseRequest.client)
        .where(among(LicenseRequest.number, numbers))
        .order_by(LicenseRequest.number)
    ).all()


class BatchSigning:
    """What all chunks need, asked for once; several threads may sign at a time."""

    def __init__(
        self, signer: Signer, *, keys: PublicKeySet, catalog: Catalog, checking: Checking
    ) -> None:
        self._signer = signer
        self._keys = keys
        self._catalog = catalog
        self._checking = checking
        self._approvers = Approvers(signer)
        self._license_keys = LicenseKeys(signer, catalog)
        self._usable: set[tuple[int, str]] = set()

    def sign(self, rows: Sequence[Asked]) -> list[Signed]:
        """Sign what was approved, and verify it before anybody sees it.

        Raises:
            ForgedApprovalError: an approval does not fit, or a row says something else.
            UnknownKeyError, KeyOutOfUseError: as `require_usable_key`.
            SelfVerificationError: a licence does not verify; all of the chunk are thrown away.
            DeniedError, UnavailableError: as `Signer.sign_many`.
        """
        self._require_approvals([row for row in rows if row.state == RequestState.APPROVED])
        made = [b""] * len(rows)
        payloads = list(map(self._approved_payload, rows))
        by_key: dict[int, list[int]] = defaultdict(list)
        for position, payload in enumerate(payloads):
            by_key[payload.key_id].append(position)
        for key_id, positions in by_key.items():
            key, bodies = signing_key(key_id), [cast("bytes", rows[at].body) for at in positions]
            signatures = self._signer.sign_many(
                key.name, list(map(signing_input, bodies)), key.version
            )
            for at, body, signature in zip(positions, bodies, signatures, strict=True):
                made[at] = body + signature
        reason = self._checking.refused(made, self._keys)
        if reason is not None:
            raise unverifiable(reason)
        return list(map(Signed, rows, payloads, made))

    def _require_approvals(self, rows: Sequence[Asked]) -> None:
        wrong = self._checking.unfounded([self._approvers.claim(row) for row in rows])
        if wrong is not None:
            raise forged(rows[wrong].number)

    def _approved_payload(self, row: Asked) -> LicensePayload:
        """What was approved, and its key can be used."""
        payload = require_approved_terms(
            row, row.body, client_number=row.client_number, catalog=self._catalog
        )
        place = (payload.key_id, row.erp_version)
        if place not in self._usable:
            require_usable_key(row, payload.key_id, self._license_keys, erp_version=row.erp_version)
            self._usable.add(place)
        return payload
