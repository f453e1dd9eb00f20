"""The second person signs for every payload of a batch, a chunk after the other."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from licenses import approval
from licenses.batching.asking import Step
from licenses.batching.chunks import chunked
from licenses.batching.drafting import Drafted, locked
from licenses.batching.output import names
from licenses.services.steps import require_step
from licenses.states import RequestState
from opskit.core import events
from opskit.core.context import AppContext
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.refs import format_number
from opskit.core.signing import Signer, approver_key

APPROVED = "license.approved"


def approve(
    run: AppContext, batch: int, drafted: Sequence[Drafted], *, step: Step = lambda _count: None
) -> None:
    """Sign for exactly the payloads that were shown, and store the signatures.

    Raises:
        DeniedError: the role license-issuer is missing.
        ConflictError: somebody decided, or drafted again, meanwhile.
        ForgedApprovalError: a signature does not fit.
        UnavailableError: the safe does not answer. What was stored until then stays.
    """
    require_role(run.identity(), "license-issuer")
    approving = _Approving(run, batch)
    for part in chunked(drafted):
        signatures = approving.sign(part)
        with run.transaction() as session:
            approving.store(session, part, signatures)
        step(len(part))


class _Approving:
    """What all chunks need, asked for once."""

    def __init__(self, run: AppContext, batch: int) -> None:
        self._run = run
        self._batch = format_number("B", batch)
        self._actor = run.identity()
        self._signer = run.plug(Signer)
        self._key = approver_key(self._actor.entity_id)
        self._version = max(self._signer.public_keys(self._key))
        self._approvers = approval.Approvers(self._signer)

    def sign(self, drafted: Sequence[Drafted]) -> Sequence[bytes]:
        messages = [
            approval.message_of(
                number=each.number,
                requester_id=each.requested_by,
                approver_id=self._actor.entity_id,
                body=each.body,
            )
            for each in drafted
        ]
        return self._signer.sign_many(self._key, messages, self._version)

    def store(
        self, session: Session, drafted: Sequence[Drafted], signatures: Sequence[bytes]
    ) -> None:
        now = self._run.now()
        requests = locked(session, [each.number for each in drafted])
        for found, shown, signature in zip(requests, drafted, signatures, strict=True):
            require_step(found, RequestState.APPROVED)
            if found.body != shown.body:
                raise ConflictError(
                    _("{request} was drafted again meanwhile").format(
                        request=format_number("R", found.number)
                    ),
                    hint=f"opskit license approve {self._batch}",
                )
            found.approved_by, found.approved_at = self._actor.entity_id, now
            found.approval_key_version, found.approval = self._version, signature
            self._approvers.check(found)
            found.state = RequestState.APPROVED
        events.record(
            session,
            actor=self._actor,
            at=now,
            action=APPROVED,
            subject=self._batch,
            after={"requests": names(each.number for each in drafted)},
        )
