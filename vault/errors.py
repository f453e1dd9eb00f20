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
