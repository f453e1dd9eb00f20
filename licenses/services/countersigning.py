"""What the safe was asked to sign, held against what was approved; and that somebody agreed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.approval import Approvers
from licenses.errors import OwnRequestError, UnapprovedSignatureError
from licenses.keyfamilies import SigningKey, signing_key
from licenses.keyformat import SIGNING_DOMAIN, decode
from licenses.models import LicenseRequest
from licenses.payload import LicensePayload
from licenses.refusals import LicenseRefusedError
from licenses.services.issuing import require_approved_terms
from licenses.states import RequestState
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.catalog import Catalog
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish
from opskit.core.refs import format_number
from opskit.core.second_signer import WaitingSignature
from opskit.core.signing import Signer

COUNTERSIGN, COUNTERSIGNED = "license.countersign", "license.countersigned"


def approved_requests(
    session: Session,
    waiting: WaitingSignature,
    *,
    signer: Signer,
    catalog: Catalog,
    actor: Identity,
) -> list[LicenseRequest]:
    """The requests whose approved licences wait for a signature, in their order.

    Raises:
        DeniedError: the role license-issuer is missing. OwnRequestError: the person asked for it.
        UnapprovedSignatureError: the safe was asked to sign something else, or that as well.
        ForgedApprovalError: an approval is not what it should be, or its row says other terms.
    """
    require_role(actor, "license-issuer")
    if waiting.asked_by == actor.entity_id:
        raise OwnRequestError(
            _("{name} asked for this signature and cannot agree to it").format(name=actor.name),
            hint=_("another person with the role license-issuer has to: opskit login NAME"),
        )
    found = [_approved(session, each, waiting) for each in waiting.messages]
    approvers = Approvers(signer)
    for each in found:
        approvers.check(each)
        client = session.get_one(Client, each.client)
        require_approved_terms(each, each.body or b"", client_number=client.number, catalog=catalog)
    return found


def begin_agreement(
    session: Session,
    *,
    accessor: str,
    found: Sequence[LicenseRequest],
    at: datetime,
    actor: Identity,
) -> Intent:
    """Note that somebody is about to agree."""
    batch = {each.batch for each in found}
    whole = batch.pop() if len(batch) == 1 else None
    subject = format_number("B", whole) if whole else format_number("R", found[0].number)
    data = {
        "accessor": accessor,
        "requests": [format_number("R", each.number) for each in found],
    }
    return begin(session, kind=COUNTERSIGN, subject=subject, data=data, at=at, actor=actor)


def record(session: Session, *, intent: Intent, at: datetime, certain: bool = True) -> None:
    """`certain` is False where a crash came between, and the safe does not tell it any more."""
    events.record(
        session,
        actor=intent.actor,
        at=at,
        action=COUNTERSIGNED,
        subject=intent.subject,
        after={**intent.data, **({} if certain else {"certain": False})},
    )
    finish(session, intent, at=at)


def _approved(session: Session, message: bytes, waiting: WaitingSignature) -> LicenseRequest:
    body = message.removeprefix(SIGNING_DOMAIN)
    payload = _payload(body) if message.startswith(SIGNING_DOMAIN) else None
    if payload is None:
        raise _unapproved(_("what the safe was asked to sign is no licence"))
    serial = format_number("L", payload.serial)
    if _key(payload) != (waiting.key, waiting.key_version):
        raise _unapproved(_("{license} names another key").format(license=serial))
    found = session.scalar(select(LicenseRequest).where(LicenseRequest.serial == payload.serial))
    if found is None or found.body != body:
        raise _unapproved(_("nobody approved {license} as it says").format(license=serial))
    if found.state != RequestState.APPROVED:
        raise _unapproved(
            _("{request} is {state}, and not approved").format(
                request=format_number("R", found.number),
                state=RequestState(found.state).in_words(),
            )
        )
    return found


def _payload(body: bytes) -> LicensePayload | None:
    try:
        return decode(body)
    except LicenseRefusedError:
        return None


def _key(payload: LicensePayload) -> tuple[str, int] | None:
    try:
        key: SigningKey = signing_key(payload.key_id)
    except NotFoundError:
        return None
    return key.name, key.version


def _unapproved(what: str) -> UnapprovedSignatureError:
    return UnapprovedSignatureError(
        what, hint=_("agree to nothing; ask whoever gave you the accessor, and tell an auditor")
    )
