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


class Safe(Protocol):
    """The digital safe: what there is, never what it says."""

    def entries(self, client: str, environment: str) -> Sequence[str]:
        """The names of a client's entries in one environment.

        Raises:
            DeniedError: the person may not look into the safe.
            UnavailableError: the safe does not answer.
        """
        ...
