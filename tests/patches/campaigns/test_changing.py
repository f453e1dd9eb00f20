"""Clients join a campaign, and it ends."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.errors import ReasonMissingError
from opskit.checklists.models import CANCELLED, CLOSED, OPEN, Run
from opskit.core.errors import ConflictError, DeniedError, NotFoundError
from opskit.core.events import Event
from opskit.patches.campaigns.services import changing
from opskit.patches.campaigns.services.reading import find_campaign
from opskit.patches.models import Campaign
from tests.patches.campaigns.companies import (
    AT,
    AUDREY,
    BOB,
    add_client,
    created,
    frame,
    wish,
)


@pytest.fixture
def campaign(session: Session) -> Campaign:
    """Two clients, one a week."""
    for code in ("AAA", "BBB"):
        add_client(session, code)
    return created(session, wish(capacity="1/week"))


def runs(session: Session) -> list[Run]:
    return list(session.scalars(select(Run).order_by(Run.number)))


def test_further_clients_get_what_room_is_left(session: Session, campaign: Campaign) -> None:
    for code in ("CCC", "DDD", "EEE"):
        add_client(session, code)
    made = changing.add(session, campaign, ["ccc", "DDD", "EEE"], shown=None, frame=frame())
    assert [each.client for each in made.plan.placed] == ["CCC", "DDD"]
    assert [each.reason for each in made.plan.unplaced] == ["the capacity of 1/week is used up"]
    weeks = sorted(run.anchor_on.isocalendar().week for run in runs(session))
    assert weeks == [2, 3, 4, 5]
    told = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert told is not None
    assert (told.action, told.subject) == ("campaign.added", "C1")
    assert told.after == {"clients": ["CCC", "DDD"]}


def test_whoever_is_in_it_is_not_added_again(session: Session, campaign: Campaign) -> None:
    with pytest.raises(ConflictError, match=r"nobody needs 12\.4"):
        changing.add(session, campaign, ["AAA", "aaa"], shown=None, frame=frame())
    with pytest.raises(NotFoundError, match="there is no client ZZZ"):
        changing.add(session, campaign, ["ZZZ"], shown=None, frame=frame())
    assert len(runs(session)) == 2


def test_after_its_last_day_a_campaign_has_no_room(session: Session, campaign: Campaign) -> None:
    add_client(session, "CCC")
    later = frame(today=date(2027, 2, 6))  # a Saturday
    with pytest.raises(ConflictError, match="not one client finds a day"):
        changing.add(session, campaign, ["CCC"], shown=None, frame=later)


def test_cancelling_leaves_alone_what_has_ended(session: Session, campaign: Campaign) -> None:
    first, second = runs(session)
    for step in first.steps:
        step.state = "waived"
    first.state = CLOSED
    session.flush()
    count = changing.cancel(session, campaign, reason="12.5 comes", at=AT, actor=BOB)
    assert count == 1
    assert (first.state, second.state) == (CLOSED, CANCELLED)
    assert (campaign.state, campaign.ended_at) == (CANCELLED, AT)
    told = session.scalars(select(Event).order_by(Event.id.desc()).limit(2)).all()
    assert [each.action for each in told] == ["campaign.cancelled", "patch.cancelled"]
    assert told[0].personal == {"actor": "bob", "reason": "12.5 comes"}
    with pytest.raises(ConflictError, match="C1 was cancelled"):
        changing.cancel(session, campaign, reason="again", at=AT, actor=BOB)


def test_a_reason_is_wanted_even_where_nothing_is_open(
    session: Session, campaign: Campaign
) -> None:
    for run in runs(session):
        run.state = CLOSED
    session.flush()
    with pytest.raises(ReasonMissingError):
        changing.cancel(session, campaign, reason=" ", at=AT, actor=BOB)


def test_it_closes_once_all_of_it_has_ended(session: Session, campaign: Campaign) -> None:
    with pytest.raises(ConflictError, match="preparations that are still open: 2"):
        changing.close(session, campaign, reason=None, at=AT, actor=BOB)
    for run, state in zip(runs(session), (CLOSED, CANCELLED), strict=True):
        run.state = state
    session.flush()
    assert campaign.state == OPEN
    assert changing.close(session, campaign, reason="done", at=AT, actor=BOB).state == CLOSED
    with pytest.raises(ConflictError, match="C1 is closed"):
        changing.add(session, campaign, ["AAA"], shown=None, frame=frame())


def test_an_auditor_changes_nothing(session: Session, campaign: Campaign) -> None:
    for attempt in (
        lambda: changing.add(session, campaign, ["AAA"], shown=None, frame=frame(AUDREY)),
        lambda: changing.close(session, campaign, reason=None, at=AT, actor=AUDREY),
        lambda: changing.cancel(session, campaign, reason="x", at=AT, actor=AUDREY),
    ):
        with pytest.raises(DeniedError):
            attempt()


def test_campaigns_that_are_not_there(session: Session) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_campaign(session, "C1")
    assert caught.value.hint == "none has been made yet"
