"""Who hears of what: a person of what is theirs, a team of everything.

What belongs to a role and to nobody goes to everybody who has that job, of the client's pole
where the job has people there. Only where it is nobody's job do the roles count that the safe
gives, and among those who have one an admin only where nobody else has it: an admin has many, and
would be told everything.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from opskit.core.todo import TodoItem
from opskit.staff.models import Person, PersonState
from opskit.todo.directory import Directory

TEAM = "team"
Holders = Callable[[str], frozenset[str]]
"""The logins of those who have a role in the safe."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """`key` is what the table of reminders keeps; `language` is empty where nobody chose one."""

    key: str
    name: str
    address: str = ""
    language: str = ""
    login: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What one receiver is to hear of."""

    receiver: Receiver
    items: tuple[TodoItem, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """`nobody` is what no active person would hear of."""

    shares: tuple[Share, ...]
    nobody: tuple[TodoItem, ...] = ()


def shared_out(items: Iterable[TodoItem], directory: Directory, holders: Holders) -> Shares:
    """To each person what is theirs, by name."""
    active = [person for person in directory.people.values() if person.state == PersonState.ACTIVE]
    taken: dict[str, list[TodoItem]] = {}
    nobody: list[TodoItem] = []
    for item in items:
        people = _people_for(item, active, directory, holders)
        if not people:
            nobody.append(item)
        for person in people:
            taken.setdefault(person.login, []).append(item)
    shares = (Share(_receiver(directory.people[login]), tuple(of)) for login, of in taken.items())
    return Shares(tuple(sorted(shares, key=lambda share: share.receiver.name)), tuple(nobody))


def for_the_team(items: Iterable[TodoItem], pole: str | None) -> Shares:
    """To one address, the pole's or the whole team's, all that everybody may know of."""
    name = pole or TEAM
    found = tuple(item for item in items if item.readers is None)
    return Shares((Share(Receiver(name, name), found),) if found else ())


def _people_for(
    item: TodoItem, active: list[Person], directory: Directory, holders: Holders
) -> list[Person]:
    if item.person is not None:
        return [person for person in active if person.login == item.person]
    if item.role is None:
        return []
    of_role = [person for person in active if person.role == item.role]
    if not of_role:
        logins = holders(item.role)
        of_role = [person for person in active if person.login in logins]
    poles = directory.poles_of(item)
    return [person for person in of_role if person.pole in poles] or of_role


def _receiver(person: Person) -> Receiver:
    return Receiver(person.subject, person.name, person.email, person.language, person.login)
