"""The first start of a home: safe, settings, database, the first admin with every role.

Every step can be repeated, and the marker is written last: an `init` that was killed at any
moment is simply run again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from opskit.core import events
from opskit.core.config import Home, Settings, render_settings
from opskit.core.context import AppContext
from opskit.core.db import open_engine, open_home_database
from opskit.core.errors import ConflictError, UsageProblemError
from opskit.core.http import VaultHttp
from opskit.core.i18n import _
from opskit.core.identity import ROLES, Identity
from opskit.core.logins import check_password, parse_login
from opskit.core.private_files import make_private_folder, write_private
from opskit.core.secret import Secret
from opskit.migrations import migrate

ContextOf = Callable[[Home, Settings], AppContext]


@dataclass(frozen=True, slots=True)
class NewHome:
    """What `init` made."""

    address: str
    key_place: str
    admin: str


def initialise(
    home: Home,
    settings: Settings,
    *,
    admin: str,
    password: Secret,
    context_of: ContextOf,
    progress: Callable[[str], None],
) -> NewHome:
    """Make everything that a home needs, or finish what an earlier run began.

    Raises:
        ConflictError: the home is complete already.
        InvalidError: no possible login or password.
        DeniedError: an earlier run made this admin with another password.
        UnavailableError: the server does not start.
    """
    from opskit.local import services as local

    require_new(home)
    admin = parse_login(admin)
    check_password(password)
    make_private_folder(home.folder)
    settings = _keep_settings(home, settings)
    progress(_("starting the safe (the first start takes some seconds)"))
    key_place = _start_safe(home, settings, admin, password)
    run = context_of(home, settings)
    progress(_("logging in as {admin}").format(admin=admin))
    _log_in_first(run, admin, password)
    progress(_("giving the safe its engines, policies, roles and keys"))
    entity_id = _provision(run, admin, password)
    _log_in(run, admin, password)  # a token made now carries the new roles
    progress(_("making the database"))
    migrate(open_home_database(home, settings))
    _enter_admin(run, Identity(entity_id, admin, frozenset(ROLES)))
    _publish_license_keys(run)
    write_private(home.ready_marker, b"")
    return NewHome(local.status(home.safe_folder).address or "", key_place, admin)


def join_team(
    home: Home,
    settings: Settings,
    *,
    vault_address: str,
    database_url: str,
    database_mount: str = "",
) -> None:
    """Note where the team's safe and database are; nothing is asked of either.

    Raises:
        UsageProblemError: an address is missing.
        InvalidError: it cannot be one.
        ConflictError: the home has a safe of its own.
    """
    if not vault_address or not database_url:
        raise UsageProblemError(
            _("a team's home needs --vault-address and --database-url"),
            hint="opskit init --help",
        )
    require_new(home)
    VaultHttp(vault_address).close()
    open_engine(database_url).dispose()
    make_private_folder(home.folder)
    team = replace(
        settings,
        profile="team",
        vault_address=vault_address,
        database_url=database_url,
        database_mount=database_mount,
    )
    _keep_settings(home, team)
    write_private(home.ready_marker, b"")


def require_new(home: Home) -> None:
    """Let pass a home that is not complete.

    Raises:
        ConflictError: it is.
    """
    if home.ready_marker.exists():
        raise ConflictError(
            _("{folder} is an opskit home already").format(folder=home.folder),
            hint=_("opskit login NAME, or choose another OPSKIT_HOME"),
        )


def _keep_settings(home: Home, settings: Settings) -> Settings:
    """Name the keyring once, since searching for it costs time at every start."""
    if settings.token_store == "keyring" and not settings.keyring_backend:  # noqa: S105 (a place)
        settings = replace(settings, keyring_backend=_usable_keyring())
        if not settings.keyring_backend:
            settings = replace(settings, token_store="file")  # noqa: S106 (a place)
    write_private(home.settings_file, render_settings(settings).encode())
    return settings


def _usable_keyring() -> str:
    """The keyring of this machine, as `module:Class`; empty where there is none."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    found = keyring.get_keyring()
    if isinstance(found, ChainerBackend):
        found = next(iter(found.backends), found)
    kind = type(found)
    return f"{kind.__module__}:{kind.__qualname__}" if found.priority >= 1 else ""


def _start_safe(home: Home, settings: Settings, admin: str, password: Secret) -> str:
    from opskit.local import services as local
    from opskit.local.unseal_key import key_place

    if local.is_ready(home.safe_folder):
        local.start(home.safe_folder)
        return key_place(home.safe_folder)
    use_keyring = settings.token_store == "keyring"  # noqa: S105 (a place, not a password)
    made = local.initialize(
        home.safe_folder, admin=admin, password=password, use_keyring=use_keyring
    )
    return made.key_place


def _log_in_first(run: AppContext, admin: str, password: Secret) -> None:
    """Where an interrupted `init` goes on, only its own admin can."""
    from vault.errors import LoginRefusedError

    try:
        _log_in(run, admin, password)
    except LoginRefusedError as err:
        raise LoginRefusedError(
            err.message, hint=_("give the login and the password of the first opskit init here")
        ) from err


def _log_in(run: AppContext, admin: str, password: Secret) -> None:
    from vault.lean_store import anonymous_http
    from vault.ports import Login
    from vault.session import log_in

    login = run.plug(Login)
    with anonymous_http(login.connection) as http:
        login.tokens.save(log_in(http, name=admin, password=password, at=run.now()).token)


def _provision(run: AppContext, admin: str, password: Secret) -> str:
    """Mounts, policies, groups, keys; then the admin in every group."""
    from opskit.staff.ports import Accounts
    from vault.ports import Provisioner

    provisioner = run.plug(Provisioner)
    provisioner.apply(provisioner.plan())
    return run.plug(Accounts).create_login(admin, password, frozenset(ROLES))


def _enter_admin(run: AppContext, admin: Identity) -> None:
    from opskit.staff import services as staff

    with run.transaction() as session:
        person = staff.ensure_person(session, login=admin.name, at=run.now(), actor=admin)
        if person.entity_id is None:
            staff.link_entity(
                session,
                person=person,
                entity_id=admin.entity_id,
                can_log_in=True,
                at=run.now(),
                actor=admin,
            )
            events.record(
                session, actor=admin, at=run.now(), action="home.initialised", subject="home"
            )


def _publish_license_keys(run: AppContext) -> None:
    from licenses.keys import public_key_set
    from opskit.core.signing import Signer

    keys = public_key_set(run.plug(Signer))
    write_private(run.home.public_keys_file, keys.to_json().encode())
