"""What a plan needs to know: the clients, when they want no patch, and who is there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.models import OPEN, Run
from opskit.clients import services as clients
from opskit.clients.freezes import freezes_by_client
from opskit.clients.models import Client
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.refs import format_number
from opskit.patches.campaigns.plans import Candidate, Timeframe
from opskit.patches.campaigns.query import parse_query
from opskit.patches.campaigns.team import Agent
from opskit.patches.gate import OPEN_GATE, CompetenceGate
from opskit.patches.models import Preparation
from opskit.patches.services import levels
from opskit.staff.absences import absences_between
from opskit.staff.models import Person, PersonState

JOB = "agent"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A client that the query names, and that needs no patch."""

    client: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """Who takes part; everybody else whom the query names is left out for a reason."""

    clients: tuple[Client, ...]
    left_out: tuple[LeftOut, ...]


def gather(session: Session, *, query: str | None, version: str) -> Gathered:
    """The clients of a query that still have to come to a version.

    Raises:
        InvalidError: the query names a field or a value that there is not.
        NotFoundError: no client fits it.
    """
    wanted = parse_query(query or "")
    found = [
        each for each in clients.list_clients(session, words=wanted.words) if wanted.takes(each)
    ]
    if not found:
        raise NotFoundError(
            _("no client fits {query}").format(query=repr(query))
            if query
            else _("there are no clients yet"),
            hint="opskit client list" if query else "opskit client import FILE",
        )
    return sort_out(session, found, version=version)


def sort_out(session: Session, found: Sequence[Client], *, version: str) -> Gathered:
    """Leave out who runs the version already, or has a preparation to it under way."""
    under_way = _under_way(session, [each.code for each in found], version)
    taken, left_out = [], []
    for client in found:
        if levels(client.erp_version) >= levels(version):
            reason = _("runs {version} already").format(version=client.erp_version)
            left_out.append(LeftOut(client.code, reason))
        elif client.code in under_way:
            reason = _("{run} prepares it already").format(run=under_way[client.code])
            left_out.append(LeftOut(client.code, reason))
        else:
            taken.append(client)
    return Gathered(tuple(taken), tuple(left_out))


def candidates(session: Session, found: Sequence[Client]) -> list[Candidate]:
    freezes = freezes_by_client(session, [each.code for each in found])
    return [
        Candidate(
            client=each.code,
            canton=each.canton,
            pole=each.pole,
            freezes=freezes[each.code],
        )
        for each in found
    ]


def agents(
    session: Session,
    period: Timeframe,
    *,
    gate: CompetenceGate = OPEN_GATE,
    modules: Collection[str] = (),
    on: date | None = None,
) -> list[Agent]:
    """Everybody who prepares patches, with the days on which they are away then; of clients with
    these modules, whom the gate admits on that day.
    """
    query = select(Person).where(Person.role == JOB, Person.state == PersonState.ACTIVE.value)
    people = [
        each
        for each in session.scalars(query.order_by(Person.login))
        if on is None or gate.admits(session, entity_id=each.entity_id, modules=modules, on=on)
    ]
    absences = absences_between(session, period.first, period.last)
    return [Agent(each.login, each.pole, absences.get(each.login, ())) for each in people]


def entities(session: Session) -> Mapping[str, str]:
    """Who stands behind a login; a person who never had one of the safe is not in it."""
    query = select(Person.login, Person.entity_id).where(Person.entity_id.is_not(None))
    return {login: str(entity) for login, entity in session.execute(query)}


def _under_way(session: Session, codes: Collection[str], version: str) -> dict[str, str]:
    """By client the open run that brings it to that version, or to a newer one."""
    query = (
        select(Preparation.client, Preparation.version, Run.letter, Run.number)
        .join(Run, Run.id == Preparation.run_id)
        .where(Run.state == OPEN)
        .order_by(Run.number)
    )
    wanted = set(codes)
    return {
        row.client: format_number(row.letter, row.number)
        for row in session.execute(query)
        if row.client in wanted and levels(row.version) >= levels(version)
    }
