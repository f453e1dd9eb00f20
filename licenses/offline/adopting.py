"""The register takes over what a kit issued: later, by a licence issuer, with the safe as judge."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.actions import Action
from licenses.errors import NotAdoptedError
from licenses.models import LicenseRecord, LicenseRequest
from licenses.offline.evidence import message_of
from licenses.offline.journal import Entry
from licenses.offline.numbering import FIRST_SERIAL, KEY_IDS, kit_in_words, kit_key
from licenses.payload import LicenseKind, LicensePayload
from licenses.publickeys import PublicKeySet
from licenses.refusals import LicenseRefusedError
from licenses.services import issuing, requests
from licenses.states import RequestState
from licenses.terms import Stamp, Terms, from_payload, to_payload
from licenses.verifier import authenticate
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.catalog import Catalog
from opskit.core.errors import ConflictError, OpsError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.numbers import next_number
from opskit.core.refs import TicketKey, format_number

ADOPTED = "license.adopted"


@dataclass(frozen=True, slots=True)
class Adopted:
    """A licence that the register has now; `is_new` is false where it had it before.

    `other_words` are what the line then says otherwise than the register: nothing protects them.
    """

    record: LicenseRecord
    is_new: bool
    other_words: tuple[str, ...] = ()


def adopt(
    session: Session,
    entry: Entry,
    *,
    keys: PublicKeySet,
    catalog: Catalog,
    at: datetime,
    actor: Identity,
) -> Adopted:
    """Enter one line of a journal.

    Raises:
        DeniedError: the role license-issuer is missing.
        NotAdoptedError: its licence is not one that a kit of ours signed, or names another client.
        ConflictError: its number or its sequence belongs to another licence.
    """
    require_role(actor, "license-issuer")
    payload = _authentic(entry, keys)
    _require_evidence(entry, keys)
    known = session.get(LicenseRecord, payload.serial)
    if known is not None:
        _require_same(known, entry)
        return Adopted(known, is_new=False, other_words=tuple(_other_words(session, known, entry)))
    client = session.get(Client, entry.client, with_for_update=True)  # one sequence at a time
    if client is None or client.number != payload.client_number:
        raise _not_ours(
            _("it is for client number {number}, which is not {client}").format(
                number=payload.client_number, client=entry.client
            )
        )
    _require_free_sequence(session, entry, payload)
    asked = _request(session, entry, payload, catalog=catalog, at=at)
    _log(session, entry, asked, at=at, actor=actor)
    record = issuing.issue(session, number=asked.number, signed=entry.signed, at=at, actor=actor)
    return Adopted(record, is_new=True)


def _authentic(entry: Entry, keys: PublicKeySet) -> LicensePayload:
    try:
        payload = authenticate(entry.signed, keys)
    except LicenseRefusedError as err:
        raise _not_ours(
            _("its licence does not verify: {reason}").format(reason=err.reason.value)
        ) from err
    if payload.key_id not in KEY_IDS or payload.key_id != kit_key(entry.kit).key_id:
        raise _not_ours(
            _("its licence was not signed by {kit}").format(kit=kit_in_words(entry.kit))
        )
    if payload.kind is not LicenseKind.TEMPORARY or payload.serial < FIRST_SERIAL:
        raise _not_ours(_("no kit makes such a licence"))
    return payload


def _require_evidence(entry: Entry, keys: PublicKeySet) -> None:
    first, second = entry.holders
    said = message_of(first=first.entity_id, second=second.entity_id, body=entry.body)
    key = keys.find(kit_key(entry.kit).key_id)
    if key is None or not key.accepts(entry.evidence, said):
        raise _not_ours(_("the kit says that other people opened it"))


def _require_same(known: LicenseRecord, entry: Entry) -> None:
    if known.signed != entry.signed:
        name = format_number("L", known.serial)
        raise ConflictError(
            _("{license} is in the register as another licence").format(license=name),
            hint=_("keep the journal, and compare with opskit license show {license}").format(
                license=name
            ),
        )


def _other_words(session: Session, known: LicenseRecord, entry: Entry) -> Iterator[str]:
    """Ticket, reason and time are not signed: one of two copies of the line was altered."""
    asked = session.get_one(LicenseRequest, known.request_number)
    if asked.ticket != (TicketKey.parse(entry.ticket).value if entry.ticket else None):
        yield _("ticket")
    if asked.reason != entry.reason:
        yield _("reason")
    if asked.requested_at != entry.at:
        yield _("time")


def _require_free_sequence(session: Session, entry: Entry, payload: LicensePayload) -> None:
    """Two copies of a kit may have drawn the same; or the safe issued a hundred meanwhile."""
    taken = session.scalar(
        select(LicenseRequest.number).where(
            LicenseRequest.client == entry.client,
            LicenseRequest.kind == LicenseKind.TEMPORARY,
            LicenseRequest.sequence == payload.sequence,
        )
    )
    if taken is not None:
        raise ConflictError(
            _("sequence {sequence} of {client} belongs to {request}").format(
                sequence=payload.sequence,
                client=entry.client,
                request=format_number("R", taken),
            ),
            hint=_(
                "keep the journal; a new licence outranks both: "
                "opskit license request {client} --kind temporary"
            ).format(client=entry.client),
        )


def _request(
    session: Session, entry: Entry, payload: LicensePayload, *, catalog: Catalog, at: datetime
) -> LicenseRequest:
    """The request as the two would have made and approved it, with the kit's evidence."""
    first, second = entry.holders
    requester = Identity(first.entity_id, first.name, frozenset())
    wish = requests.Wish(
        terms=_terms(entry, payload, catalog),
        action=Action.OFFLINE,
        ticket=TicketKey.parse(entry.ticket) if entry.ticket else None,
        reason=entry.reason,
    )
    asked = requests.row_of(
        wish,
        number=next_number(session, "R"),
        client=entry.client,
        at=entry.at,
        actor=requester,
    )
    asked.state = RequestState.APPROVED
    asked.serial, asked.sequence, asked.body = payload.serial, payload.sequence, entry.body
    asked.approved_by, asked.approved_at = second.entity_id, entry.at
    asked.approval_key_version, asked.approval = kit_key(entry.kit).version, entry.evidence
    session.add(asked)
    session.flush()
    requests.record_step(session, asked, requests.REQUESTED, at=at, actor=requester)
    return asked


