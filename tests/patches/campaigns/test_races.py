"""Somebody works on a patch while its campaign is changed: both come through."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from opskit.checklists.models import CANCELLED, Run
from opskit.core import events
from opskit.core.db import snapshot, transaction
from opskit.patches.campaigns.services import changing, replanning
from opskit.patches.campaigns.services.reading import find_campaign
from tests.patches.campaigns.companies import AT, BOB, FIRST, LAST, add_client, created, frame, wish
from tests.support.races import WAIT, at_once

LATER = wish(first=FIRST + timedelta(weeks=8), last=LAST + timedelta(weeks=8)).period


def cancelling(session: Session) -> None:
    campaign = find_campaign(session, "C1")
    changing.cancel(session, campaign, reason="12.5 comes", at=AT, actor=BOB)


def moving(session: Session) -> None:
    campaign = find_campaign(session, "C1")
    replanning.replan(session, campaign, LATER, shown=None, frame=frame())


@pytest.mark.parametrize("work", [cancelling, moving])
def test_somebody_works_on_the_second_patch(
    own_engine: Engine, work: Callable[[Session], None]
) -> None:
    """Whoever holds the run still needs the end of the log, which must not be taken before it."""
    with transaction(own_engine) as session:
        for code in ("AAA", "BBB", "CCC"):
            add_client(session, code)
        created(session)
    held = threading.Event()

    def deciding(session: Session) -> None:
        session.scalars(select(Run).where(Run.number == 2).with_for_update()).one()
        held.set()
        time.sleep(0.5)  # meanwhile the other one goes as far as it can
        events.record(session, actor=BOB, at=AT, action="patch.go", subject="P2")

    def changing_all(session: Session) -> None:
        held.wait(WAIT)
        work(session)

    assert at_once(own_engine, deciding, changing_all) == []
    with snapshot(own_engine) as session:
        assert events.verify_chain(session).faults == ()
        states = set(session.scalars(select(Run.state)))
        days = list(session.scalars(select(Run.anchor_on)))
    assert states == {CANCELLED} if work is cancelling else min(days) >= LATER.first
