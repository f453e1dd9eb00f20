"""What goes into a kit: of each client the licences that count, as the safe vouches for them."""

from collections import defaultdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licenses.errors import RegisterBrokenError
from licenses.models import LicenseRecord, LicenseRequest
from licenses.offline.kit import Content, KitClient, KitLicense
from licenses.payload import LicenseKind
from licenses.publickeys import PublicKeySet
from licenses.refusals import LicenseRefusedError
from licenses.services.replaced import counts
from licenses.verifier import authenticate
from opskit.clients.models import Client
from opskit.core.catalog import Catalog
from opskit.core.i18n import _
from opskit.core.refs import format_number


def collect(session: Session, *, keys: PublicKeySet, catalog: Catalog) -> Content:
    """Every client that has a production licence.

    Raises:
        RegisterBrokenError: a licence of the register does not verify.
    """
    licenses, sequences = _licenses(session, keys), _sequences(session)
    clients = session.scalars(select(Client).order_by(Client.code))
    return Content(
        catalog=catalog,
        clients=tuple(
            KitClient(
                code=client.code,
                number=client.number,
                name=client.name,
                language=client.language,
                erp_version=client.erp_version,
                sequence=sequences.get(client.code, 0),
                licenses=tuple(licenses[client.code]),
            )
            for client in clients
            if client.code in licenses
        ),
    )


def _licenses(session: Session, keys: PublicKeySet) -> dict[str, list[KitLicense]]:
    """By client, the newest first."""
    found: dict[str, list[KitLicense]] = defaultdict(list)
    current = (
        select(LicenseRecord)
        .where(LicenseRecord.kind == LicenseKind.PRODUCTION, *counts())
        .order_by(LicenseRecord.sequence.desc())
    )
    for record in session.scalars(current):
        _require_genuine(record, keys)
        found[record.client].append(KitLicense(record.signed, record.site))
    return found


def _sequences(session: Session) -> dict[str, int]:
    """The highest that was drafted for a temporary licence of the client."""
    found = session.execute(
        select(LicenseRequest.client, func.max(LicenseRequest.sequence))
        .where(LicenseRequest.kind == LicenseKind.TEMPORARY)
        .group_by(LicenseRequest.client)
    )
    return {client: highest or 0 for client, highest in found}


def _require_genuine(record: LicenseRecord, keys: PublicKeySet) -> None:
    try:
        authenticate(record.signed, keys)
    except LicenseRefusedError as err:
        raise RegisterBrokenError(
            _("{license} does not verify: {reason}").format(
                license=format_number("L", record.serial), reason=err.reason.value
            ),
            hint="opskit license register verify",
        ) from err
