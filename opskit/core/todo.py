"""The common to-do list: what waits for somebody, whichever utility knows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from opskit.core.errors import OpsError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CONFIDENTIAL: frozenset[str] = frozenset()
"""The `readers` of what nobody else may read."""
USUAL_NOTICE = 3  # days: on a Friday whoever has something for Monday hears of it


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoItem:
    """One thing to do, for a person by login or else for whoever has the role.

    `subject` is the number of what it is about (`P7`), `title` that in words, `step` the key of a
    step of it. `pole` is for what belongs to no client and to no person. A reminder goes out
    `notice` days before it is due.

    `readers` are the logins of those who may read it beside whom it waits for and who oversees the
    team; None is the whole team, and only of that a channel is told.
    """

    kind: str
    subject: str
    what: str
    command: str
    due: date | None = None
    person: str | None = None
    role: str | None = None
    client: str | None = None
    pole: str | None = None
    step: str | None = None
    title: str | None = None
    since: date | None = None
    notice: int = USUAL_NOTICE
    readers: frozenset[str] | None = None

    @property
    def key(self) -> str:
        """By which it is known again tomorrow, also when its words or its day have changed."""
        return " ".join(each for each in (self.kind, self.subject, self.step) if each)

    def is_late(self, *, on: date) -> bool:
        """From the day after it was due."""
        return self.due is not None and self.due < on


class TodoSource(Protocol):
    """A utility that knows of things to do."""

    @property
    def label(self) -> str:
        """What is missing from the list when this source fails, in the person's language."""
        ...

    def items(
        self, session: "Session", *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        """What is due up to the day `until`; without it, as far ahead as one usually looks."""
        ...


class TodoSources(tuple[TodoSource, ...]):
    """Every source there is: what `run.plug(TodoSources)` gives."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A source that could not be asked, and why."""

    label: str
    error: OpsError


@dataclass(frozen=True, slots=True)
class Gathered:
    """The oldest due first, and last what is due on no day."""

    items: tuple[TodoItem, ...]
    missing: tuple[Missing, ...] = ()


def gather(
    sources: TodoSources, session: "Session", *, today: date, until: date | None = None
) -> Gathered:
    """Ask every source; one that fails takes nothing from the others."""
    found: list[TodoItem] = []
    missing: list[Missing] = []
    for source in sources:
        try:
            found += source.items(session, today=today, until=until)
        except OpsError as err:
            missing.append(Missing(source.label, err))
    if until is not None:
        found = [item for item in found if item.due is None or item.due <= until]
    found.sort(key=lambda item: (item.due is None, item.due or today, item.subject))
    return Gathered(tuple(found), tuple(missing))
