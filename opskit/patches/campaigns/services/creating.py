"""A campaign is made: all of its runs, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from opskit.checklists import services as checklists
from opskit.checklists.models import OPEN
from opskit.checklists.templates import Template
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.business_days import Calendar
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.numbers import next_number
from opskit.core.refs import TicketKey
from opskit.patches.campaigns.plans import Placed, Plan
from opskit.patches.campaigns.services.drafting import Draft, Wish, draft
from opskit.patches.campaigns.services.gathering import entities
from opskit.patches.gate import OPEN_GATE, CompetenceGate
from opskit.patches.models import CAMPAIGN_LETTER, Campaign, Preparation
from opskit.patches.services import KIND, LETTER, PREPARERS, beginning_of


@dataclass(frozen=True, slots=True)
class Frame:
    """What all runs of a campaign begin with."""

    template: Template
    calendar: Calendar
    today: date
    at: datetime
    actor: Identity
    ticket: TicketKey | None = None
    gate: CompetenceGate = OPEN_GATE


def create(session: Session, wish: Wish, *, shown: Plan | None, frame: Frame) -> Campaign:
    """Make a campaign and a run for every client that the plan places.

    `shown` is the plan that a person agreed to; it is made again, since the world goes on.

    Raises:
        DeniedError: only agents, managers and admins prepare.
        ConflictError: the plan is another one by now, or nobody finds a day in it.
        InvalidError, NotFoundError: as `draft`.
    """
    require_role(frame.actor, *PREPARERS)
    number = next_number(session, CAMPAIGN_LETTER)  # two campaigns at once: one waits here
    hold(session)
    made = draft(
        session,
        wish,
        template=frame.template,
        calendar=frame.calendar,
        today=frame.today,
        gate=frame.gate,
    )
    require_plan(made, shown)
    campaign = _campaign(number, wish, frame)
    session.add(campaign)
    session.flush()  # the preparations point to it
    begin_runs(session, campaign, made.plan.placed, frame=frame)
    _record(session, campaign, made, frame)
    return campaign


def require_plan(made: Draft, shown: Plan | None) -> None:
    """Raises ConflictError where there is nothing to do, or something else than was shown."""
    if not made.plan.placed and not made.plan.unplaced:
        raise ConflictError(
            _("nobody needs {version}: those clients run it, or are being prepared").format(
                version=made.wish.version
            ),
            hint="opskit patch list",
        )
    if not made.plan.placed:
        raise ConflictError(
            _("not one client finds a day"),
            hint=_("give a longer period or a larger capacity; --dry-run shows the reasons"),
        )
    if shown is not None and made.plan != shown:
        raise plan_changed()


def plan_changed() -> ConflictError:
    return ConflictError(
        _("the plan has changed since it was shown: clients, absences or freeze periods did"),
        hint=_("look at it once more"),
    )


def begin_runs(
    session: Session, campaign: Campaign, placed: Sequence[Placed], *, frame: Frame
) -> list[int]:
    """Begin the runs of these clients; their ids.

    Raises:
        CompetenceMissingError: an agent is not signed off, and the settings ask for that.
    """
    clients = select(Client).where(Client.code.in_([each.client for each in placed]))
    known = {each.code: each for each in session.scalars(clients)}
    behind = entities(session)
    _require_competent(session, placed, known, frame)
    ids = checklists.start_many(
        session,
        [_beginning(each, known[each.client], campaign.version, behind) for each in placed],
        kind=KIND,
        letter=LETTER,
        template=frame.template,
        calendar=frame.calendar,
        at=frame.at,
        actor=frame.actor,
        ticket=frame.ticket.value if frame.ticket else None,
    )
    rows = [
        {
            "run_id": run_id,
            "client": each.client,
            "version": campaign.version,
            "from_version": known[each.client].erp_version,
            "campaign": campaign.number,
        }
        for run_id, each in zip(ids, placed, strict=True)
    ]
    session.connection().execute(insert(Preparation.__table__), rows)  # type: ignore[arg-type]
    return ids


def _require_competent(
    session: Session, placed: Sequence[Placed], known: Mapping[str, Client], frame: Frame
) -> None:
    """A run is the agent's to whom it falls; without one, whoever's who makes the campaign."""
    actor = frame.actor
    for each in placed:
        modules = known[each.client].modules
        if each.agent:
            frame.gate.require_login(session, login=each.agent, modules=modules, on=frame.today)
        else:
            frame.gate.require(
                session,
                entity_id=actor.entity_id,
                name=actor.name,
                modules=modules,
                on=frame.today,
            )


def hold(session: Session, codes: Sequence[str] | None = None) -> None:
    """Whoever prepares one of these clients, or of all, or enters its version, waits until we
    are through; what is read from now on is true until then.
    """
    query = select(Client.code).order_by(Client.code).with_for_update()
    session.execute(query if codes is None else query.where(Client.code.in_(codes)))


def _beginning(
    placed: Placed, client: Client, version: str, behind: Mapping[str, str]
) -> checklists.Beginning:
    """The run is the agent's, so that the second person is somebody else than the agent."""
    return replace(
        beginning_of(client, version=version, on=placed.on),
        prepared_by=behind.get(placed.agent or ""),
        assignee=placed.agent,
    )


def _campaign(number: int, wish: Wish, frame: Frame) -> Campaign:
    return Campaign(
        number=number,
        version=wish.version,
        first=wish.period.first,
        last=wish.period.last,
        capacity=str(wish.period.capacity),
        query=wish.query,
        state=OPEN,
        created_by=frame.actor.entity_id,
        created_at=frame.at,
        ended_at=None,
    )


def _record(session: Session, campaign: Campaign, made: Draft, frame: Frame) -> None:
    events.record(
        session,
        actor=frame.actor,
        at=frame.at,
        action="campaign.created",
        subject=campaign.name,
        ticket=frame.ticket.value if frame.ticket else None,
        after={
            "version": campaign.version,
            "first": campaign.first.isoformat(),
            "last": campaign.last.isoformat(),
            "capacity": campaign.capacity,
            "query": campaign.query,
            "clients": [each.client for each in made.plan.placed],
            "unplaced": [each.client for each in made.plan.unplaced],
        },
    )
