"""A newcomer with a path in the database and an entity in the real safe, whose access may grow."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from onboarding.access.levels import SHIPPED, Levels, read_levels
from onboarding.access.wishes import AccessDesk
from onboarding.services import Walk
from opskit.core.identity import Identity
from opskit.core.secret import Secret
from tests.onboarding import walkers
from vault.ports import Connection
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.client_rights import Directory, client_pieces
from vault.provisioning.growing import VaultAccess, growing_pieces
from vault.provisioning.provision import VaultProvisioner
from vault.store.hvac_client import SafeClient

CLIENTS = {"back-office": ("DELEZE",), "logistics": ("BRASSUS",)}
PASSWORD = "pass of the newcomer"

Sign = Callable[..., None]


@pytest.fixture(scope="session")
def groups(accounts: VaultAccounts) -> VaultAccess:
    directory = Directory(CLIENTS, {})
    pieces = (*client_pieces(directory), *growing_pieces(directory))
    provisioner = VaultProvisioner(accounts._safe, pieces)
    provisioner.apply(provisioner.plan())
    return VaultAccess(accounts)


@pytest.fixture
def access_desk(
    session: Session, groups: VaultAccess, alice: Identity, now: datetime
) -> AccessDesk:
    return AccessDesk(lambda: nullcontext(session), groups, alice, now)


@pytest.fixture
def away(access_desk: AccessDesk, groups: VaultAccess) -> AccessDesk:
    """The same desk before a safe that does not answer."""
    nowhere = SafeClient(
        Connection("http://127.0.0.1:1", mend_hint="opskit local start"), Secret("a")
    )
    return replace(access_desk, groups=_Half(groups, VaultAccounts(nowhere)))


class _Half(VaultAccess):
    """Answers what level somebody has, and is gone when that should change."""

    def __init__(self, asked: VaultAccess, gone: VaultAccounts) -> None:
        super().__init__(gone)
        self._asked = asked

    def level_of(self, entity_id: str) -> str:
        return self._asked.level_of(entity_id)


@pytest.fixture
def levels() -> Levels:
    from importlib.resources import files

    return read_levels(files("onboarding.access").joinpath(SHIPPED).read_text("utf-8"), SHIPPED)


@pytest.fixture
def newcomer(session: Session, accounts: VaultAccounts, name: str) -> Walk:
    """On the path of back-office, with a login in the safe."""
    login = name.split()[1].lower()
    person = walkers.person(session, login, name, role="consultant")
    person.entity_id = accounts.create_login(login, Secret(PASSWORD), frozenset({"consultant"}))
    person.pole, person.login_made_at = "back-office", walkers.AT
    return walkers.walk(session, person, walkers.person(session, "mruiz", "Maria Ruiz"))


@pytest.fixture
def sign(session: Session, now: datetime) -> Sign:
    """Steps done, by default on the mentor's word."""

    def signed(walk: Walk, *keys: str, by: str = "e-mruiz", at: datetime = now) -> None:
        walkers.settle(walk, *keys)
        for step in walk.run.steps:
            if step.key in keys:
                step.answered_by, step.answered_at = by, at
        session.flush()

    return signed
