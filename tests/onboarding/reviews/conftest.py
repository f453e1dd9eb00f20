"""Zoé's path, whose reviews are to be held."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from onboarding.reviews.holding import Folder, open_folder
from opskit.core.identity import Identity
from tests.onboarding.skills.people import newcomer


@pytest.fixture
def folder(session: Session, alice: Identity, now: datetime) -> Folder:
    newcomer(session, at=now, actor=alice)
    return open_folder(session, "Zoé Kern")
