"""A campaign as it would be: nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sqlalchemy.orm import Session

from opskit.checklists.scheduling import due_dates
from opskit.checklists.templates import Template
from opskit.clients.models import Client
from opskit.core.business_days import Calendar
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.patches.campaigns.planning import make_plan
from opskit.patches.campaigns.plans import Placed, Plan, Timeframe
from opskit.patches.campaigns.services.gathering import (
    LeftOut,
    agents,
    candidates,
    gather,
)
from opskit.patches.gate import OPEN_GATE, CompetenceGate

LONGEST = timedelta(days=732)  # two years


@dataclass(frozen=True, slots=True)
class Wish:
    """What a campaign shall be."""

    version: str
    query: str | None
    period: Timeframe


@dataclass(frozen=True, slots=True)
class Draft:
    """The plan, and what is to be known of it.

    `hurried` clients have steps that were due before today, `lapsing` ones no maintenance on
    their day, `without_canton` ones only the holidays of all cantons.
    """

    wish: Wish
    plan: Plan
    left_out: tuple[LeftOut, ...]
    without_canton: tuple[str, ...]
    hurried: tuple[str, ...]
    lapsing: tuple[str, ...]


def draft(
    session: Session,
    wish: Wish,
    *,
    template: Template,
    calendar: Calendar,
    today: date,
    gate: CompetenceGate = OPEN_GATE,
) -> Draft:
    """Plan every client of the query that needs the version.

    Raises:
        InvalidError: the period is past or longer than two years; or the query names
            what there is not.
        NotFoundError: no client fits the query.
    """
    require_period(wish.period, today=today)
    gathered = gather(session, query=wish.query, version=wish.version)
    return drafted(
        session,
        wish,
        gathered.clients,
        left_out=gathered.left_out,
        template=template,
        calendar=calendar,
        today=today,
        gate=gate,
    )


def drafted(
    session: Session,
    wish: Wish,
    found: Sequence[Client],
    *,
    left_out: tuple[LeftOut, ...],
    template: Template,
    calendar: Calendar,
    today: date,
    taken: Sequence[date] = (),
    gate: CompetenceGate = OPEN_GATE,
) -> Draft:
    """Plan these clients, beside patches that have their days already, with the agents whom the
    gate admits for all of them.
    """
    modules = {module for client in found for module in client.modules}
    plan = make_plan(
        candidates(session, found),
        period=wish.period,
        calendar=calendar,
        agents=agents(session, wish.period, gate=gate, modules=modules, on=today),
        taken=taken,
    )
    known = {each.code: each for each in found}
    begins = _Begins(template, calendar)
    return Draft(
        wish=wish,
        plan=plan,
        left_out=left_out,
        without_canton=tuple(each.code for each in found if not each.canton),
        hurried=tuple(
            each.client
            for each in plan.placed
            if begins.on(each.on, known[each.client].canton) < today
        ),
        lapsing=tuple(each.client for each in plan.placed if _lapses(each, known[each.client])),
    )


def require_period(period: Timeframe, *, today: date) -> None:
    """Raises InvalidError where no patch is planned: in the past, or beyond two years."""
    if period.first < today:
        raise InvalidError(
            _("{on} is past").format(on=period.first), hint=_("give the first day: --from +20bd")
        )
    if period.last - period.first > LONGEST:
        raise InvalidError(
            _("from {first} to {last} is longer than two years").format(
                first=period.first, last=period.last
            ),
            hint=_("plan a part of it, and the rest later"),
        )


class _Begins:
    """When the first step of a patch is due; asked once a day and canton."""

    def __init__(self, template: Template, calendar: Calendar) -> None:
        self._template = template
        self._calendar = calendar
        self.on = cache(self._on)

    def _on(self, day: date, canton: str | None) -> date:
        dates = due_dates(
            self._template.steps, anchor_on=day, canton=canton, calendar=self._calendar
        )
        return min(dates.values())


def _lapses(placed: Placed, client: Client) -> bool:
    return client.maintenance_until is None or client.maintenance_until < placed.on
