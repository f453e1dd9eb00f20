"""Who has a role in the safe, for what is nobody's job: to approve, to issue, to rotate."""

from functools import cache

from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.i18n import _
from opskit.core.identity import ROLES
from opskit.core.output import say
from opskit.staff.ports import Accounts
from opskit.todo.directory import Directory
from opskit.todo.receivers import Holders

ADMIN = "admin"


def holders_in(run: AppContext, directory: Directory) -> Holders:
    """Asks the safe about each role once, and only about those that are nobody's job."""
    logins = {person.entity_id: person.login for person in directory.people.values()}

    @cache
    def members(role: str) -> frozenset[str]:
        try:
            return run.plug(Accounts).members(role)
        except OpsError as err:  # not everybody may ask who has it
            say(
                _("without who has the role {role}: {reason}").format(role=role, reason=err.message)
            )
            return frozenset()

    def holders(role: str) -> frozenset[str]:
        found = members(role) if role in ROLES else frozenset()
        wanted = found and (found - members(ADMIN) or found)
        return frozenset(logins[each] for each in wanted if each in logins)

    return holders
