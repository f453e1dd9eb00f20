"""Errors are part of the interface: a reference, an exit code, a message and a hint.

The exit codes are frozen, scripts depend on them (docs/exit-codes.md).
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a script sees of a command. Never renumber."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    NOT_FOUND = 3
    CONFLICT = 4
    INVALID = 5
    DENIED = 6
    UNAVAILABLE = 7
    CHECK_FAILED = 8


class OpsError(Exception):
    """A failure that is explained to the person: what happened, and what to type next."""

    reference: ClassVar[str] = "unexpected"
    exit_code: ClassVar[ExitCode] = ExitCode.UNEXPECTED

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageProblemError(OpsError):
    """The command line does not say what to do, or names an option that stdin cannot replace."""

    reference = "usage"
    exit_code = ExitCode.USAGE


class NotFoundError(OpsError):
    """Nothing has that name; the hint lists the nearest ones."""

    reference = "not-found"
    exit_code = ExitCode.NOT_FOUND


class ConflictError(OpsError):
    """It exists already, or somebody else was faster; nothing was changed."""

    reference = "conflict"
    exit_code = ExitCode.CONFLICT


class InvalidError(OpsError):
    """The input breaks a rule."""

    reference = "invalid"
    exit_code = ExitCode.INVALID


class DeniedError(OpsError):
    """The person's roles do not allow it."""

    reference = "denied"
    exit_code = ExitCode.DENIED


class UnavailableError(OpsError):
    """Vault or the database does not answer, or is sealed."""

    reference = "unavailable"
    exit_code = ExitCode.UNAVAILABLE


class CheckFailedError(OpsError):
    """A check ran to its end and found something wrong."""

    reference = "check-failed"
    exit_code = ExitCode.CHECK_FAILED
