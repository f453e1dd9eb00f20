"""A campaign whose days no longer fit: those that do stay, the others get another one.

What is fixed never moves: a patch that was let go, a day that the client has confirmed, a run with
a pinned step. Of the rest a day stays as long as it lies in the period and the client, the
calendar and the team can have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.models import CANCELLED, OPEN, Run
from opskit.checklists.services.moving import move_run
from opskit.checklists.states import SETTLED
from opskit.checklists.templates import Gate
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.identity import require_role
from opskit.patches.campaigns.planning import make_plan, misfits
from opskit.patches.campaigns.plans import Timeframe, Unplaced
from opskit.patches.campaigns.services.changing import hold_runs, lock, require_open, runs_of
from opskit.patches.campaigns.services.creating import Frame, plan_changed
from opskit.patches.campaigns.services.drafting import require_period
from opskit.patches.campaigns.services.gathering import agents, candidates
from opskit.patches.models import Campaign
from opskit.patches.services import PREPARERS

DATE_CONFIRMED = "date-confirmed"  # the step of the preparation that comes with opskit


@dataclass(frozen=True, slots=True)
class Shifted:
    """A run that gets another day, and why it cannot keep the one it has."""

    run: str
    client: str
    before: date
    after: date
    why: str


@dataclass(frozen=True, slots=True)
class Replan:
    """What would move. `stuck` clients should move and find no day; the others are counted."""

    period: Timeframe
    shifted: tuple[Shifted, ...]
    stuck: tuple[Unplaced, ...]
    kept: int
    fixed: int


def draft_replan(
    session: Session, campaign: Campaign, period: Timeframe, *, frame: Frame
) -> Replan:
    """What would move into that period.

    Raises:
        ConflictError: the campaign has ended.
        InvalidError: the period is past.
    """
    require_open(campaign)
    require_period(period, today=frame.today)
    runs = [run for run in runs_of(session, campaign) if run.state != CANCELLED]
    still_open = [run for run in runs if run.state == OPEN]
    movable = {str(run.client): run for run in still_open if not is_fixed(run)}
    team = agents(session, period)
    found = {each.client: each for each in candidates(session, _clients(session, movable))}
    reasons = misfits(
        [(candidate, movable[code].anchor_on) for code, candidate in found.items()],
        period=period,
        calendar=frame.calendar,
        agents=team,
    )
    staying = [run.anchor_on for run in runs if run.client not in reasons]
    plan = make_plan(
        [found[code] for code in reasons],
        period=period,
        calendar=frame.calendar,
        agents=team,
        taken=staying,
    )
    return Replan(
        period=period,
        shifted=tuple(
            Shifted(
                run=movable[each.client].name,
                client=each.client,
                before=movable[each.client].anchor_on,
                after=each.on,
                why=reasons[each.client],
            )
            for each in plan.placed
        ),
        stuck=plan.unplaced,
        kept=len(movable) - len(reasons),
        fixed=len(still_open) - len(movable),
    )


def replan(
    session: Session, campaign: Campaign, period: Timeframe, *, shown: Replan | None, frame: Frame
) -> Replan:
    """Move them; a later end and another capacity are the campaign's from now on.

    Raises as `draft_replan`.

    Raises:
        DeniedError: only agents, managers and admins may.
        ConflictError: something else would move by now than was shown.
    """
    require_role(frame.actor, *PREPARERS)
    lock(session, campaign)
    hold_runs(session, campaign)
    made = draft_replan(session, campaign, period, frame=frame)
    if shown is not None and made != shown:
        raise plan_changed()
    by_name = {run.name: run for run in runs_of(session, campaign)}
    for each in made.shifted:
        move_run(
            session,
            run=by_name[each.run],
            to=each.after,
            calendar=frame.calendar,
            at=frame.at,
            actor=frame.actor,
            ticket=frame.ticket.value if frame.ticket else None,
        )
    _enter(session, campaign, made, frame)
    return made


def is_fixed(run: Run) -> bool:
    """Whether the day of the run stands, whatever is planned."""
    for step in run.steps:
        is_final = step.key == DATE_CONFIRMED or step.asked.gate is Gate.GO
        if step.is_pinned or (is_final and step.state in SETTLED):
            return True
    return False


def _clients(session: Session, runs: dict[str, Run]) -> Sequence[Client]:
    query = select(Client).where(Client.code.in_(runs)).order_by(Client.code)
    return session.scalars(query).all()


def _enter(session: Session, campaign: Campaign, made: Replan, frame: Frame) -> None:
    before = _terms(campaign)
    campaign.last = max(campaign.last, made.period.last)
    campaign.capacity = str(made.period.capacity)
    if not made.shifted and _terms(campaign) == before:
        return
    events.record(
        session,
        actor=frame.actor,
        at=frame.at,
        action="campaign.replanned",
        subject=campaign.name,
        ticket=frame.ticket.value if frame.ticket else None,
        before=before,
        after={**_terms(campaign), "runs": [each.run for each in made.shifted]},
    )


def _terms(campaign: Campaign) -> dict[str, str]:
    return {"last": campaign.last.isoformat(), "capacity": campaign.capacity}
