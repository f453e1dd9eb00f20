"""A client and a ring of keys, for what happens in the database alone."""

import pytest
from sqlalchemy.orm import Session

from opskit.clients.models import Client
from tests.licenses.lifecycle import KeyRing, add_client, key_ring


@pytest.fixture
def client(session: Session) -> Client:
    return add_client(session)


@pytest.fixture
def signer() -> KeyRing:
    return key_ring()
