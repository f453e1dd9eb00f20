"""What the commands have in common that lead a path: who changes it, when, what is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from onboarding.services import Walk
    from opskit.core.business_days import Calendar

ReasonOption = Annotated[str, typer.Option("--reason", help=_("Why, in a few words."))]
OnOption = Annotated[str, typer.Option("--on", metavar="DATE", help=_("By default today."))]


@contextmanager
def leading(run: AppContext, name: str) -> "Iterator[tuple[Session, Walk, dict[str, Any]]]":
    """One transaction in which a manager or an admin changes a walk."""
    from onboarding import services

    actor = run.identity()
    with run.transaction() as session:
        walk = services.find_to_lead(session, name, actor)
        yield session, walk, {"at": run.now(), "actor": actor}


def read_walk_day(run: AppContext, session: "Session", walk: "Walk", text: str) -> date:
    """A day as typed; business days count at the place of the path."""
    from opskit.checklists.step_cli.run_group import read_day

    return read_day(session, run, walk.run, text)


def team_calendar(run: AppContext, session: "Session") -> "Calendar":
    from opskit.core.business_days import CalendarSource

    return run.plug(CalendarSource).load(session)


def tell_walk(
    walk: "Walk", said: str, *, as_json: bool, more: dict[str, Any] | None = None
) -> None:
    """The walk as JSON, or what a person should know."""
    from onboarding.presenting import walk_facts

    if as_json:
        show_json({**walk_facts(walk), **(more or {})})
    else:
        say(said)
