"""Logins for the shell."""

from typing import TYPE_CHECKING

from opskit.core.completion import completing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _logins(session: "Session") -> list[str]:
    from opskit.staff.services import list_people

    return [person.login for person in list_people(session)]


complete_login = completing(_logins)
