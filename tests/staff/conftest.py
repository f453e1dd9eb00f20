"""A desk over the real safe, and a terminal that types on it."""

import uuid
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest
import typer
from sqlalchemy.orm import Session

from opskit.core.cliapp import run
from opskit.core.config import Home, Settings
from opskit.core.context import AppContext, Plug
from opskit.core.identity import Identity
from opskit.core.secret import Secret
from opskit.staff import user_services
from opskit.staff.acts import Desk
from opskit.staff.models import Person
from tests.support.openbao import SafeServer
from vault.ports import Connection
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.provision import VaultProvisioner
from vault.store.hvac_client import SafeClient

Terminal = Callable[..., int]

PASSWORD = Secret("pass of bob")
ROLES = frozenset({"license-issuer", "agent"})


@pytest.fixture(scope="session")
def accounts(safe_server: SafeServer) -> VaultAccounts:
    """The accounts of the session's safe, which outlive every test: use `new_login`."""
    safe = SafeClient(Connection(safe_server.address), Secret(safe_server.token()))
    provisioner = VaultProvisioner(safe)
    provisioner.apply(provisioner.plan())
    return VaultAccounts(safe)


@pytest.fixture
def absent_accounts() -> VaultAccounts:
    """The accounts of a safe that does not answer."""
    return VaultAccounts(SafeClient(Connection("http://127.0.0.1:1"), Secret("a token")))


@pytest.fixture
def new_login() -> str:
    """A login that nobody has in the safe."""
    return f"bob-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def desk(session: Session, accounts: VaultAccounts, alice: Identity, now: datetime) -> Desk:
    return Desk(lambda: nullcontext(session), accounts, alice, now)


@pytest.fixture
def bob_added(desk: Desk, new_login: str) -> Person:
    return user_services.add(desk, login=new_login, roles=ROLES, password=PASSWORD)


@pytest.fixture
def context(
    tmp_path: Path, session: Session, alice: Identity, now: datetime, accounts: VaultAccounts
) -> AppContext:
    return AppContext(
        home=Home(tmp_path),
        settings=Settings(),
        now=lambda: now,
        identity=lambda: alice,
        transaction=lambda: nullcontext(session),
        snapshot=lambda: nullcontext(session),
        plug=cast("Plug", lambda _port: accounts),
    )


@pytest.fixture
def terminal(context: AppContext) -> Terminal:
    """Type a command of `staff` or `user`; returns its exit code."""
    from opskit.staff import cli, user_cli

    root = typer.Typer(rich_markup_mode=None)
    root.add_typer(cli.app, name="staff")
    root.add_typer(user_cli.app, name="user")
    return lambda *args: run(root, [str(arg) for arg in args], obj=context)
