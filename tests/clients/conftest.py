"""The sample catalogue, and a terminal with a database, a clock and a person."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from opskit.clients.cli import app
from opskit.clients.ports import ClientPanels, ClientRights
from opskit.core.catalog import Catalog, load_catalog
from opskit.core.cliapp import run
from opskit.core.config import Home, Settings
from opskit.core.context import AppContext, Plug
from opskit.core.identity import Identity
from opskit.core.secret import Secret
from vault.ports import Connection
from vault.provisioning.client_rights import VaultClientRights
from vault.store.hvac_client import SafeClient

Terminal = Callable[..., int]


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return load_catalog(Home(tmp_path))


@pytest.fixture
def panels() -> list[Any]:
    """What is plugged into the page; a test puts its own here."""
    return []


@pytest.fixture
def terminal(
    tmp_path: Path, session: Session, now: datetime, alice: Identity, panels: list[Any]
) -> Terminal:
    """Type a command of the group, while the safe is away; returns its exit code."""
    safe = SafeClient(Connection("http://127.0.0.1:1"), Secret("a token"))
    rights = VaultClientRights(lambda: safe)
    context = AppContext(
        home=Home(tmp_path),
        settings=Settings(),
        now=lambda: now,
        identity=lambda: alice,
        transaction=lambda: nullcontext(session),
        snapshot=lambda: nullcontext(session),
        plug=cast("Plug", lambda port: rights if port is ClientRights else ClientPanels(panels)),
    )
    return lambda *args: run(app, [str(arg) for arg in args], obj=context)
