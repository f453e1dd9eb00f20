"""Bare `opskit` on a terminal: what waits for the person who sits before it."""

from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.output import say
from opskit.todo.asking import ask_to_read
from opskit.todo.directory import oneself, read_directory
from opskit.todo.listing import show_list
from opskit.todo.narrowing import Wish, narrowed, row_of


def show_own(run: AppContext) -> None:
    """One's own list, as `opskit todo --person me` shows it.

    Raises:
        OpsError: the safe cannot say who it is, or the database cannot be read.
    """
    actor, today = run.identity(), run.today()
    with run.snapshot() as session:
        reader, directory = oneself(session, actor), read_directory(session)
        found = ask_to_read(run, session)
    own = narrowed(found, Wish(reader=reader), directory, today=today)
    show_list([row_of(item, directory, today=today) for item in own], as_json=False)
    say(_("every command: opskit --help"))
