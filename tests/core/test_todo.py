"""The common list: every source is asked, and one that fails takes nothing from the others."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from opskit.core.errors import UnavailableError
from opskit.core.todo import TodoItem, TodoSources, gather

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
NO_SESSION = cast("Any", None)


class Shelf:
    """Holds these items; or is out of reach."""

    def __init__(self, *items: TodoItem, error: UnavailableError | None = None) -> None:
        self._items, self._error = items, error
        self.asked: list[date | None] = []

    @property
    def label(self) -> str:
        return "the shelf"

    def items(self, session: Any, *, today: date, until: date | None = None) -> Sequence[TodoItem]:
        del session, today
        self.asked.append(until)
        if self._error is not None:
            raise self._error
        return self._items


def item(subject: str, due: date | None = None, **more: Any) -> TodoItem:
    return TodoItem(kind="k", subject=subject, what="w", command="c", due=due, **more)


def test_the_oldest_comes_first_and_what_is_due_on_no_day_last() -> None:
    first = Shelf(item("b", TODAY), item("never"), item("c", TODAY + DAY))
    second = Shelf(item("a", TODAY), item("old", TODAY - DAY))
    found = gather(TodoSources((first, second)), NO_SESSION, today=TODAY)
    assert [each.subject for each in found.items] == ["old", "a", "b", "c", "never"]
    assert found.missing == ()


def test_a_source_that_fails_is_named_and_the_others_are_there() -> None:
    away = UnavailableError("it is away", hint="wait")
    found = gather(
        TodoSources((Shelf(error=away), Shelf(item("a", TODAY)))), NO_SESSION, today=TODAY
    )
    assert [each.subject for each in found.items] == ["a"]
    assert [(each.label, each.error) for each in found.missing] == [("the shelf", away)]


def test_nothing_is_shown_beyond_the_last_day_that_was_asked_for() -> None:
    shelf = Shelf(item("near", TODAY + DAY), item("far", TODAY + 2 * DAY), item("never"))
    found = gather(TodoSources((shelf,)), NO_SESSION, today=TODAY, until=TODAY + DAY)
    assert [each.subject for each in found.items] == ["near", "never"]
    assert shelf.asked == [TODAY + DAY]


def test_an_item_is_known_again_when_its_words_and_its_day_have_changed() -> None:
    assert item("P7", TODAY, step="backup").key == item("P7", None, step="backup").key
    assert len({item("P7").key, item("P8").key, item("P7", step="backup").key}) == 3


def test_late_is_from_the_day_after() -> None:
    due = item("a", TODAY)
    assert [due.is_late(on=TODAY + days * DAY) for days in (-1, 0, 1)] == [False, False, True]
    assert not item("a").is_late(on=TODAY)
