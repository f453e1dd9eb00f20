"""Who is meant: people by login, what is theirs, and to which pole an item belongs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit.clients import services as clients
from opskit.core.identity import OVERSEERS, Identity
from opskit.core.todo import TodoItem
from opskit.staff import services as staff
from opskit.staff.models import Person

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks for what is theirs: by name, or nobody's and for a role of theirs."""

    login: str
    roles: frozenset[str]

    def has(self, item: TodoItem) -> bool:
        return item.role in self.roles if item.person is None else item.person == self.login

    def may_read(self, item: TodoItem) -> bool:
        return (
            item.readers is None
            or self.login in item.readers
            or self.has(item)
            or not self.roles.isdisjoint(OVERSEERS)
        )


@dataclass(frozen=True, slots=True)
class Directory:
    """The people by login, and the pole of each client by code."""

    people: Mapping[str, Person]
    client_poles: Mapping[str, str]

    def name_of(self, login: str | None) -> str | None:
        """The full name; whoever left the directory keeps the login."""
        if login is None:
            return None
        person = self.people.get(login)
        return login if person is None else person.name

    def poles_of(self, item: TodoItem) -> frozenset[str]:
        """That of its client and that of its person, which may be another."""
        person = self.people.get(item.person or "")
        known = (
            item.pole,
            self.client_poles.get(item.client or ""),
            None if person is None else person.pole,
        )
        return frozenset(each for each in known if each)


def read_directory(session: "Session") -> Directory:
    people = {person.login: person for person in staff.list_people(session)}
    return Directory(people, clients.poles(session))


def oneself(session: "Session", identity: Identity) -> Reader:
    """Whoever is logged in, with the roles that the safe gives."""
    person = staff.by_entity(session, identity.entity_id)
    return Reader(identity.name if person is None else person.login, identity.roles)


def somebody(session: "Session", text: str) -> Reader:
    """A person of the directory, by login or name, with the job as their role.

    Raises:
        NotFoundError, ConflictError: nobody is called so, or several people are.
    """
    person = staff.find(session, text)
    return Reader(person.login, frozenset({person.role} - {""}))
