"""What whoever works on a path should know where it rests: what they do counts all the same."""

from typing import TYPE_CHECKING

from opskit.core.i18n import _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.checklists.models import Run


def rest_line(session: "Session", run: "Run") -> str | None:
    """Since when the path rests, and how it goes on; None where it does."""
    from onboarding.services.pausing import resting_since

    since = resting_since(session, run)
    if since is None:
        return None
    return _("{run} rests since {day}; a manager lets it go on: {command}").format(
        run=run.name, day=since, command=f"opskit onboarding resume {run.name}"
    )
