"""A small team, and things that wait for it."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from opskit.core.todo import TodoItem
from opskit.staff.models import Person, PersonState
from opskit.todo.directory import Directory
from tests.conftest import NOW

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
POLES = {"DELEZE": "logistics", "BOVETD": "back-office"}


def item(subject: str, due: date | None = TODAY, **more: Any) -> TodoItem:
    given = {"kind": "license-renew", "what": "to renew", "command": f"opskit see {subject}"}
    return TodoItem(**{**given, "subject": subject, "due": due, **more})


def person(login: str, name: str, role: str = "", pole: str = "", **more: Any) -> Person:
    facts = {"email": f"{login}@opskit.example", "language": "en", "site": "", **more}
    return Person(
        login=login,
        name=name,
        role=role,
        pole=pole,
        entity_id=f"e-{login}",
        login_made_at=None,
        state=facts.pop("state", PersonState.ACTIVE.value),
        created_at=NOW,
        updated_at=NOW,
        **facts,
    )


def team() -> list[Person]:
    return [
        person("nora", "Nora Weber", "sales", "logistics", id=1),
        person("max", "Max Rey", "sales", "back-office", id=2),
        person("bob", "Bob Aubert", "agent", "logistics", id=3, language="fr"),
        person("eve", "Eve Marti", "agent", id=4, state=PersonState.DISABLED.value),
        person("ivo", "Ivo Keller", id=5, email=""),
    ]


def directory(people: list[Person] | None = None) -> Directory:
    known = team() if people is None else people
    return Directory({each.login: each for each in known}, POLES)


def kept(session: Session) -> Directory:
    """The same team, in the database."""
    people = team()
    session.add_all(people)
    session.flush()
    return directory(people)
