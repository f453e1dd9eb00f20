"""What the privacy of a person asks of the safe and of other features; wiring plugs it in."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute, Session


class SafeIdentities(Protocol):
    """People in the safe. Doing it again changes nothing."""

    def forget(self, entity_id: str, *, login: str) -> None:
        """Take the login and every name away; the entity stays, disabled."""
        ...


class PersonalRecords(Protocol):
    """What other features keep of a person."""

    def of_person(
        self, session: "Session", subject: str
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """By kind, the rows about `staff/7`, for whoever demands to be told."""
        ...

    def texts(self) -> "Sequence[InstrumentedAttribute[Any]]":
        """The columns of texts in which people write whatever they like, also a name."""
        ...

    def forget(self, session: "Session", *, login: str, pseudonym: str) -> None:
        """Put the pseudonym where the login stands."""
        ...
