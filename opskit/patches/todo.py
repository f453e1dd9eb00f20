"""What waits for somebody in the preparation of patches."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from opskit.checklists.todo import open_steps
from opskit.core.i18n import _
from opskit.core.todo import TodoItem
from opskit.patches.services import KIND
from opskit.staff.services import list_people

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class PatchTodo:
    """The steps that are to be done, approved, or asked about again."""

    @property
    def label(self) -> str:
        return _("the patches")

    def items(
        self, session: "Session", *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        jobs = {person.login: person.role for person in list_people(session)}
        return [
            replace(each.item, title=_title(each.subject, each.facts.get("version")))
            for each in open_steps(session, kind=KIND, today=today, until=until, jobs=jobs)
        ]


def _title(client: str, version: object) -> str:
    return _("Patch of {client} to {version}").format(client=client, version=version)
