"""What can go wrong between opskit and the safe."""

from opskit.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError
from opskit.core.i18n import _
from vault.entries import NEXT_PREFIX
from vault.facts import FACTS


class LoginNeededError(DeniedError):
    """No token is kept, or the safe no longer takes it."""

    reference = "login-needed"


class LoginRefusedError(DeniedError):
    """The safe does not take this name with this password, or the person is disabled."""

    reference = "login-refused"


class EntryNotFoundError(NotFoundError):
    """The safe holds no such entry, or it was deleted."""

    reference = "entry-not-found"


class EntryRemovedError(EntryNotFoundError):
    """The entry was removed; `undelete` brings it back."""

    reference = "entry-removed"


class EntryGuardedError(DeniedError):
    """The entry is guarded: reading it takes a second person."""

    reference = "entry-guarded"


class EntryExistsError(ConflictError):
    """The entry exists; `add` never overwrites."""

    reference = "entry-exists"


class EntryChangedError(ConflictError):
    """Somebody else wrote the entry between reading and writing it."""

    reference = "entry-changed"


class RotationPendingError(ConflictError):
    """A new secret waits already: it is confirmed or dropped before another begins."""

    reference = "rotation-pending"


class EditorFailedError(InvalidError):
    """The editor could not be started, or ended with an error; nothing was written."""

    reference = "editor-failed"


class UnmendableDriftError(ConflictError):
    """Something stands where the safe needs its own, and only a person may move it away."""

    reference = "unmendable-drift"


def login_needed() -> LoginNeededError:
    return LoginNeededError(_("not logged in, or the login has expired"), hint="opskit login")


def no_entry(path: str) -> EntryNotFoundError:
    return EntryNotFoundError(
        _("the safe holds no entry {entry}").format(entry=path), hint="opskit vault list"
    )


def entry_removed(path: str) -> EntryRemovedError:
    return EntryRemovedError(
        _("{entry} was removed").format(entry=path), hint=f"opskit vault undelete {path}"
    )


def entry_guarded(path: str) -> EntryGuardedError:
    return EntryGuardedError(
        _("{entry} is guarded: reading it takes a second person").format(entry=path),
        hint=f"opskit vault break-glass request {path} --ticket CS-1234",
    )


def guarded_as_it_is(path: str) -> EntryGuardedError:
    return EntryGuardedError(
        _("{entry} is guarded: nobody changes it where it is").format(entry=path),
        hint=_(
            "for a new secret a safe-keeper adds it again, then guards it: "
            "opskit vault break-glass guard {entry}"
        ).format(entry=path),
    )


def guarded_already(path: str) -> EntryGuardedError:
    return EntryGuardedError(
        _("{entry} is guarded already").format(entry=path),
        hint=_("for a new secret add it again first: opskit vault add {entry} --kind KIND").format(
            entry=path
        ),
    )


def guarded_for_good(path: str) -> EntryGuardedError:
    return EntryGuardedError(
        _("{entry} is guarded: it can only be purged").format(entry=path),
        hint=_("a safe-keeper types: opskit vault purge {entry}").format(entry=path),
    )


def no_field(path: str, field: str, known: list[str]) -> NotFoundError:
    return NotFoundError(
        _("{entry} keeps no field {field}").format(entry=path, field=field),
        hint=_("it keeps {names}").format(names=" ".join(_asked_for(known)) or "-"),
    )


def entry_exists(path: str) -> EntryExistsError:
    return EntryExistsError(
        _("{entry} exists already").format(entry=path), hint=f"opskit vault show {path}"
    )


def name_taken(path: str) -> EntryExistsError:
    return EntryExistsError(
        _("{entry} was removed, and its name is still taken").format(entry=path),
        hint=_(
            "opskit vault undelete {entry}; or a safe-keeper frees the name: "
            "opskit vault purge {entry}"
        ).format(entry=path),
    )


def entry_changed(path: str) -> EntryChangedError:
    return EntryChangedError(
        _("{entry} was changed by somebody else meanwhile; nothing was written").format(entry=path),
        hint=f"opskit vault history {path}",
    )


def _asked_for(fields: list[str]) -> list[str]:
    """Neither a fact, which `show` gives, nor what waits for its rotation."""
    return sorted(name for name in fields if name not in FACTS and NEXT_PREFIX not in name)
