"""The page for the morning: read aloud, person by person, and last what nobody has.

A page looks like this:

logistics, 2026-11-24: 3 to do, 1 late

Nora Weber: 2, 1 late
  4 days late  DELEZE  L1001 to renew    opskit license renew L1001 --until +12m
  today        BOVETD  P7 backup proven  opskit patch tick P7 16

Nobody yet: 1
  today  BOVETD  R12 to approve  license-issuer  opskit license approve R12
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from opskit.core.i18n import _
from opskit.core.screen import Screen, Tone
from opskit.core.tables import Cell, Column, table_lines
from opskit.core.todo import TodoItem
from opskit.todo.directory import Directory

INDENT = 2
ENDLESS = 10_000  # the width of a line in a pipe


@dataclass(frozen=True, slots=True)
class Group:
    """What one person has to do; without a name, what nobody has."""

    name: str | None
    items: tuple[TodoItem, ...]


def groups_of(items: Sequence[TodoItem], directory: Directory) -> list[Group]:
    """By name; the items of each keep their order, the oldest first."""
    names = {directory.name_of(item.person) for item in items}
    return [
        Group(name, tuple(item for item in items if directory.name_of(item.person) == name))
        for name in sorted(names, key=lambda name: (name is None, name))
    ]


def page_lines(
    items: Sequence[TodoItem], directory: Directory, *, pole: str, today: date, screen: Screen
) -> Iterator[str]:
    """The whole page; of no item at all, its first line."""
    title = _("{pole}, {date}").format(pole=pole, date=today)
    yield screen.paint(_counted(title, items, today=today), Tone.HEADING)
    for group in groups_of(items, directory):
        yield ""
        yield from group_lines(group, today=today, screen=screen)


def group_lines(group: Group, *, today: date, screen: Screen) -> Iterator[str]:
    """Somebody's name and counts, and below it a line an item."""
    name = _("Nobody yet") if group.name is None else group.name
    yield screen.paint(_counted(name, group.items, today=today, short=True), Tone.HEADING)
    for line in _table(group, today=today, screen=screen):
        yield " " * INDENT + line


def when(item: TodoItem, *, today: date) -> str:
    """How one says it aloud."""
    if item.due is None:
        return ""
    days = (item.due - today).days
    if days < -1:
        return _("{days} days late").format(days=-days)
    spoken = {-1: _("1 day late"), 0: _("today"), 1: _("tomorrow")}
    return spoken.get(days, item.due.isoformat())


def _counted(title: str, items: Sequence[TodoItem], *, today: date, short: bool = False) -> str:
    late = sum(item.is_late(on=today) for item in items)
    count = str(len(items)) if short else _("{count} to do").format(count=len(items))
    counts = [count, *([_("{count} late").format(count=late)] if late else [])]
    return _("{title}: {counts}").format(title=title, counts=", ".join(counts))


def _table(group: Group, *, today: date, screen: Screen) -> Iterator[str]:
    """One line an item; the command goes below where it does not fit beside it."""
    columns = [
        Column("", [_when_cell(item, today=today) for item in group.items]),
        Column("", [Cell(item.client or "") for item in group.items]),
        Column("", [Cell(f"{item.subject} {item.what}") for item in group.items]),
        Column("", [Cell("" if item.person else item.role or "") for item in group.items]),
        Column("", [Cell(item.command) for item in group.items]),
    ]
    shown = [column for column in columns if any(cell.text for cell in column.cells)]
    room = Screen((screen.width or ENDLESS) - INDENT, screen.coloured)
    lines = table_lines(shown, screen=room)
    next(lines)  # the headings, of which there are none
    yield from lines


def _when_cell(item: TodoItem, *, today: date) -> Cell:
    is_near = item.due is not None and item.due <= today + timedelta(days=1)
    tone = Tone.DOUBT if is_near else None
    return Cell(when(item, today=today), Tone.BAD if item.is_late(on=today) else tone)
