"""A request gets its serial, its key and its exact payload; the safe is asked in between.

No transaction is open while the safe answers.
"""

from licenses.keys import newest_key
from licenses.models import LicenseRequest
from licenses.payload import LicenseKind
from licenses.services import approvals, requests
from licenses.states import RequestState
from opskit.core.catalog import load_catalog
from opskit.core.context import AppContext
from opskit.core.signing import Signer


def draft(run: AppContext, number: int, *, second_person: bool = True) -> LicenseRequest:
    """Draft the licence of a request that waits for its approval.

    Raises:
        DeniedError, ConflictError, ForgedRequestError: as `approvals.allot`.
        UnavailableError: the safe does not answer, or holds no key for this kind.
    """
    actor, signer = run.identity(), run.plug(Signer)
    with run.transaction() as session:
        allotted = approvals.allot(session, number=number, actor=actor, second_person=second_person)
        kind = LicenseKind(allotted.kind)
    key = newest_key(signer, kind)
    with run.transaction() as session:
        return approvals.draft(
            session,
            number=number,
            key_id=key.key_id,
            extensions=(),
            catalog=load_catalog(run.home),
            at=run.now(),
            actor=actor,
            second_person=second_person,
        )


def draft_unapproved(run: AppContext, number: int, kinds: frozenset[LicenseKind]) -> None:
    """Draft a request of a kind that needs no second person; leave every other as it is."""
    with run.snapshot() as session:
        found = requests.find(session, number)
        waits = found.state == RequestState.REQUESTED and LicenseKind(found.kind) in kinds
    if waits:
        draft(run, number, second_person=False)
