"""Run numbers and templates for the shell."""

from typing import TYPE_CHECKING

from opskit.core.completion import Complete, completing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OFFERED = 500  # of ten thousand runs a shell shows the last ones


def complete_run(kind: str) -> Complete:
    """The names of the runs of one kind, the newest first."""

    def names(session: "Session") -> list[str]:
        from opskit.checklists.services.runs import latest_names

        return latest_names(session, kind=kind, most=OFFERED)

    return completing(names)


def _template_ids(session: "Session") -> list[str]:
    from sqlalchemy import select

    from opskit.checklists.models import PublishedTemplate

    return list(session.scalars(select(PublishedTemplate.id).distinct().order_by("id")))


complete_template = completing(_template_ids)
"""The ids of the published templates."""
