"""The common to-do list: what waits for somebody, whichever utility knows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoItem:
    """One thing to do, for a person by name or else for whoever has the role."""

    kind: str
    subject: str
    what: str
    command: str
    due: date | None = None
    person: str | None = None
    role: str | None = None
    client: str | None = None

    def is_late(self, *, on: date) -> bool:
        """From the day after it was due."""
        return self.due is not None and self.due < on


class TodoSource(Protocol):
    """A utility that knows of things to do."""

    def items(self, session: "Session", *, today: date) -> Sequence[TodoItem]: ...


class TodoSources(tuple[TodoSource, ...]):
    """Every source there is: what `run.plug(TodoSources)` gives."""

    __slots__ = ()


def all_items(sources: TodoSources, session: "Session", *, today: date) -> list[TodoItem]:
    """The oldest due first, and last what is due on no day."""
    found = [item for source in sources for item in source.items(session, today=today)]
    return sorted(found, key=lambda item: (item.due is None, item.due or today, item.subject))
