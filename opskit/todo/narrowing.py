"""The list, narrowed down to what somebody asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from opskit.core.todo import TodoItem
from opskit.todo.directory import Directory, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is wanted of the list; None is whatever there is."""

    reader: Reader | None = None
    role: str | None = None
    pole: str | None = None
    client: str | None = None
    late: bool = False

    def wants(self, item: TodoItem, directory: Directory, *, today: date) -> bool:
        return (
            (self.reader is None or self.reader.has(item))
            and self.role in (None, item.role)
            and (self.pole is None or self.pole in directory.poles_of(item))
            and self.client in (None, item.client)
            and (not self.late or item.is_late(on=today))
        )


def narrowed(
    items: Iterable[TodoItem], wish: Wish, directory: Directory, *, today: date
) -> list[TodoItem]:
    """In the order in which they came."""
    return [item for item in items if wish.wants(item, directory, today=today)]


def row_of(item: TodoItem, directory: Directory, *, today: date) -> dict[str, Any]:
    """The keys that `--json` promises."""
    return {
        "kind": item.kind,
        "subject": item.subject,
        "title": item.title,
        "step": item.step,
        "what": item.what,
        "client": item.client,
        "pole": item.pole or directory.client_poles.get(item.client or "") or None,
        "due": item.due,
        "since": item.since,
        "late": item.is_late(on=today),
        "person": item.person,
        "person_name": directory.name_of(item.person),
        "role": item.role,
        "command": item.command,
    }
