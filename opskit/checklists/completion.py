"""Run numbers for the shell."""

from typing import TYPE_CHECKING

from opskit.core.completion import Complete, completing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def complete_run(kind: str) -> Complete:
    """The names of the runs of one kind, the newest first."""

    def names(session: "Session") -> list[str]:
        from opskit.checklists.services import list_runs

        return [run.name for run in reversed(list_runs(session, kind=kind))]

    return completing(names)
