"""The days of the open runs for a calendar: the day that each is for, and when its steps are due.

Events, not to-dos, each with a name that stays: a file that is imported again moves what moved.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from opskit.checklists.models import OPEN, Definition, PublishedTemplate, Run, Step
from opskit.checklists.page import in_language
from opskit.checklists.page.text import NOBODY
from opskit.checklists.states import SETTLED
from opskit.checklists.templates import step_of, template_of
from opskit.core.ics import Event, uid_of
from opskit.core.refs import format_number
from opskit.core.words import in_words


def agenda(
    session: Session,
    *,
    kind: str,
    at: datetime,
    login: str | None = None,
    run_ids: Collection[int] | None = None,
    names: Mapping[str, str] = NOBODY,
    without: Collection[int] = (),
) -> list[Event]:
    """The events of the open runs of a kind: of all, of one person by login, or of these runs;
    without those that are not for whoever asks.

    A step is a person's that was given to them; else it belongs to whoever looks after the run.
    The day of a run is everybody's who has a step of it.
    """
    query: Select[*tuple[Any, ...]] = (
        select(
            *(Run.id, Run.letter, Run.number, Run.subject, Run.anchor_on, PublishedTemplate.body),
            *(Step.key, Step.position, Step.state, Step.due_on, Definition.body.label("asked")),
        )
        .join(Step, (Step.run_id == Run.id) & Step.dropped_at.is_(None))
        .join(Definition, Definition.digest == Step.digest)
        .join(PublishedTemplate, PublishedTemplate.digest == Run.template_digest)
        .where(Run.kind == kind, Run.state == OPEN, Step.state.not_in(SETTLED))
        .where(Run.id.not_in(without))
        .order_by(Run.number, Step.position)
    )
    if login is not None:
        query = query.where(_belongs_to(login, names))
    rows: Sequence[Row[*tuple[Any, ...]]] = session.execute(query).all()
    if run_ids is not None:
        wanted = frozenset(run_ids)
        rows = [row for row in rows if row.id in wanted]
    return list(_events(rows, kind=kind, at=at))


def _belongs_to(login: str, names: Mapping[str, str]) -> ColumnElement[bool]:
    """A run that was given to nobody is looked after by whoever prepares it."""
    entities = [who for who, name in names.items() if name == names.get(login) and who != login]
    looks_after = or_(
        Run.assignee == login,
        and_(Run.assignee.is_(None), Run.prepared_by.in_(entities)),
    )
    return or_(Step.assignee == login, and_(Step.assignee.is_(None), looks_after))


def _events(rows: Sequence[Row[*tuple[Any, ...]]], *, kind: str, at: datetime) -> Iterator[Event]:
    begun: set[int] = set()
    for row in rows:
        name = format_number(row.letter, row.number)
        show = f"opskit {kind} show {name}"
        if row.id not in begun:
            begun.add(row.id)
            title = in_language(template_of(row.body).title)
            yield _event(uid_of(name), row.anchor_on, f"{title} {row.subject} ({name})", at, show)
        text = in_language(step_of(row.asked).text)
        yield _event(
            uid_of(name, row.key),
            row.due_on,
            f"{name} {row.subject}: {row.position} {text}",
            at,
            f"{in_words(row.state)}\n{show}",
        )


def _event(uid: str, day: date, title: str, at: datetime, text: str) -> Event:
    return Event(uid=uid, first=day, last=day, title=title, changed_at=at, text=text)
