"""A run on a page, with names, comments and the decision: the end of every `show`."""

import sys
from typing import TYPE_CHECKING

from opskit.core.context import AppContext
from opskit.core.output import data, show_json
from opskit.core.screen import screen_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.checklists.models import Run


def show_run(here: AppContext, session: "Session", run: "Run", *, as_json: bool) -> None:
    """Print it, as wide as the terminal, or as JSON."""
    from opskit.checklists import services
    from opskit.checklists.page import page_lines
    from opskit.checklists.ports import People
    from opskit.checklists.presenting import run_page

    if as_json:
        show_json(run_page(run, on=here.today()))
        return
    lines = page_lines(
        run,
        on=here.today(),
        screen=screen_of(sys.stdout),
        names=here.plug(People).names(session),
        comments=services.comments_of(session, run),
        decision=services.last_decision(session, run),
        sizes=services.file_sizes(session, run),
    )
    data("\n".join(lines))
