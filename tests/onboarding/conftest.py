"""A desk over the real safe, with two colleagues; the newcomer's name is nobody else's."""

import uuid
from contextlib import nullcontext
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from opskit.core.identity import Identity
from opskit.core.secret import Secret
from opskit.staff import services as staff
from opskit.staff.acts import Desk
from opskit.staff.models import Person
from tests.support.openbao import SafeServer
from vault.ports import Connection
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.provision import VaultProvisioner
from vault.store.hvac_client import SafeClient


@pytest.fixture(scope="session")
def accounts(safe_server: SafeServer) -> VaultAccounts:
    """The accounts of the session's safe, which outlive every test."""
    safe = SafeClient(Connection(safe_server.address), Secret(safe_server.token()))
    provisioner = VaultProvisioner(safe)
    provisioner.apply(provisioner.plan())
    return VaultAccounts(safe)


@pytest.fixture
def desk(session: Session, accounts: VaultAccounts, alice: Identity, now: datetime) -> Desk:
    return Desk(lambda: nullcontext(session), accounts, alice, now)


@pytest.fixture
def mentor(session: Session, alice: Identity, now: datetime) -> Person:
    return staff.ensure_person(
        session, login="mruiz", name="Maria Ruiz", role="agent", at=now, actor=alice
    )


@pytest.fixture
def name() -> str:
    """Letters only, since a login is made of them."""
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in uuid.uuid4().hex[:10])
    return f"Zoé {letters.capitalize()}"
