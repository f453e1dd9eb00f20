"""A campaign is made whole, or not at all."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opskit.checklists.models import Run, Step
from opskit.core.errors import ConflictError, DeniedError
from opskit.core.events import Event, verify_chain
from opskit.patches.campaigns.services.creating import create
from opskit.patches.models import Campaign, Preparation
from tests.patches.campaigns.companies import (
    AUDREY,
    add_agent,
    add_client,
    created,
    drafted,
    frame,
    wish,
)


def test_a_run_for_every_client(session: Session) -> None:
    add_agent(session, "bob")
    for code, canton in (("AAA", "BE"), ("BBB", None)):
        add_client(session, code, canton=canton)
    campaign = created(session)
    assert (campaign.name, campaign.version, campaign.capacity) == ("C1", "12.4", "6/week")
    runs = session.scalars(select(Run).order_by(Run.number)).all()
    assert [(run.name, run.client, run.anchor_on, run.canton) for run in runs] == [
        ("P1", "AAA", date(2027, 1, 11), "BE"),
        ("P2", "BBB", date(2027, 1, 25), None),
    ]
    assert {(run.prepared_by, run.assignee, len(run.steps)) for run in runs} == {
        ("e-bob", "bob", 19)
    }
    assert runs[0].facts == {"version": "12.4", "from_version": "12.1"}
    rows = session.scalars(select(Preparation)).all()
    assert {(row.client, row.campaign, row.from_version) for row in rows} == {
        ("AAA", 1, "12.1"),
        ("BBB", 1, "12.1"),
    }


def test_the_event_names_who_takes_part(session: Session) -> None:
    add_client(session, "AAA")
    created(session, wish("aaa"))
    told = session.scalars(select(Event).order_by(Event.id)).all()
    assert [each.action for each in told][-2:] == ["patch.started", "campaign.created"]
    assert told[-1].subject == "C1"
    assert told[-1].after == {
        "version": "12.4",
        "first": "2027-01-11",
        "last": "2027-02-05",
        "capacity": "6/week",
        "query": "aaa",
        "clients": ["AAA"],
        "unplaced": [],
    }
    assert verify_chain(session).faults == ()


def test_without_agents_the_run_is_whose_campaign_it_is(session: Session) -> None:
    add_client(session, "AAA")
    created(session)
    run = session.scalars(select(Run)).one()
    assert (run.prepared_by, run.assignee) == ("e-bob", None)


def test_only_what_was_shown_is_made(session: Session) -> None:
    add_client(session, "AAA")
    shown = drafted(session).plan
    add_client(session, "BBB")
    with pytest.raises(ConflictError, match="the plan has changed"):
        create(session, wish(), shown=shown, frame=frame())
    session.rollback()


def test_a_plan_without_anybody_is_not_made(session: Session) -> None:
    add_client(session, "AAA")
    with pytest.raises(ConflictError, match="not one client finds a day"):
        created(session, wish(first=date(2027, 1, 16), last=date(2027, 1, 17)))


def test_an_auditor_makes_none(session: Session) -> None:
    add_client(session, "AAA")
    with pytest.raises(DeniedError):
        create(session, wish(), shown=None, frame=frame(AUDREY))
    assert session.scalar(select(func.count()).select_from(Campaign)) == 0


def test_many(session: Session) -> None:
    """More than a driver takes in one statement."""
    for at in range(120):
        add_client(session, f"C{at:03}", canton=("BE", "NE", "VD")[at % 3])
    created(session, wish(capacity="40/week"))
    assert session.scalar(select(func.count()).select_from(Step)) == 120 * 19
    assert session.scalar(select(func.count()).select_from(Preparation)) == 120
