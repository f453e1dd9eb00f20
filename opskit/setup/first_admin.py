"""The first start of a home: safe, settings, database, the first admin with every role.

Every step can be repeated, and the marker is written last: an `init` that was killed at any
moment is simply run again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from opskit.core import events
from opskit.core.config import Home, Settings
from opskit.core.context import AppContext
from opskit.core.db import open_home_database
from opskit.core.i18n import _
from opskit.core.identity import ROLES, Identity
from opskit.core.logins import check_new_password, parse_login
from opskit.core.private_files import make_private_folder, write_private
from opskit.core.secret import Secret
from opskit.migrations import migrate
from opskit.setup.places import birth_of, keep_settings, require_new

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
    check_new_password(password)
    make_private_folder(home.folder)
    settings = keep_settings(home, settings)
    progress(_("starting the safe (the first start takes some seconds)"))
    key_place = _start_safe(home, settings, admin, password)
    run = context_of(home, settings)
    progress(_("logging in as {admin}").format(admin=admin))
    _log_in_first(run, admin, password)
    progress(_("making the database"))
    migrate(open_home_database(home, settings))
    progress(_("giving the safe its engines, policies, roles and keys"))
    entity_id = _provision(run, admin, password)
    _log_in(run, admin, password)  # a token made now carries the new roles
    _enter_admin(run, Identity(entity_id, admin, frozenset(ROLES)))
    _publish_license_keys(run)
    with run.snapshot() as session:
        write_private(home.ready_marker, birth_of(session).encode() + b"\n")
    return NewHome(local.status(home.safe_folder).address or "", key_place, admin)


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
    from vault.login.session import keep, log_in
    from vault.ports import Login
    from vault.store.lean_store import anonymous_http

    login = run.plug(Login)
    with anonymous_http(login.connection) as http:
        token = log_in(http, name=admin, password=password)
    keep(login, token, at=run.now())


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
