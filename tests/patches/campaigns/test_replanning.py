"""Days that no longer fit move; the others stay."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.models import CANCELLED, CLOSED, Run
from opskit.clients import freezes
from opskit.clients.models import Client
from opskit.core.errors import ConflictError, DeniedError
from opskit.core.events import Event
from opskit.patches.campaigns.plans import Timeframe
from opskit.patches.campaigns.services.replanning import Shifted, draft_replan, replan
from opskit.patches.models import Campaign
from tests.patches.campaigns.companies import (
    AT,
    AUDREY,
    BOB,
    FIRST,
    LAST,
    add_client,
    created,
    frame,
    wish,
)

WEEK = timedelta(weeks=1)


@pytest.fixture
def campaign(session: Session) -> Campaign:
    """Four clients, one a week, all on a Monday."""
    for code in ("AAA", "BBB", "CCC", "DDD"):
        add_client(session, code)
    return created(session, wish(capacity="2/week"))


def runs(session: Session) -> list[Run]:
    return list(session.scalars(select(Run).order_by(Run.number)))


def period(first: date = FIRST, last: date = LAST, capacity: str = "2/week") -> Timeframe:
    return wish(first=first, last=last, capacity=capacity).period


def freeze(session: Session, code: str, first: date, last: date) -> None:
    freezes.add(
        session,
        client=session.get_one(Client, code),
        first=first,
        last=last,
        reason="stocktake",
        at=AT,
        actor=BOB,
    )


def test_where_every_day_fits_nothing_moves(session: Session, campaign: Campaign) -> None:
    made = draft_replan(session, campaign, period(), frame=frame())
    assert (made.shifted, made.stuck, made.kept, made.fixed) == ((), (), 4, 0)


def test_only_whoever_has_to_moves(session: Session, campaign: Campaign) -> None:
    first, second, _third, _fourth = runs(session)
    due = {step.key: step.due_on for step in second.steps}
    freeze(session, "BBB", second.anchor_on, second.anchor_on + timedelta(4))
    made = replan(session, campaign, period(), shown=None, frame=frame())
    assert made.shifted == (
        Shifted(
            "P2",
            "BBB",
            date(2027, 1, 18),
            made.shifted[0].after,
            "stocktake (2027-01-18 to 2027-01-22)",
        ),
    )
    assert second.anchor_on == made.shifted[0].after != date(2027, 1, 18)
    assert all(step.due_on != due[step.key] for step in second.steps)
    assert first.anchor_on == FIRST
    told = session.scalars(select(Event).order_by(Event.id.desc()).limit(2)).all()
    assert [each.action for each in told] == ["campaign.replanned", "patch.moved"]
    assert told[0].after == {"last": "2027-02-05", "capacity": "2/week", "runs": ["P2"]}


def test_what_is_before_the_first_day_goes_into_a_longer_period(
    session: Session, campaign: Campaign
) -> None:
    made = replan(
        session,
        campaign,
        period(FIRST + 2 * WEEK, LAST + 2 * WEEK, "1/week"),
        shown=None,
        frame=frame(),
    )
    assert [each.client for each in made.shifted] == ["AAA", "BBB"]
    assert min(run.anchor_on for run in runs(session)) >= FIRST + 2 * WEEK
    assert (campaign.capacity, campaign.last) == (
        "1/week",
        LAST + 2 * WEEK,
    )


def test_another_capacity_stands_where_no_day_moves(session: Session, campaign: Campaign) -> None:
    longer = period(last=LAST + WEEK, capacity="8/week")
    made = replan(session, campaign, longer, shown=None, frame=frame())
    assert made.shifted == ()
    assert (campaign.capacity, campaign.last) == ("8/week", LAST + WEEK)
    told = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert told.before == {"last": "2027-02-05", "capacity": "2/week"}
    assert told.after == {"last": "2027-02-12", "capacity": "8/week", "runs": []}


def test_what_is_as_before_is_not_told(session: Session, campaign: Campaign) -> None:
    replan(session, campaign, period(), shown=None, frame=frame())
    told = session.scalars(select(Event).where(Event.action == "campaign.replanned")).all()
    assert told == []


def test_a_patch_that_is_done_keeps_its_place(session: Session, campaign: Campaign) -> None:
    """Whoever moves into its week does so beside it."""
    first, second, _third, _fourth = runs(session)
    first.state = CLOSED
    session.flush()
    freeze(session, "BBB", second.anchor_on, LAST)
    made = draft_replan(session, campaign, period(capacity="1/week"), frame=frame())
    assert (made.shifted, [each.client for each in made.stuck]) == ((), ["BBB"])


def test_what_is_fixed_stays(session: Session, campaign: Campaign) -> None:
    pinned, confirmed, gone, given_up = runs(session)
    pinned.steps[0].is_pinned = True
    next(step for step in confirmed.steps if step.key == "date-confirmed").state = "done"
    next(step for step in gone.steps if step.key == "go-no-go").state = "done"
    given_up.state = CANCELLED
    session.flush()
    made = draft_replan(session, campaign, period(FIRST + 5 * WEEK, LAST + 5 * WEEK), frame=frame())
    assert (made.shifted, made.kept, made.fixed) == ((), 0, 3)


def test_who_finds_no_other_day_is_named(session: Session, campaign: Campaign) -> None:
    freeze(session, "AAA", FIRST, LAST)
    made = draft_replan(session, campaign, period(), frame=frame())
    assert made.shifted == ()
    assert [each.client for each in made.stuck] == ["AAA"]
    assert made.kept == 3


def test_something_else_than_was_shown_is_not_done(session: Session, campaign: Campaign) -> None:
    shown = draft_replan(session, campaign, period(FIRST + WEEK), frame=frame())
    freeze(session, "BBB", FIRST, LAST)
    with pytest.raises(ConflictError, match="the plan has changed"):
        replan(session, campaign, period(FIRST + WEEK), shown=shown, frame=frame())
    with pytest.raises(DeniedError):
        replan(session, campaign, period(), shown=None, frame=frame(AUDREY))
