"""The register: issued licences, and what a client may use."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses import approval
from licenses.errors import ForgedApprovalError, SelfVerificationError
from licenses.keyformat import decode, signing_input, split_signature
from licenses.keys import SigningKey, signing_key
from licenses.models import LicenseRecord, LicenseRequest
from licenses.payload import ErpVersion, LicenseKind, LicensePayload
from licenses.publickeys import PublicKeySet
from licenses.refusals import LicenseRefusedError
from licenses.services.requests import columns_of, find, payload_of, terms_of
from licenses.states import RequestState, require_move
from licenses.verifier import authenticate
from opskit.core import events
from opskit.core.catalog import Catalog
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.refs import format_number
from opskit.core.signing import Signer


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a client may run a version on a day, and why."""

    covered: bool
    reason: str
    until: date | None
    serial: int | None
    modules: tuple[str, ...] = ()
    named_users: int | None = 0  # None is unlimited


def ready_to_sign(
    session: Session, *, number: int, signer: Signer, catalog: Catalog, actor: Identity
) -> tuple[SigningKey, bytes] | None:
    """The key and the approved body of a request; None when it is issued already.

    Raises:
        DeniedError: the role license-issuer is missing.
        ConflictError: it is not approved yet.
        ForgedApprovalError: the approval is not what it should be, or the request no longer
            says what was approved.
    """
    require_role(actor, "license-issuer")
    found = find(session, number)
    if found.state == RequestState.ISSUED:
        return None
    require_move(number, RequestState(found.state), RequestState.ISSUED)
    approval.check(found, signer=signer)
    body = found.body or b""
    payload = decode(body)
    _require_approved_terms(session, found, payload, catalog)
    return signing_key(payload.key_id), body


def sign(key: SigningKey, body: bytes, *, signer: Signer, keys: PublicKeySet) -> bytes:
    """Sign in the safe at the key's explicit version, and verify before anybody sees it.

    Raises:
        SelfVerificationError: the result does not verify; it is thrown away.
    """
    signed = body + signer.sign(key.name, signing_input(body), key.version)
    try:
        authenticate(signed, keys)
    except LicenseRefusedError as err:
        raise SelfVerificationError(
            _("the new licence does not verify: {reason}").format(reason=err.reason.value),
            hint="opskit vault provision --check",
        ) from err
    return signed


def issue(
    session: Session, *, number: int, signed: bytes, at: datetime, actor: Identity
) -> LicenseRecord:
    """Enter a signed licence; only after this is committed may anybody see the key.

    Raises:
        DeniedError: the role license-issuer is missing.
        ConflictError: somebody else issued or changed it meanwhile.
    """
    require_role(actor, "license-issuer")
    asked = find(session, number, lock=True)
    require_move(number, RequestState(asked.state), RequestState.ISSUED)
    body, _signature = split_signature(signed)
    if body != asked.body:
        raise ConflictError(
            _("{request} was changed meanwhile").format(request=format_number("R", number)),
            hint=f"opskit license show {format_number('R', number)}",
        )
    payload = decode(body)
    record = LicenseRecord(
        serial=payload.serial,
        request_number=number,
        client=asked.client,
        sequence=payload.sequence,
        **columns_of(terms_of(asked)),
        signed=signed,
        issued_by=actor.entity_id,
        issued_at=at,
    )
    session.add(record)
    asked.state = RequestState.ISSUED
    events.record(
        session,
        actor=actor,
        at=at,
        action="license.issued",
        subject=format_number("L", record.serial),
        client=record.client,
        ticket=asked.ticket,
        after={"request": format_number("R", number), "sequence": record.sequence},
    )
    return record


def record_of_request(session: Session, number: int) -> LicenseRecord:
    """The licence that a request became.

    Raises:
        NotFoundError: it was not issued.
    """
    found = session.scalar(select(LicenseRecord).where(LicenseRecord.request_number == number))
    if found is None:
        raise NotFoundError(
            _("{request} is not issued yet").format(request=format_number("R", number)),
            hint=f"opskit license issue {format_number('R', number)} --out FILE",
        )
    return found


def find_record(session: Session, serial: int) -> LicenseRecord:
    """Raises NotFoundError where the register has no such serial."""
    found = session.get(LicenseRecord, serial)
    if found is None:
        raise NotFoundError(
            _("there is no licence {serial}").format(serial=format_number("L", serial)),
            hint="opskit license list",
        )
    return found


def records(session: Session, *, client: str | None = None) -> list[LicenseRecord]:
    """The register, newest first."""
    query = select(LicenseRecord).order_by(LicenseRecord.serial.desc())
    if client is not None:
        query = query.where(LicenseRecord.client == client)
    return list(session.scalars(query))


def coverage(
    session: Session, *, client: str, version: str, released_on: date, on: date
) -> Coverage:
    """Whether the client's production licence lets it run `version` on that day.

    The rules are the verifier's (docs/spec/license-key-v1.md, section 5): maintenance has to reach
    the day the version was released, not the day it is installed. The licence with the highest
    sequence counts, since it is the one the ERP obeys.
    """
    newest = session.scalar(
        select(LicenseRecord)
        .where(LicenseRecord.client == client, LicenseRecord.kind == LicenseKind.PRODUCTION)
        .order_by(LicenseRecord.sequence.desc())
        .limit(1)
    )
    if newest is None:
        return Coverage(False, _("no production licence in the register"), None, None)
    reason = _why_not(newest, version, released_on, on)
    name = format_number("L", newest.serial)
    return Coverage(
        covered=reason is None,
        reason=f"{name}: {reason or _('covers {version}').format(version=version)}",
        until=newest.last_day,
        serial=newest.serial,
        modules=tuple(newest.modules),
        named_users=newest.named_users,
    )


def _require_approved_terms(
    session: Session, found: LicenseRequest, approved: LicensePayload, catalog: Catalog
) -> None:
    """The register and the file's headers copy the row, so the row has to be what was approved."""
    said = payload_of(
        session, found, key_id=approved.key_id, issued_on=approved.issued_on, catalog=catalog
    )
    if said != approved:
        raise ForgedApprovalError(
            _("{request} no longer says what was approved").format(
                request=format_number("R", found.number)
            ),
            hint=_("compare with opskit audit list; then make a new request"),
        )


def _why_not(record: LicenseRecord, version: str, released_on: date, on: date) -> str | None:
    if on < record.valid_from:
        return _("valid only from {day}").format(day=record.valid_from)
    if record.last_day is not None and on > record.last_day:
        return _("ended on {day}").format(day=record.last_day)
    if record.maintenance_until is not None and released_on > record.maintenance_until:
        return _("its maintenance ended on {day}, {version} was released on {released}").format(
            day=record.maintenance_until, version=version, released=released_on
        )
    ceiling = record.version_ceiling
    if ceiling is not None and ErpVersion.parse(version) > ErpVersion.parse(ceiling):
        return _("good up to version {ceiling} only").format(ceiling=ceiling)
    return None
