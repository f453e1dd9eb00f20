"""What every test can ask for: a database session on either dialect, a safe, a clock, people."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import settings

from opskit.core.identity import ROLES, Identity

pytest_plugins = [
    "tests.support.database",
    "tests.support.home",
    "tests.support.openbao",
    "tests.support.races",
    "tests.support.team",
]

# The tests read English; whoever wants another language says so with LANG.
for name in ("OPSKIT_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"

# How long an example takes says more about the machine than about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def alice() -> Identity:
    """The first admin: every role."""
    return Identity("e-alice", "alice", frozenset(ROLES))


@pytest.fixture
def bob() -> Identity:
    """A second person, who issues licences and prepares patches."""
    return Identity("e-bob", "bob", frozenset({"license-issuer", "agent"}))
