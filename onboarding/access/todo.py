"""What waits for an admin: access that a sign-off has earned, and changes the safe missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from onboarding.access.levels import load_levels
from onboarding.access.milestones import proposals
from onboarding.access.wishes import waiting
from opskit.core.config import Home
from opskit.core.i18n import _
from opskit.core.todo import TodoItem

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class GrowingTodo:
    """For whoever can give access."""

    home: Home

    @property
    def label(self) -> str:
        return _("the access that grows")

    def items(
        self, session: "Session", *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        """Raises LevelsInvalidError: the team's own file of levels breaks a rule."""
        del today, until
        earned = [
            TodoItem(
                kind="onboarding-access",
                subject=each.run,
                step=each.level.value,
                title=_("Onboarding of {name}").format(name=each.person.name),
                what=_("access to give: {level}").format(level=each.level.value),
                since=each.signed_at.astimezone().date(),
                role=ADMIN,
                pole=each.person.pole or None,
                command=f"opskit onboarding access grant {each.person.login} {each.level.value}",
                readers=frozenset({each.person.login, each.mentor.login}),
            )
            for each in proposals(session, load_levels(self.home))
        ]
        return earned + [
            TodoItem(
                kind="onboarding-access-pending",
                subject=each.subject,
                what=_("access that the safe has not heard of: {level}").format(
                    level=each.data["level"]
                ),
                since=each.begun_at.astimezone().date(),
                role=ADMIN,
                command="opskit doctor --repair",
                readers=frozenset({each.subject}),
            )
            for each in waiting(session)
        ]
