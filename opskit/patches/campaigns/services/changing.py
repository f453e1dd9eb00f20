"""A campaign under way: clients that join it, and its end."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from opskit.checklists import services as checklists
from opskit.checklists.models import CANCELLED, CLOSED, OPEN, Run
from opskit.checklists.services.answers import stated
from opskit.clients import services as clients
from opskit.core import events
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.refs import TicketKey
from opskit.patches.campaigns.capacity import parse_capacity
from opskit.patches.campaigns.plans import Plan, Timeframe
from opskit.patches.campaigns.services.creating import Frame, begin_runs, hold, require_plan
from opskit.patches.campaigns.services.drafting import Draft, Wish, drafted
from opskit.patches.campaigns.services.gathering import sort_out
from opskit.patches.campaigns.services.reading import line_of
from opskit.patches.models import Campaign, Preparation
from opskit.patches.services import PREPARERS


def draft_more(
    session: Session, campaign: Campaign, codes: Sequence[str], *, frame: Frame
) -> Draft:
    """Plan further clients into the room that the campaign has left, from today on.

    Raises:
        NotFoundError: there is no such client.
        ConflictError: the campaign has ended.
    """
    require_open(campaign)
    found = {each.code: each for each in (clients.find(session, code) for code in codes)}
    gathered = sort_out(session, list(found.values()), version=campaign.version)
    wish = Wish(campaign.version, campaign.query, period_left(campaign, frame.today))
    return drafted(
        session,
        wish,
        gathered.clients,
        left_out=gathered.left_out,
        template=frame.template,
        calendar=frame.calendar,
        today=frame.today,
        taken=[run.anchor_on for run in runs_of(session, campaign) if run.state != CANCELLED],
        gate=frame.gate,
    )


def add(
    session: Session,
    campaign: Campaign,
    codes: Sequence[str],
    *,
    shown: Plan | None,
    frame: Frame,
) -> Draft:
    """Begin runs for further clients. Raises as `draft_more`.

    Raises:
        DeniedError: only agents, managers and admins prepare.
        ConflictError: the plan is another one by now, or none of them finds a day.
    """
    require_role(frame.actor, *PREPARERS)
    lock(session, campaign)
    hold(session, [code.strip().upper() for code in codes])
    made = draft_more(session, campaign, codes, frame=frame)
    require_plan(made, shown)
    begin_runs(session, campaign, made.plan.placed, frame=frame)
    _tell(
        session,
        campaign,
        "added",
        at=frame.at,
        actor=frame.actor,
        ticket=frame.ticket,
        after={"clients": [each.client for each in made.plan.placed]},
    )
    return made


def close(
    session: Session, campaign: Campaign, *, reason: str | None, at: datetime, actor: Identity
) -> Campaign:
    """End a campaign all of whose runs have ended.

    Raises:
        DeniedError: only agents, managers and admins may.
        ConflictError: it has ended already, or some of its runs are open.
    """
    require_role(actor, *PREPARERS)
    lock(session, campaign)
    require_open(campaign)
    still_open = line_of(session, campaign).open
    if still_open:
        raise ConflictError(
            _("{campaign}: preparations that are still open: {count}").format(
                campaign=campaign.name, count=still_open
            ),
            hint=f"opskit patch campaign board {campaign.name}",
        )
    _end(session, campaign, CLOSED, reason=reason, at=at, actor=actor)
    return campaign


def cancel(
    session: Session,
    campaign: Campaign,
    *,
    reason: str,
    at: datetime,
    actor: Identity,
    ticket: TicketKey | None = None,
) -> int:
    """Give a campaign up, and with it every run that is open; how many these were.

    Raises:
        DeniedError: only agents, managers and admins may.
        ConflictError: it has ended already.
        ReasonMissingError: no reason was given.
    """
    require_role(actor, *PREPARERS)
    lock(session, campaign)
    require_open(campaign)
    hold_runs(session, campaign)
    why = stated(reason)
    given_up = [run for run in runs_of(session, campaign) if run.state == OPEN]
    for run in given_up:
        checklists.cancel(
            session,
            run=run,
            reason=why,
            at=at,
            actor=actor,
            ticket=ticket.value if ticket else None,
        )
    _end(session, campaign, CANCELLED, reason=why, at=at, actor=actor, ticket=ticket)
    return len(given_up)


def runs_of(session: Session, campaign: Campaign) -> list[Run]:
    """Every run of the campaign, with its steps."""
    query = (
        select(Run)
        .join(Preparation, Preparation.run_id == Run.id)
        .where(Preparation.campaign == campaign.number)
        .order_by(Run.number)
        .options(selectinload(Run.steps))
    )
    return list(session.scalars(query))


def period_left(campaign: Campaign, today: date) -> Timeframe:
    first = max(campaign.first, today)
    return Timeframe(first, max(campaign.last, first), parse_capacity(campaign.capacity))


def lock(session: Session, campaign: Campaign) -> None:
    """Two people who change it at once do so one after the other."""
    session.refresh(campaign, with_for_update=True)


def hold_runs(session: Session, campaign: Campaign) -> None:
    """Before the first event is written: whoever works on a run holds it, and then wants to write
    theirs, so that we would wait for each other.
    """
    query = (
        select(Run.id)
        .join(Preparation, Preparation.run_id == Run.id)
        .where(Preparation.campaign == campaign.number, Run.state == OPEN)
        .order_by(Run.number)
        .with_for_update(of=Run)
    )
    session.execute(query)


def require_open(campaign: Campaign) -> None:
    """Raises ConflictError where the campaign has ended."""
    if campaign.state != OPEN:
        raise ConflictError(
            _("{campaign} is closed").format(campaign=campaign.name)
            if campaign.state == CLOSED
            else _("{campaign} was cancelled").format(campaign=campaign.name),
            hint=f"opskit patch campaign show {campaign.name}",
        )


def _end(
    session: Session,
    campaign: Campaign,
    state: str,
    *,
    reason: str | None,
    at: datetime,
    actor: Identity,
    ticket: TicketKey | None = None,
) -> None:
    campaign.state, campaign.ended_at = state, at
    _tell(
        session,
        campaign,
        state,
        at=at,
        actor=actor,
        ticket=ticket,
        personal={"reason": reason} if reason else None,
    )


def _tell(
    session: Session,
    campaign: Campaign,
    what: str,
    *,
    at: datetime,
    actor: Identity,
    ticket: TicketKey | None = None,
    after: dict[str, object] | None = None,
    personal: dict[str, object] | None = None,
) -> None:
    events.record(
        session,
        actor=actor,
        at=at,
        action=f"campaign.{what}",
        subject=campaign.name,
        ticket=ticket.value if ticket else None,
        after=after,
        personal=personal,
    )
