"""One home at work: its database, its safe, and who is logged in, each opened on first use."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast

from opskit.core.config import Home, Settings, require_home
from opskit.core.context import AppContext, Port
from opskit.core.identity import Identity

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from vault.ports import Connection, LastIdentity, Login, LoginTokens
    from vault.provisioning.database_logins import VaultDatabaseLogins
    from vault.store.hvac_client import SafeClient

TEAM_PATIENCE = 15.0  # seconds; a cluster has its next leader in less


class House:
    """Opens the database and asks the safe who is there, each at most once a run."""

    def __init__(self, home: Home, settings: Settings, *, must_be_complete: bool = False) -> None:
        self.home = home
        self.settings = settings
        self._must_be_complete = must_be_complete

    def context(self) -> AppContext:
        """What a command is given, and an implementation that asks for more than one thing."""
        return AppContext(
            home=self.home,
            settings=self.settings,
            now=self.now,
            identity=lambda: self.identity,
            transaction=self.transaction,
            snapshot=self.snapshot,
            plug=self.plug,
        )

    def now(self) -> datetime:
        return datetime.now(UTC)

    @cached_property
    def identity(self) -> Identity:
        from vault.login.session import current_identity

        return current_identity(self.login, self.last_identity)

    @cached_property
    def last_identity(self) -> "LastIdentity":
        from vault.login.last_identity import FileLastIdentity

        self._enter()
        return FileLastIdentity(self.home.last_login_file)

    @cached_property
    def login(self) -> "Login":
        from vault.ports import Login

        self._enter()
        return Login(self._connection(), self.tokens)

    @cached_property
    def tokens(self) -> "LoginTokens":
        """Also where no server runs: what is kept here may be used all the same."""
        from opskit.core.output import say
        from vault.login.renewal import RenewedTokens
        from vault.login.tokens import open_token_store

        self._enter()
        kept = open_token_store(self.home, self.settings, say=say)
        return RenewedTokens(kept, self._connection, now=self.now)

    @cached_property
    def safe(self) -> "SafeClient":
        from vault.store.hvac_client import SafeClient

        return SafeClient(self.login.connection, self.login.tokens.load())

    @cached_property
    def engine(self) -> "Engine":
        from opskit.core.db import open_home_database, require_database

        self._enter()
        if self._must_be_complete:
            require_database(self.home, self.settings)
        engine = open_home_database(self.home, self.settings)
        if self.settings.database_logins:
            self.database_logins.serve(engine)
        return engine

    @cached_property
    def database_logins(self) -> "VaultDatabaseLogins":
        from vault.provisioning.database_logins import open_logins

        return open_logins(self.home, self.settings, self.login, lambda: self.identity, self.now)

    @contextmanager
    def transaction(self) -> "Iterator[Session]":
        from opskit.core.db import require_schema, transaction

        with transaction(self.engine) as session:
            require_schema(session)
            yield session

    @contextmanager
    def snapshot(self) -> "Iterator[Session]":
        from opskit.core.db import require_schema, snapshot

        with snapshot(self.engine) as session:
            require_schema(session)
            yield session

    def plug(self, port: type[Port], /) -> Port:
        from opskit.wiring.plugs import PLUGS

        return cast("Port", PLUGS[f"{port.__module__}:{port.__qualname__}"](self))

    def _enter(self) -> None:
        if self._must_be_complete:
            require_home(self.home)

    def _connection(self) -> "Connection":
        from vault.ports import Connection

        settings = self.settings
        if settings.profile == "team":
            return Connection(
                settings.vault_address,
                namespace=settings.vault_namespace,
                ca_file=settings.vault_ca_file or None,
                timeout=settings.vault_timeout,
                patience=TEAM_PATIENCE,
            )
        from opskit.local.state import find_address

        return Connection(
            find_address(self.home.safe_folder),
            timeout=settings.vault_timeout,
            mend_hint="opskit local start",
        )
