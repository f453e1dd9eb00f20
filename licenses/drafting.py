"""A request gets its serial, its key and its exact payload; the safe is asked in between.

No transaction is open while the safe answers.
"""

from collections.abc import Sequence

from licenses.anchors import anchors
from licenses.keys import LicenseKeys
from licenses.models import LicenseRequest
from licenses.payload import Extension, LicenseKind
from licenses.rows import terms_of
from licenses.services import approvals, requests
from licenses.settings import emergency_days
from licenses.states import RequestState
from licenses.terms import is_revocation
from opskit.clients.models import Client
from opskit.core.catalog import load_catalog
from opskit.core.context import AppContext
from opskit.core.signing import Signer


def draft(run: AppContext, number: int, *, second_person: bool = True) -> LicenseRequest:
    """Draft the licence of a request that waits for its approval.

    Raises:
        DeniedError, ConflictError, ForgedRequestError: as `approvals.allot`.
        UnknownKeyError: no key that signs this kind is known to the client's ERP version.
        UnavailableError: the safe does not answer, or holds no key for this kind.
        NotFoundError: the safe holds no key for emergency codes.
        InvalidError: the setting `emergency_days` is out of range.
    """
    actor, signer = run.identity(), run.plug(Signer)
    with run.transaction() as session:
        allotted = approvals.allot(session, number=number, actor=actor, second_person=second_person)
        erp_version = session.get_one(Client, allotted.client).erp_version
    catalog = load_catalog(run.home)
    key = LicenseKeys(signer, catalog).usable(LicenseKind(allotted.kind), erp_version)
    extensions = _extensions(run, allotted, signer)
    with run.transaction() as session:
        return approvals.draft(
            session,
            number=number,
            key_id=key.key_id,
            extensions=extensions,
            catalog=catalog,
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


def _extensions(run: AppContext, allotted: LicenseRequest, signer: Signer) -> Sequence[Extension]:
    """The emergency anchor; a revocation has no use for codes."""
    if allotted.serial is None or is_revocation(terms_of(allotted)):
        return ()
    return anchors(signer, [allotted.serial], emergency_days(run.settings))
