"""What holds for every plan, whatever the clients, the team and the year are like."""

import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from opskit.core.business_days import CANTONS, Calendar, Closure
from opskit.core.team import POLES
from opskit.patches.campaigns.capacity import Capacity, Span
from opskit.patches.campaigns.planning import make_plan
from opskit.patches.campaigns.plans import Candidate, Plan, Timeframe
from opskit.patches.campaigns.team import Agent, monday_of
from tests.patches.campaigns.test_planning import Days

FIRST = date(2027, 3, 1)

days = st.integers(0, 60).map(lambda count: FIRST + timedelta(days=count))
spans = st.builds(
    lambda start, length: Days(start, start + timedelta(length)), days, st.integers(0, 25)
)
several = st.lists(spans, max_size=3).map(tuple)
cantons = st.sampled_from([*CANTONS, None])
teams = st.lists(st.tuples(st.sampled_from([*POLES, ""]), several), max_size=4).map(
    lambda found: [Agent(f"agent{at}", pole, away) for at, (pole, away) in enumerate(found)]
)
clients = st.lists(st.tuples(cantons, st.sampled_from(POLES), several), max_size=25).map(
    lambda found: [Candidate(f"C{at}", *each) for at, each in enumerate(found)]
)
capacities = st.builds(Capacity, st.integers(1, 8), st.sampled_from(Span))
calendars = st.lists(st.tuples(days, cantons), max_size=4).map(
    lambda found: Calendar(halves=frozenset(Closure(day, "half", canton) for day, canton in found))
)


@dataclass(frozen=True)
class Situation:
    candidates: list[Candidate]
    agents: list[Agent]
    capacity: Capacity
    calendar: Calendar
    last: date

    def plan(self, *, more: int = 0) -> Plan:
        capacity = replace(self.capacity, count=self.capacity.count + more)
        return make_plan(
            self.candidates,
            period=Timeframe(FIRST, self.last, capacity),
            calendar=self.calendar,
            agents=self.agents,
        )


situations = st.builds(Situation, clients, teams, capacities, calendars, days)


@given(situations)
def test_every_plan(given: Situation) -> None:
    plan, calendar = given.plan(), given.calendar
    names = [each.client for each in plan.placed] + [each.client for each in plan.unplaced]
    assert sorted(names) == sorted(each.client for each in given.candidates)
    about = {each.client: each for each in given.candidates}
    for placed in plan.placed:
        client, on = about[placed.client], placed.on
        assert FIRST <= on <= given.last
        assert calendar.is_business_day(on, client.canton)
        assert not calendar.is_half_day(on, client.canton)
        assert not any(each.covers(on) for each in client.freezes)
        of_pole = [each for each in given.agents if each.pole in {client.pole, ""}]
        there = [each.login for each in of_pole if each.is_there(on)]
        assert placed.agent in (there if of_pole else [None])
    _within(plan, given.capacity)


def _within(plan: Plan, capacity: Capacity) -> None:
    per_day = Counter(each.on for each in plan.placed)
    per_week = Counter(monday_of(each.on) for each in plan.placed)
    counts = per_week if capacity.span is Span.WEEK else per_day
    assert all(count <= capacity.count for count in counts.values())
    for week in plan.weeks:
        assert week.load == per_week[week.monday] <= week.room


@given(situations, st.integers(1, 4))
def test_more_capacity_never_places_fewer(given: Situation, more: int) -> None:
    assert len(given.plan(more=more).placed) >= len(given.plan().placed)


@given(situations, st.randoms(use_true_random=False))
def test_the_order_of_asking_changes_nothing(given: Situation, random: Random) -> None:
    shuffled = given.candidates[:]
    random.shuffle(shuffled)
    assert replace(given, candidates=shuffled).plan() == given.plan()


def test_five_hundred_clients_in_half_a_year() -> None:
    """In the time that a person does not notice, with freezes and a capacity that is short."""
    candidates = [
        Candidate(
            f"C{at:03}",
            CANTONS[at % 26],
            POLES[at % 2],
            tuple(
                Days(FIRST + timedelta(30 * month + at % 20), FIRST + timedelta(30 * month + 28))
                for month in range(6)
            ),
        )
        for at in range(500)
    ]
    agents = [Agent(f"a{at}", POLES[at % 2]) for at in range(9)]
    calendar = Calendar()
    for count, span in ((30, Span.WEEK), (3, Span.DAY)):
        period = Timeframe(FIRST, FIRST + timedelta(182), Capacity(count, span))
        make_plan(candidates, period=period, calendar=calendar, agents=agents)
        began = time.perf_counter()
        plan = make_plan(candidates, period=period, calendar=calendar, agents=agents)
        seconds = time.perf_counter() - began
        assert len(plan.placed) + len(plan.unplaced) == 500
        assert seconds < 1.5
