"""The sources asked, and told what could not be asked."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from opskit.core.context import AppContext
from opskit.core.errors import UnavailableError
from opskit.core.i18n import _
from opskit.core.identity import NOBODY
from opskit.core.output import say
from opskit.core.todo import Gathered, TodoItem, TodoSources, gather
from opskit.todo.directory import oneself

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

YOU = "me"


def require_login(run: AppContext) -> None:
    """The list is for people of the team; where the safe is away, it cannot tell who they are.

    What only the safe knows, and what is not for everybody, is then missing, and said to be.

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


def ask_to_read(
    run: AppContext, session: "Session", *, until: date | None = None
) -> Sequence[TodoItem]:
    """What waits, as far as it is for whoever asks to read."""
    actor = run.whoever_asks()
    reader = oneself(session, actor)
    found = ask_sources(run, session, until=until).items
    readable = [item for item in found if reader.may_read(item)]
    if actor is NOBODY and len(readable) < len(found):
        say(_("without what is not for everybody: the safe does not say who you are"))
    return readable
