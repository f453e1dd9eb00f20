"""Campaigns found again, and who takes part. Counted by the database."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opskit.checklists.counting import count_of, is_late_on, is_settled, progress_of
from opskit.checklists.models import CANCELLED, CLOSED, OPEN, Run, Step
from opskit.checklists.progress import Progress
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.refs import format_number, parse_number
from opskit.patches.models import CAMPAIGN_LETTER, Campaign, Preparation


@dataclass(frozen=True, slots=True)
class Member:
    """A client of a campaign, with its run and how far that is."""

    run_id: int
    run: str
    client: str
    from_version: str
    on: date
    state: str
    assignee: str | None
    progress: Progress


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign in a list: how many clients it has, and how many of them are through."""

    campaign: Campaign
    clients: int
    closed: int
    cancelled: int

    @property
    def open(self) -> int:
        return self.clients - self.closed - self.cancelled


def find_campaign(session: Session, number: str) -> Campaign:
    """The campaign that people call `C3`.

    Raises:
        InvalidError: that is no number of a campaign.
        NotFoundError: there is no such campaign.
    """
    wanted = parse_number(CAMPAIGN_LETTER, number)
    found = session.get(Campaign, wanted)
    if found is not None:
        return found
    last = session.scalar(select(func.max(Campaign.number)))
    raise NotFoundError(
        _("there is no campaign {name}").format(name=format_number(CAMPAIGN_LETTER, wanted)),
        hint=_("the last one is {name}").format(name=format_number(CAMPAIGN_LETTER, last))
        if last
        else _("none has been made yet"),
    )


def list_campaigns(session: Session) -> list[CampaignLine]:
    """All of them, the open ones first, of these the newest."""
    query = (
        select(
            Campaign,
            func.count(Run.id).label("clients"),
            count_of(Run.state == CLOSED).label("closed"),
            count_of(Run.state == CANCELLED).label("cancelled"),
        )
        .outerjoin(Preparation, Preparation.campaign == Campaign.number)
        .outerjoin(Run, Run.id == Preparation.run_id)
        .group_by(Campaign.number)
        .order_by(Campaign.state != OPEN, Campaign.number.desc())
    )
    return [
        CampaignLine(row.Campaign, row.clients, row.closed, row.cancelled)
        for row in session.execute(query)
    ]


def line_of(session: Session, campaign: Campaign) -> CampaignLine:
    """One campaign, counted."""
    query = (
        select(Run.state, func.count())
        .join(Preparation, Preparation.run_id == Run.id)
        .where(Preparation.campaign == campaign.number)
        .group_by(Run.state)
    )
    counts = dict(session.execute(query).all())
    return CampaignLine(
        campaign, sum(counts.values()), counts.get(CLOSED, 0), counts.get(CANCELLED, 0)
    )


def members(session: Session, campaign: Campaign, *, on: date) -> list[Member]:
    """Who takes part, by the day of the patch; the cancelled ones too."""
    query = (
        select(
            *(Run.id, Run.letter, Run.number, Run.state, Run.anchor_on, Run.assignee),
            *(Preparation.client, Preparation.from_version),
            func.count(Step.key).label("total"),
            count_of(is_settled()).label("done"),
            count_of(is_late_on(on) & (Run.state == OPEN)).label("late"),
        )
        .join(Preparation, Preparation.run_id == Run.id)
        .join(Step, (Step.run_id == Run.id) & Step.dropped_at.is_(None))
        .where(Preparation.campaign == campaign.number)
        .group_by(Run.id, Preparation.run_id)
        .order_by(Run.anchor_on, Run.number)
    )
    return [
        Member(
            run_id=row.id,
            run=format_number(row.letter, row.number),
            client=row.client,
            from_version=row.from_version,
            on=row.anchor_on,
            state=row.state,
            assignee=row.assignee,
            progress=progress_of(row),
        )
        for row in session.execute(query)
    ]
