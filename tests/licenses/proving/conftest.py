"""A small register, and what the walk along it finds."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord
from licenses.payload import LicenseKind
from licenses.proving.asking import trust_of
from licenses.proving.flaws import Tally
from licenses.proving.walk import prove
from opskit.clients.models import Client
from tests.licenses.lifecycle import CATALOG, KeyRing, issued

Find = Callable[[], list[str]]


@pytest.fixture
def register(session: Session, client: Client, signer: KeyRing) -> list[LicenseRecord]:
    """Three licences of one client: L1001 and L1002 for production, L1003 to test with."""
    made = [
        issued(session, client, signer),
        issued(session, client, signer, named_users=80),
        issued(session, client, signer, kind=LicenseKind.TEST),
    ]
    session.flush()
    return made


@pytest.fixture
def find(session: Session, signer: KeyRing) -> Find:
    """The faults, as `subject flaw`."""

    def walk() -> list[str]:
        session.flush()
        session.expire_all()
        trust = trust_of(session, signer)
        faults = prove(session, trust=trust, catalog=CATALOG, workers=1, tally=Tally())
        return [f"{each.subject} {each.flaw}" for each in faults]

    return walk