def _terms(entry: Entry, payload: LicensePayload, catalog: Catalog) -> Terms:
    """The columns of the row, held against what was signed.

    Raises:
        NotAdoptedError: the catalogue or the site says something else.
    """
    terms = replace(from_payload(payload, catalog), site=entry.site)
    stamp = Stamp(
        serial=payload.serial,
        sequence=payload.sequence,
        key_id=payload.key_id,
        client_number=payload.client_number,
        issued_on=payload.issued_on,
        extensions=payload.extensions,
    )
    try:
        said = to_payload(terms, stamp, catalog)
    except OpsError as err:
        raise _not_ours(err.message) from err
    if said != payload:
        raise _not_ours(_("the catalogue or the site of the line differs from what was signed"))
    return terms


def _log(
    session: Session, entry: Entry, asked: LicenseRequest, *, at: datetime, actor: Identity
) -> None:
    """Who entered it, and what the journal says about when and by whom it was issued."""
    first, second = entry.holders
    events.record(
        session,
        actor=actor,
        at=at,
        action=ADOPTED,
        subject=format_number("R", asked.number),
        client=asked.client,
        ticket=asked.ticket,
        after={
            "license": format_number("L", entry.payload.serial),
            "digest": issuing.digest_of(entry.signed),
            "kit": entry.kit,
            "holders": [first.entity_id, second.entity_id],
            "issued_at": entry.at.isoformat(),
            "reason": entry.reason,
        },
    )


def _not_ours(reason: str) -> NotAdoptedError:
    return NotAdoptedError(
        reason, hint=_("keep the journal, and ask the two whose names the line has")
    )
