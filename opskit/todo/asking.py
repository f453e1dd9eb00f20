"""The sources asked, and told what could not be asked."""

from datetime import date
from typing import TYPE_CHECKING

from opskit.core.context import AppContext
from opskit.core.errors import UnavailableError
from opskit.core.i18n import _
from opskit.core.output import say
from opskit.core.todo import Gathered, TodoSources, gather

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

YOU = "me"


def require_login(run: AppContext) -> None:
    """The list is for people of the team; where the safe is away, it cannot tell who they are.

    What only the safe knows is then missing from the list, and said to be.

    Raises:
        DeniedError: nobody is logged in.
    """
    try:
        run.identity()
    except UnavailableError:
        return


def ask_sources(run: AppContext, session: "Session", *, until: date | None = None) -> Gathered:
    """Everything that waits; a line on stderr for each source that did not answer."""
    found = gather(run.plug(TodoSources), session, today=run.today(), until=until)
    for each in found.missing:
        say(_("without {what}: {reason}").format(what=each.label, reason=each.error.message))
    return found
