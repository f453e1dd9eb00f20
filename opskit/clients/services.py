"""The verbs of the client directory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.clients.importing import ClientRecord, parse_clients
from opskit.clients.models import Client
from opskit.core.catalog import Catalog
from opskit.core.errors import NotFoundError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.importing import ImportReport, ParsedRow, Problem, RejectedRow
from opskit.core.tabular import Row
from opskit.core.text import did_you_mean, fold

IMPORTERS = ("sales", "manager", "admin")
PERSONAL = frozenset({"contact", "email"})

Changes = dict[str, Any]


def import_clients(
    session: Session, *, rows: Sequence[Row], catalog: Catalog, at: datetime, actor: Identity
) -> ImportReport:
    """Add and update clients from a table; rows with problems are left out and reported.

    Clients that the table does not mention stay as they are.

    Raises:
        DeniedError: the person may not change the directory.
    """
    require_role(actor, *IMPORTERS)
    accepted, report = _compare(session, rows, catalog)
    for wanted in accepted:
        client = session.get(Client, wanted.code)
        if client is None:
            _add(session, wanted, at=at, actor=actor)
        else:
            _change(session, client, wanted, at=at, actor=actor)
    return report


def preview_import(session: Session, *, rows: Sequence[Row], catalog: Catalog) -> ImportReport:
    """What `import_clients` would do; changes nothing and asks for no role."""
    return _compare(session, rows, catalog)[1]


def change_version(
    session: Session, *, client: Client, version: str, at: datetime, actor: Identity
) -> None:
    """Enter the ERP version that the client runs now; the same one changes nothing."""
    if client.erp_version == version:
        return
    before, client.erp_version = client.erp_version, version
    client.updated_at = at
    record(
        session,
        actor=actor,
        at=at,
        action="client.changed",
        subject=client.code,
        client=client.code,
        before={"erp_version": before},
        after={"erp_version": version},
    )


def find(session: Session, code: str) -> Client:
    """The client with that code, typed in any case.

    Raises:
        NotFoundError: there is none; the hint names the nearest by code and by name.
    """
    client = session.get(Client, code.strip().upper())
    if client is not None:
        return client
    labels = [f"{each.code} ({each.name})" for each in session.scalars(select(Client))]
    otherwise = "opskit client list" if labels else "opskit client import FILE"
    raise NotFoundError(
        _("there is no client {code}").format(code=code.strip()),
        hint=did_you_mean(code, labels, otherwise=otherwise),
    )


def list_clients(
    session: Session,
    *,
    words: Iterable[str] = (),
    pole: str | None = None,
    canton: str | None = None,
    lapsed_on: date | None = None,
) -> list[Client]:
    """Clients by code. Every word must occur in code, name, city or contact, accents aside."""
    query = select(Client).order_by(Client.code)
    if pole is not None:
        query = query.where(Client.pole == pole)
    if canton is not None:
        query = query.where(Client.canton == canton)
    if lapsed_on is not None:
        query = query.where(Client.maintenance_until < lapsed_on)
    wanted = [fold(word) for word in words]
    return [each for each in session.scalars(query) if all(w in _searched(each) for w in wanted)]


def codes(session: Session) -> list[str]:
    """Every client code, for completion and for the nearest names."""
    return list(session.scalars(select(Client.code).order_by(Client.code)))


def poles(session: Session) -> dict[str, str]:
    """Every client's pole, by code: what the agents' rights in the safe hang on."""
    return {each.code: each.pole for each in session.execute(select(Client.code, Client.pole))}


def _compare(
    session: Session, rows: Sequence[Row], catalog: Catalog
) -> tuple[list[ClientRecord], ImportReport]:
    """Which records can be stored, and what that changes."""
    parsed, rejected = parse_clients(rows, catalog)
    known = {each.code: each for each in session.scalars(select(Client))}
    taken = {each.number: each.code for each in known.values()}
    rejected += [_number_taken(each, taken) for each in parsed if _is_taken(each.record, taken)]
    accepted = [each.record for each in parsed if not _is_taken(each.record, taken)]
    added = [each.code for each in accepted if each.code not in known]
    changed = [
        each.code for each in accepted if each.code in known and _changes(known[each.code], each)
    ]
    settled = {*added, *changed}
    return accepted, ImportReport(
        added=tuple(added),
        changed=tuple(changed),
        unchanged=tuple(each.code for each in accepted if each.code not in settled),
        rejected=tuple(sorted(rejected, key=lambda each: each.row.line)),
    )


def _is_taken(wanted: ClientRecord, taken: Mapping[int, str]) -> bool:
    return taken.get(wanted.number, wanted.code) != wanted.code


def _number_taken(parsed: ParsedRow[ClientRecord], taken: Mapping[int, str]) -> RejectedRow:
    number = parsed.record.number
    reason = _("{number} belongs to {code}").format(number=number, code=taken[number])
    return RejectedRow(parsed.row, (Problem("number", reason),))


def _add(session: Session, wanted: ClientRecord, *, at: datetime, actor: Identity) -> None:
    session.add(Client(**asdict(wanted), created_at=at, updated_at=at))
    facts, personal = _split(asdict(wanted))
    record(
        session,
        actor=actor,
        at=at,
        action="client.added",
        subject=wanted.code,
        client=wanted.code,
        after=facts,
        personal=personal,
    )


def _change(
    session: Session, client: Client, wanted: ClientRecord, *, at: datetime, actor: Identity
) -> None:
    new = _changes(client, wanted)
    if not new:
        return
    old = {field: getattr(client, field) for field in new}
    for field, value in new.items():
        setattr(client, field, value)
    client.updated_at = at
    before, personal_before = _split(old)
    after, personal_after = _split(new)
    record(
        session,
        actor=actor,
        at=at,
        action="client.changed",
        subject=client.code,
        client=client.code,
        before=before,
        after=after,
        personal={f"{field}_before": value for field, value in personal_before.items()}
        | personal_after,
    )


def _changes(client: Client, wanted: ClientRecord) -> Changes:
    return {
        field: value for field, value in asdict(wanted).items() if getattr(client, field) != value
    }


def _split(facts: Changes) -> tuple[Changes, Changes]:
    """What an event keeps, as JSON has it, and what it keeps only until the person is erased."""
    plain = {field: str(v) if isinstance(v, date) else v for field, v in facts.items()}
    return (
        {field: value for field, value in plain.items() if field not in PERSONAL},
        {field: value for field, value in plain.items() if field in PERSONAL},
    )


def _searched(client: Client) -> str:
    return fold(f"{client.code} {client.name} {client.city} {client.contact}")
