"""What a departure leaves to do: the day itself, secrets to rotate, newcomers without mentor."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from onboarding.leaving.services import LeaverLine, leavers
from onboarding.leaving.words import LeaveState
from onboarding.models import UNDER_WAY, Consultant
from onboarding.services import LETTER
from opskit.core.i18n import _
from opskit.core.refs import format_number
from opskit.core.todo import TodoItem
from opskit.staff.models import Person, PersonState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

AHEAD = timedelta(days=30)
KEEPER, ADMIN, MANAGER = "safe-keeper", "admin", "manager"


class LeavingTodo:
    """For admins, keepers of the safe, and managers."""

    @property
    def label(self) -> str:
        return _("who leaves")

    def items(
        self, session: "Session", *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        last = until or today + AHEAD
        of_leavers = [item for line in leavers(session) for item in _of(line, last)]
        return [*of_leavers, *_orphans(session)]


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
            confidential=True,
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
            confidential=True,
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
            confidential=True,
        )


def _orphans(session: "Session") -> Iterator[TodoItem]:
    """Newcomers whose mentor has left."""
    mentor = aliased(Person)
    query = (
        select(Consultant.run_number, Person.name, Person.pole, mentor.login)
        .join(Person, Person.id == Consultant.person_id)
        .join(mentor, mentor.id == Consultant.mentor_id)
        .where(Consultant.state.in_(UNDER_WAY), mentor.state == PersonState.DISABLED.value)
        .order_by(Consultant.id)
    )
    for number, name, pole, left in session.execute(query):
        yield TodoItem(
            kind="onboarding-mentor",
            subject=format_number(LETTER, number),
            title=_("Onboarding of {name}").format(name=name),
            what=_("needs another mentor: {login} has left").format(login=left),
            role=MANAGER,
            pole=pole or None,
            command=f"opskit onboarding hand-over {left} LOGIN",
        )
