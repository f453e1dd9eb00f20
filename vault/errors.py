"""What can go wrong between opskit and the safe."""

from opskit.core.errors import ConflictError, DeniedError, NotFoundError
from opskit.core.i18n import _


class LoginNeededError(DeniedError):
    """No token is kept, or the safe no longer takes it."""

    reference = "login-needed"


class LoginRefusedError(DeniedError):
    """The safe does not take this name with this password, or the person is disabled."""

    reference = "login-refused"


class EntryNotFoundError(NotFoundError):
    """The safe holds no such entry, or it was deleted."""

    reference = "entry-not-found"


class EntryExistsError(ConflictError):
    """The entry exists; `add` never overwrites."""

    reference = "entry-exists"


class EntryChangedError(ConflictError):
    """Somebody else wrote the entry between reading and writing it."""

    reference = "entry-changed"


class UnmendableDriftError(ConflictError):
    """Something stands where the safe needs its own, and only a person may move it away."""

    reference = "unmendable-drift"


def login_needed() -> LoginNeededError:
    return LoginNeededError(_("not logged in, or the login has expired"), hint="opskit login NAME")


def role_missing(what: str, roles: tuple[str, ...]) -> DeniedError:
    return DeniedError(
        _("{what}: this takes the role {roles}").format(what=what, roles=_(" or ").join(roles)),
        hint=_("an admin can give it: opskit user grant NAME --role {role}").format(role=roles[0]),
    )


def no_entry(path: str) -> EntryNotFoundError:
    return EntryNotFoundError(
        _("the safe holds no entry {entry}").format(entry=path), hint="opskit vault list"
    )


def no_field(path: str, field: str, known: list[str]) -> NotFoundError:
    return NotFoundError(
        _("{entry} keeps no field {field}").format(entry=path, field=field),
        hint=_("it keeps {names}").format(names=" ".join(sorted(known)) or "-"),
    )


def entry_exists(path: str) -> EntryExistsError:
    return EntryExistsError(
        _("{entry} exists already").format(entry=path), hint=f"opskit vault show {path}"
    )


def entry_changed(path: str) -> EntryChangedError:
    return EntryChangedError(
        _("{entry} was changed by somebody else meanwhile; nothing was written").format(entry=path),
        hint=f"opskit vault history {path}",
    )
