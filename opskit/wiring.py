"""The composition root: the only module that knows every package, and imports each on use."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from opskit.core.config import Home, Settings, find_home, load_settings
from opskit.core.context import AppContext, Port
from opskit.core.identity import Identity

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from opskit.clients.ports import ClientPanels
    from opskit.core.health import Examination, Repair
    from opskit.core.secret import Secret
    from opskit.core.signing import Signer
    from opskit.local.ports import AdminLogin
    from opskit.patches.ports import LicenseFact, LicenseRegister, Safe
    from opskit.staff.ports import Accounts
    from vault.database_logins import VaultDatabaseLogins
    from vault.hvac_client import SafeClient
    from vault.ports import Connection, DatabaseEngine, EntryReader, EntryStore, Login, Provisioner


def build_context() -> AppContext:
    """Find the home, read its settings, and hand out what a command may ask for.

    Raises:
        InvalidError: the settings are broken.
    """
    home = find_home()
    settings = load_settings(home)
    if settings.language:
        os.environ.setdefault("OPSKIT_LANGUAGE", settings.language)
    return context_of(home, settings)


def context_of(home: Home, settings: Settings) -> AppContext:
    """The context of one home, with the real clock."""
    house = _House(home, settings)
    return AppContext(
        home=home,
        settings=settings,
        now=lambda: datetime.now(UTC),
        identity=lambda: house.identity,
        transaction=house.transaction,
        snapshot=house.snapshot,
        plug=house.plug,
    )


def examinations() -> "list[Examination]":
    """What `opskit doctor` looks at, in the order of the report."""
    return [_find(name) for name in EXAMINATIONS]


def repair_of(kind: str) -> "Repair | None":
    """What finishes an interrupted action of this kind; None for an unknown kind."""
    name = REPAIRS.get(kind)
    return None if name is None else cast("Repair", _find(name))


class _House:
    """Opens the database and asks the safe who is there, each at most once a run."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self.home = home
        self.settings = settings

    @cached_property
    def identity(self) -> Identity:
        from vault.session import current_identity

        return current_identity(self.login)

    @cached_property
    def login(self) -> "Login":
        from opskit.core.output import say
        from vault.ports import Login
        from vault.tokens import open_token_store

        return Login(self._connection(), open_token_store(self.home, self.settings, say=say))

    @cached_property
    def safe(self) -> "SafeClient":
        from vault.hvac_client import SafeClient

        return SafeClient(self.login.connection, self.login.tokens.load())

    @cached_property
    def engine(self) -> "Engine":
        from opskit.core.db import open_home_database

        engine = open_home_database(self.home, self.settings)
        if self.settings.database_mount:
            self.database_logins.serve(engine)
        return engine

    @cached_property
    def database_logins(self) -> "VaultDatabaseLogins":
        from vault.database_logins import open_logins

        return open_logins(
            self.home, self.settings, self.login, lambda: self.identity, lambda: datetime.now(UTC)
        )

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

    def today(self) -> date:
        return datetime.now(UTC).astimezone().date()

    def plug(self, port: type[Port], /) -> Port:
        return cast("Port", PLUGS[f"{port.__module__}:{port.__qualname__}"](self))

    def _connection(self) -> "Connection":
        from vault.ports import Connection

        settings = self.settings
        if settings.profile == "team":
            return Connection(
                settings.vault_address,
                namespace=settings.vault_namespace,
                ca_file=settings.vault_ca_file or None,
                timeout=settings.vault_timeout,
            )
        from opskit.local.state import find_address

        return Connection(
            find_address(self.home.safe_folder),
            timeout=settings.vault_timeout,
            mend_hint="opskit local start",
        )


def _find(name: str) -> Any:  # noqa: ANN401 (a named function)
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def _entry_reader(house: _House) -> "EntryReader":
    from vault.lean_store import LeanReader, open_http

    return LeanReader(open_http(house.login.connection, house.login.tokens.load()))


def _entry_store(house: _House) -> "EntryStore":
    from vault.hvac_store import HvacStore

    return HvacStore(house.safe)


