"""Logins for everybody in an imported table; a second run makes only the missing ones."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from opskit.core.errors import ConflictError, InvalidError, OpsError
from opskit.core.identity import require_role
from opskit.core.secret import Secret
from opskit.staff import services, user_services
from opskit.staff.acts import Desk
from opskit.staff.models import Person, PersonState
from opskit.staff.passwords import complete_list


@dataclass(frozen=True, slots=True)
class Refusal:
    """A login that cannot be made, and why."""

    login: str
    error: OpsError


@dataclass(frozen=True, slots=True)
class MadeLogins:
    made: tuple[str, ...]
    refused: tuple[Refusal, ...]


def missing_logins(desk: Desk, logins: Iterable[str]) -> list[Person]:
    """Who of these has no login yet, and may have one."""
    wanted = set(logins)
    with desk.transaction() as session:
        return [
            person
            for person in services.list_people(session, state=PersonState.ACTIVE)
            if person.login in wanted and person.login_made_at is None
        ]


def make_logins(
    desk: Desk, people: Iterable[Person], *, password_list: Path, make: Callable[[], Secret]
) -> MadeLogins:
    """Give each a login with the role of the job, and a password from the list.

    The list is written first: whatever happens then, no password is lost. A login that the safe
    refuses is reported, and the others are made.

    Raises:
        DeniedError: no admin. UnavailableError: the safe does not answer; run it again later.
    """
    require_role(desk.actor, "admin")
    waiting = list(people)
    passwords = complete_list(password_list, waiting, make) if waiting else {}
    made: list[str] = []
    refused: list[Refusal] = []
    for person in waiting:
        try:
            user_services.add(
                desk,
                login=person.login,
                roles=frozenset({person.role}),
                password=passwords[person.login],
                password_list=str(password_list.absolute()),
            )
            made.append(person.login)
        except (ConflictError, InvalidError) as err:
            refused.append(Refusal(person.login, err))
    return MadeLogins(tuple(made), tuple(refused))
