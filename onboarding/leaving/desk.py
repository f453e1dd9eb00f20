"""Who sees somebody off, and with what."""

from dataclasses import dataclass
from datetime import datetime

from onboarding.ports import AccessGroups, Asker, Askers
from opskit.core.context import AppContext
from opskit.core.identity import Identity
from opskit.staff.acts import Desk
from opskit.staff.ports import Accounts


@dataclass(frozen=True, slots=True)
class LeaveDesk:
    """`desk` is that of logins; unproven where only this machine knows the asker."""

    desk: Desk
    groups: AccessGroups
    is_proven: bool = True

    @property
    def actor(self) -> Identity:
        return self.desk.actor

    @property
    def at(self) -> datetime:
        return self.desk.at


def leave_desk(run: AppContext) -> LeaveDesk:
    """For whoever the safe knows."""
    return _desk(run, Asker(run.identity()))


def asking_desk(run: AppContext) -> LeaveDesk:
    """For whoever is logged in, also while the safe is away."""
    return _desk(run, run.plug(Askers).current())


def _desk(run: AppContext, asker: Asker) -> LeaveDesk:
    desk = Desk(run.transaction, run.plug(Accounts), asker.identity, run.now())
    return LeaveDesk(desk, run.plug(AccessGroups), asker.is_proven)
