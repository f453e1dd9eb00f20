"""What the board shows, counted by the database: no step becomes an object here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Row, Select, case, cast, func, literal, select
from sqlalchemy import Date as SqlDate
from sqlalchemy.orm import Session

from opskit.checklists.counting import count_of, is_late_on, is_settled
from opskit.checklists.models import CANCELLED, Definition, Run, Step
from opskit.checklists.page.text import in_language
from opskit.checklists.states import State
from opskit.checklists.templates import StepTemplate, step_of
from opskit.core.business_days import Calendar
from opskit.core.refs import format_number
from opskit.patches.campaigns.boards import Board, BoardLine, BoardStep, Cell
from opskit.patches.campaigns.bottlenecks import StepTally, bottlenecks
from opskit.patches.campaigns.burning import Burndown, burndown
from opskit.patches.campaigns.forecasting import WINDOW, Forecast, Standing, forecast
from opskit.patches.campaigns.services.reading import line_of
from opskit.patches.models import Campaign, Preparation

Columns = TypeVarTuple("Columns")

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Days:
    """Steps by the day on which they are due, and by the day on which they were settled."""

    due: Mapping[date, int]
    settled: Mapping[date, int]


def board(
    session: Session,
    campaign: Campaign,
    *,
    on: date,
    calendar: Calendar,
    most: int | None = None,
) -> Board:
    """The board on a day, with at most so many lines."""
    counted = line_of(session, campaign)
    runs = session.execute(_lines(campaign, on, most)).all()
    steps = _steps(session, campaign, on)
    days = _days(session, campaign)
    begin = campaign.created_at.astimezone().date()
    return Board(
        name=campaign.name,
        version=campaign.version,
        on=on,
        clients=counted.clients,
        closed=counted.closed,
        cancelled=counted.cancelled,
        steps=steps,
        lines=_filled(runs, _cells(session, campaign, on, runs, whole=most is None)),
        burndown=_burndown(days, begin, on),
        bottlenecks=bottlenecks([each.tally for each in steps]),
        forecast=_forecast(days, begin, on, calendar),
    )


def _of(campaign: Campaign, query: Select[*Columns]) -> Select[*Columns]:
    """Only the steps that the runs still have; what was cancelled counts no more."""
    return (
        query.select_from(Preparation)
        .join(Run, Run.id == Preparation.run_id)
        .join(Step, Step.run_id == Run.id)
        .where(
            Preparation.campaign == campaign.number,
            Run.state != CANCELLED,
            Step.dropped_at.is_(None),
        )
    )


def _lines(campaign: Campaign, on: date, most: int | None) -> Select[*tuple[Any, ...]]:
    """The runs, the worst first: most late, then most in trouble, then the next to come."""
    late = count_of(is_late_on(on))
    trouble = count_of(Step.state.in_([State.FAILED, State.WAITING]))
    query = select(
        *(Run.id, Run.letter, Run.number, Run.state, Run.anchor_on, Preparation.client),
        func.count().label("steps"),
        count_of(is_settled()).label("settled"),
        late.label("late"),
    )
    return (
        _of(campaign, query)
        .group_by(Run.id, Preparation.run_id)
        .order_by(late.desc(), trouble.desc(), Run.anchor_on, Run.number)
        .limit(most)
    )


def _cells(
    session: Session,
    campaign: Campaign,
    on: date,
    runs: Sequence[Row[Any]],
    *,
    whole: bool,
) -> Mapping[int, Mapping[str, Cell]]:
    """The cells of these runs. There are few kinds of them, so they share their objects."""
    late = case((is_late_on(on), 1), else_=0)
    query = _of(campaign, select(Step.run_id, Step.key, Step.state, late))
    if not whole:
        query = query.where(Run.id.in_([run.id for run in runs]))
    kinds = {
        (state.value, behind): Cell(state.value, bool(behind))
        for state in State
        for behind in (0, 1)
    }
    found: defaultdict[int, dict[str, Cell]] = defaultdict(dict)
    for run_id, key, state, behind in session.execute(query):
        found[run_id][key] = kinds[state, behind]
    return found


def _filled(runs: Sequence[Row[Any]], cells: Mapping[int, Mapping[str, Cell]]) -> list[BoardLine]:
    return [
        BoardLine(
            run=format_number(run.letter, run.number),
            client=run.client,
            on=run.anchor_on,
            state=run.state,
            settled=run.settled,
            steps=run.steps,
            late=run.late,
            cells=cells[run.id],
        )
        for run in runs
    ]


def _steps(session: Session, campaign: Campaign, on: date) -> list[BoardStep]:
    """The columns in the order of the list. After an upgrade runs may ask different things."""
    late = case((is_late_on(on), 1), else_=0).label("late")
    kinds = (Step.key, Step.digest, Step.state, Step.waiting_for, late)
    query = _of(
        campaign,
        select(*kinds, func.min(Step.position).label("position"), func.count().label("clients")),
    )
    by_key: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(query.group_by(*kinds)):
        by_key[row.key].append(row)
    asked = _asked(session, {row.digest for rows in by_key.values() for row in rows})
    columns = [_step(rows, asked) for rows in by_key.values()]
    return sorted(columns, key=lambda each: (each.tally.position, each.tally.key))


def _asked(session: Session, digests: set[str]) -> Mapping[str, StepTemplate]:
    query = select(Definition.digest, Definition.body).where(Definition.digest.in_(digests))
    return {digest: step_of(body) for digest, body in session.execute(query)}


def _step(rows: Sequence[Row[Any]], asked: Mapping[str, StepTemplate]) -> BoardStep:
    states: defaultdict[str, int] = defaultdict(int)
    waiting: defaultdict[str, int] = defaultdict(int)
    late = 0
    for row in rows:
        states[row.state] += row.clients
        if row.state == State.WAITING:
            waiting[row.waiting_for or ""] += row.clients
        elif row.state == State.READY and row.late:
            late += row.clients
    usual = asked[max(rows, key=lambda row: (row.clients, row.digest)).digest]
    tally = StepTally(
        key=usual.key,
        text=in_language(usual.text),
        owner=usual.owner,
        position=min(row.position for row in rows),
        waiting=dict(waiting),
        submitted=states.get(State.SUBMITTED, 0),
        failed=states.get(State.FAILED, 0),
        late=late,
    )
    return BoardStep(tally, dict(states))


def _days(session: Session, campaign: Campaign) -> _Days:
    due = _of(campaign, select(Step.due_on, func.count())).group_by(Step.due_on)
    day = _settled_day(session)
    settled = (
        _of(campaign, select(day, func.count())).where(Step.settled_at.is_not(None)).group_by(day)
    )
    return _Days(
        due=dict(session.execute(due).all()),
        settled={
            date.fromisoformat(when) if isinstance(when, str) else when: count
            for when, count in session.execute(settled)
        },
    )


def _settled_day(session: Session) -> ColumnElement[Any]:
    moment = Step.settled_at
    if session.get_bind().dialect.name == "sqlite":
        return func.date(moment)
    return cast(func.timezone(literal("UTC"), moment), SqlDate)


def _burndown(days: _Days, begin: date, on: date) -> Burndown:
    return burndown(begin=begin, on=on, due=days.due, settled=days.settled)


def _forecast(days: _Days, begin: date, on: date, calendar: Calendar) -> Forecast:
    """The pace is that of the last weeks, or of the time since the begin."""
    since = max(begin, calendar.add(on, -WINDOW, None))
    standing = Standing(
        on=on,
        steps=sum(days.due.values()),
        settled=sum(days.settled.values()),
        due=sum(count for day, count in days.due.items() if day < on),
        recent=sum(count for day, count in days.settled.items() if since < day <= on),
        days=len(calendar.between(since + ONE_DAY, on, None)),
        planned_end=max(days.due, default=on),
    )
    return forecast(standing, calendar=calendar)