def _provisioner(house: _House) -> "Provisioner":
    from vault.provision import VaultProvisioner

    return VaultProvisioner(house.safe)


def _database_engine(house: _House) -> "DatabaseEngine":
    from vault.database_engine import VaultDatabaseEngine

    return VaultDatabaseEngine(house.safe)


def _accounts(house: _House) -> "Accounts":
    from vault.accounts import VaultAccounts

    return VaultAccounts(house.safe)


def _signer(house: _House) -> "Signer":
    from vault.transit import Transit

    return Transit(house.safe)


def _admin_login(house: _House) -> "AdminLogin":
    return _AdminLogin(house)


def _client_panels(house: _House) -> "ClientPanels":
    from licenses.panel import LicensePanel
    from opskit.clients.ports import ClientPanels
    from opskit.patches.panel import PatchPanel
    from vault.panel import EntryPanel

    return ClientPanels(
        (EntryPanel(lambda: _entry_store(house)), LicensePanel(), PatchPanel(house.today))
    )


def _license_register(house: _House) -> "LicenseRegister":
    return _RegisterForPatches(house)


def _safe_for_patches(house: _House) -> "Safe":
    return _SafeForPatches(house)


class _AdminLogin:
    """The login, as the local server's recovery key needs it."""

    def __init__(self, house: _House) -> None:
        self._house = house

    def address(self) -> str:
        return self._house.login.connection.address

    def token(self) -> "Secret":
        from vault.errors import login_needed

        token = self._house.login.tokens.load()
        if token is None:
            raise login_needed()
        return token


class _RegisterForPatches:
    """The licence register, as a patch preparation asks it."""

    def __init__(self, house: _House) -> None:
        self._house = house

    def fact(self, session: "Session", *, client: str, version: str, on: date) -> "LicenseFact":
        from licenses.services.register import coverage
        from opskit.core.catalog import load_catalog
        from opskit.patches.ports import LicenseFact

        released_on = load_catalog(self._house.home).version(version).released_on
        found = coverage(session, client=client, version=version, released_on=released_on, on=on)
        return LicenseFact(
            covered=found.covered,
            reason=found.reason,
            until=found.until,
            modules=frozenset(found.modules),
            named_users=found.named_users,
        )


class _SafeForPatches:
    """The safe, as a patch preparation asks it: names, never secrets."""

    def __init__(self, house: _House) -> None:
        self._house = house

    def entries(self, client: str, environment: str) -> "Sequence[str]":
        from opskit.core.refs import ClientCode

        found = _entry_store(self._house).list_entries(ClientCode(client))
        return [entry.ref.name for entry in found if entry.ref.environment == environment]


PLUGS: Mapping[str, Callable[[_House], object]] = {
    "sqlalchemy.engine.base:Engine": lambda house: house.engine,
    "vault.ports:Login": lambda house: house.login,
    "vault.ports:EntryReader": _entry_reader,
    "vault.ports:EntryStore": _entry_store,
    "vault.ports:Provisioner": _provisioner,
    "vault.ports:DatabaseEngine": _database_engine,
    "vault.ports:DatabaseLogins": lambda house: house.database_logins,
    "opskit.core.signing:Signer": _signer,
    "opskit.staff.ports:Accounts": _accounts,
    "opskit.local.ports:AdminLogin": _admin_login,
    "opskit.clients.ports:ClientPanels": _client_panels,
    "opskit.patches.ports:LicenseRegister": _license_register,
    "opskit.patches.ports:Safe": _safe_for_patches,
}
EXAMINATIONS = (
    "opskit.local.health:examine",
    "vault.health:examine",
    "opskit.staff.doctor:examine",
    "licenses.health:examine",
)
REPAIRS: Mapping[str, str] = {
    "vault.add": "vault.adding:repair_add",
    **{
        f"user.{action}": "opskit.staff.doctor:repair"
        for action in ("add", "grant", "revoke", "reset", "disable", "enable", "entity")
    },
}
