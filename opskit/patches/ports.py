"""What a patch preparation asks of the other utilities; wiring plugs them in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class LicenseFact:
    """What the register says about a client, a version and a day."""

    covered: bool
    reason: str
    until: date | None
    modules: frozenset[str]
    named_users: int | None  # None is unlimited


class LicenseRegister(Protocol):
    """The register of issued licences."""

    def fact(self, session: Session, *, client: str, version: str, on: date) -> LicenseFact: ...


@dataclass(frozen=True, slots=True)
class SafeEntry:
    """An entry of the safe, what came of trying its login the last time, and since when its
    secret is the same, if anybody knows.
    """

    name: str
    check: str = ""
    checked_on: date | None = None
    rotated_on: date | None = None


class Safe(Protocol):
    """The digital safe: what there is, never what it says."""

    def entries(self, client: str, environment: str) -> Sequence[SafeEntry]:
        """A client's entries in one environment, guarded ones too.

        Raises:
            DeniedError: the person may not look into the safe.
            UnavailableError: the safe does not answer.
        """
        ...
