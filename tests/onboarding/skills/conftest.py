"""Zoé, a newcomer."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from onboarding.skills.people import Learner
from opskit.core.identity import Identity
from tests.onboarding.skills.people import newcomer


@pytest.fixture
def zoe(session: Session, alice: Identity, now: datetime) -> Learner:
    return newcomer(session, at=now, actor=alice)[0]
