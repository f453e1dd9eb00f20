"""opskit todo narrows down what every utility tells it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from opskit.core.cliapp import run
from opskit.core.todo import TodoItem, TodoSources
from opskit.todo import app
from tests.support.home import House

DAY = timedelta(days=1)


class Kitchen:
    """A utility with something for a person by name, and something for a role."""

    def items(self, session: Session, *, today: date) -> Sequence[TodoItem]:
        del session
        return [
            TodoItem(kind="k", subject="tea", what="t", command="c", person="bob", due=today),
            TodoItem(
                kind="k", subject="cups", what="t", command="c", person="bob", due=today - DAY
            ),
            TodoItem(kind="k", subject="pans", what="t", command="c", role="admin"),
        ]


@pytest.mark.parametrize(
    ("words", "subjects"),
    [
        ([], ["cups", "tea", "pans"]),
        (["--person", "bob"], ["cups", "tea"]),
        (["--late"], ["cups"]),
        (["--late", "--person", "alice"], []),
        (["--role", "admin"], ["pans"]),
        (["--role", "admin", "--late"], []),
    ],
)
def test_narrowed_down(
    house: House, capsys: pytest.CaptureFixture[str], words: list[str], subjects: list[str]
) -> None:
    def plug(_port: Any) -> Any:
        return TodoSources((Kitchen(),))

    context = replace(house.context(), plug=plug)
    assert run(app, [*words, "--json"], obj=context) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["subject"] for row in rows] == subjects
    assert [row["subject"] for row in rows if row["late"]] == [s for s in subjects if s == "cups"]


def test_an_empty_list_says_so(house: House) -> None:
    empty = house.done("todo", "--role", "auditor")
    assert (empty.out, empty.err) == ("", "nothing to do\n")
