"""What a departure leaves to do: the day itself, and secrets to rotate."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from onboarding.leaving.services import LeaverLine, leavers
from onboarding.leaving.words import LeaveState
from opskit.core.i18n import _
from opskit.core.todo import CONFIDENTIAL, TodoItem
from opskit.staff.models import PersonState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

AHEAD = timedelta(days=30)
KEEPER, ADMIN = "safe-keeper", "admin"


class LeavingTodo:
    """For admins and keepers of the safe."""

    @property
    def label(self) -> str:
        return _("who leaves")

    def items(
        self, session: "Session", *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        last = until or today + AHEAD
        return [item for line in leavers(session) for item in _of(line, last)]


def _of(line: LeaverLine, last: date) -> Iterator[TodoItem]:
    leaving, login = line.leaving, line.person.login
    came_back = line.person.state == PersonState.ACTIVE
    if leaving.state == LeaveState.WITHDRAWN:
        return
    if leaving.state != LeaveState.LEFT:
        if leaving.leaves_on > last:
            return
        yield TodoItem(
            kind="onboarding-leave",
            subject=login,
            title=_("Departure of {name}").format(name=line.person.name),
            what=_("to close the safe to {login}").format(login=login),
            due=leaving.leaves_on,
            role=ADMIN,
            command=f"opskit onboarding leave {login}",
            readers=CONFIDENTIAL,
        )
    elif came_back:
        return
    elif leaving.known_at is None:
        yield TodoItem(
            kind="onboarding-leave-reads",
            subject=login,
            title=_("Departure of {name}").format(name=line.person.name),
            what=_("what {login} read is not known yet").format(login=login),
            since=leaving.leaves_on,
            role=ADMIN,
            command=f"opskit onboarding leave {login} --log audit.log",
            readers=CONFIDENTIAL,
        )
    elif line.open_reads:
        yield TodoItem(
            kind="onboarding-leave-rotate",
            subject=login,
            title=_("Departure of {name}").format(name=line.person.name),
            what=_("credentials that {login} read, to rotate: {count}").format(
                login=login, count=line.open_reads
            ),
            since=leaving.leaves_on,
            role=KEEPER,
            command=f"opskit onboarding leavers {login}",
            readers=CONFIDENTIAL,
        )
