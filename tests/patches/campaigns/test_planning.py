"""Plans of a few clients, told in full."""

from dataclasses import dataclass
from datetime import date, timedelta

from opskit.core.business_days import Calendar, Closure
from opskit.patches.campaigns.capacity import parse_capacity
from opskit.patches.campaigns.planning import make_plan
from opskit.patches.campaigns.plans import Candidate, Placed, Plan, Timeframe, Unplaced, Week
from opskit.patches.campaigns.team import Agent

MONDAY = date(2027, 1, 11)
FRIDAY = date(2027, 2, 5)  # four whole weeks
CALENDAR = Calendar()
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Days:
    first: date
    last: date
    reason: str = "payroll close"

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def in_words(self) -> str:
        return self.reason


def plan(
    *candidates: Candidate,
    capacity: str = "6/week",
    first: date = MONDAY,
    last: date = FRIDAY,
    calendar: Calendar = CALENDAR,
    agents: tuple[Agent, ...] = (),
    taken: tuple[date, ...] = (),
) -> Plan:
    period = Timeframe(first, last, parse_capacity(capacity))
    return make_plan(candidates, period=period, calendar=calendar, agents=agents, taken=taken)


def client(
    code: str, canton: str | None = "BE", *freezes: Days, pole: str = "logistics"
) -> Candidate:
    return Candidate(code, canton, pole, freezes)


def test_the_pace_is_even_and_not_everything_at_the_start() -> None:
    found = plan(*(client(f"C{at}") for at in range(4)))
    assert [each.on for each in found.placed] == [
        date(2027, 1, 11),
        date(2027, 1, 18),
        date(2027, 1, 25),
        date(2027, 2, 1),
    ]
    assert found.weeks[0] == Week(MONDAY, room=6, load=1)
    assert found.unplaced == ()


def test_a_week_is_filled_day_by_day() -> None:
    found = plan(*(client(f"C{at}") for at in range(6)), last=date(2027, 1, 15))
    assert [each.on.day for each in found.placed] == [11, 11, 12, 13, 14, 15]


def test_a_client_goes_elsewhere_than_its_freeze_period_and_it_is_said_why() -> None:
    """Two clients, one before and one after the middle; the second closes its payroll then."""
    late = Days(date(2027, 1, 25), date(2027, 2, 5))
    found = plan(client("AAA"), client("BBB", "BE", late))
    days = {each.client: (each.on, each.moved) for each in found.placed}
    assert days["BBB"][0] < date(2027, 1, 25)
    assert days["AAA"] == (date(2027, 1, 25), None)

    found = plan(client("BBB", "BE", late), first=date(2027, 1, 20))
    assert found.placed == (
        Placed("BBB", date(2027, 1, 20), None, "not 2027-01-25: payroll close"),
    )


def test_a_holiday_at_the_clients_place() -> None:
    """The first of March is a holiday in Neuchâtel, and not in Berne."""
    first, last = date(2027, 3, 1), date(2027, 3, 5)
    found = plan(client("AAA", "BE"), client("BBB", "NE"), first=first, last=last)
    assert found.placed == (
        Placed("AAA", first, None),
        Placed("BBB", date(2027, 3, 2), None, "not 2027-03-01: Republic Day"),
    )


def test_half_a_day_is_no_day_for_a_patch() -> None:
    day = date(2027, 4, 19)
    calendar = Calendar(halves=frozenset({Closure(day, "Sechseläuten", "ZH")}))
    found = plan(client("AAA", "ZH"), first=day, last=date(2027, 4, 23), calendar=calendar)
    assert found.placed == (
        Placed("AAA", date(2027, 4, 20), None, "not 2027-04-19: half a day in ZH"),
    )


def test_nobody_of_the_pole_is_there() -> None:
    away = Agent("bob", "logistics", (Days(MONDAY, date(2027, 1, 12)),))
    other = Agent("eve", "back-office")
    found = plan(
        client("AAA"),
        client("BBB", pole="back-office"),
        last=date(2027, 1, 15),
        agents=(away, other),
    )
    assert found.placed == (
        Placed("BBB", MONDAY, "eve"),
        Placed("AAA", date(2027, 1, 13), "bob", "not 2027-01-11: nobody of logistics is there"),
    )


def test_the_capacity_shrinks_with_the_people() -> None:
    """One of two is away for the first week: three instead of six."""
    away = Agent("bob", "logistics", (Days(MONDAY, date(2027, 1, 15)),))
    found = plan(*(client(f"C{at}") for at in range(24)), agents=(away, Agent("eve", "logistics")))
    assert [(each.room, each.load) for each in found.weeks] == [(3, 3), (6, 6), (6, 6), (6, 6)]
    assert [each.client for each in found.unplaced] == ["C7", "C8", "C9"]
    assert found.unplaced[0].reason == "the capacity of 6/week is used up"
    assert {each.agent for each in found.placed if each.on <= date(2027, 1, 15)} == {"eve"}


def test_a_week_with_a_holiday_and_a_week_cut_short_have_less_room() -> None:
    found = plan(client("AAA"), first=date(2027, 5, 3), last=date(2027, 5, 11))
    assert [each.room for each in found.weeks] == [5, 2]  # Ascension Day is the 6th of May


def test_each_agent_gets_as_many_as_the_others() -> None:
    agents = (Agent("bob", "logistics"), Agent("eve", "logistics"))
    found = plan(*(client(f"C{at}") for at in range(8)), agents=agents)
    assert [each.agent for each in found.placed].count("bob") == 4


def test_a_number_for_each_day() -> None:
    found = plan(
        *(client(f"C{at:02}") for at in range(12)), capacity="2/day", last=date(2027, 1, 15)
    )
    assert [each.on.day for each in found.placed] == [11, 11, 12, 12, 13, 13, 14, 14, 15, 15]
    assert found.weeks == (Week(MONDAY, room=10, load=10),)
    assert [each.client for each in found.unplaced] == ["C10", "C11"]


def test_what_was_planned_before_has_its_place() -> None:
    taken = (MONDAY, MONDAY, date(2027, 1, 12))
    found = plan(
        client("AAA"), client("BBB"), capacity="4/week", last=date(2027, 1, 15), taken=taken
    )
    assert [(each.client, each.on.day) for each in found.placed] == [("AAA", 13)]
    assert found.weeks == (Week(MONDAY, room=4, load=4),)


def test_clients_without_canton_keep_the_holidays_of_all_cantons() -> None:
    found = plan(client("AAA", None), first=date(2027, 5, 6), last=date(2027, 5, 10))
    assert [each.on for each in found.placed] == [date(2027, 5, 7)]


def test_why_a_client_has_no_day() -> None:
    everything = Days(date(2027, 1, 1), date(2027, 12, 31))
    week = Days(MONDAY, date(2027, 1, 29))
    away = Agent("bob", "logistics", (everything,))
    assert plan(client("AAA", "BE", everything)).unplaced == (
        Unplaced("AAA", "no day outside its freeze periods between 2027-01-11 and 2027-02-05"),
    )
    assert plan(client("AAA"), agents=(away,)).unplaced == (
        Unplaced("AAA", "nobody of logistics is there between 2027-01-11 and 2027-02-05"),
    )
    sunday = date(2027, 1, 17)
    assert plan(client("AAA"), first=sunday, last=sunday).unplaced == (
        Unplaced("AAA", "no working day between 2027-01-17 and 2027-01-17"),
    )
    rest = Agent("bob", "logistics", (Days(date(2027, 2, 1), FRIDAY),))
    assert plan(client("AAA", "BE", week), agents=(rest,)).unplaced == (
        Unplaced(
            "AAA",
            "freeze periods, days off and absences leave no day between 2027-01-11 and 2027-02-05",
        ),
    )


def test_poles_without_agents_are_named() -> None:
    found = plan(
        client("AAA"), client("BBB", pole="back-office"), agents=(Agent("bob", "logistics"),)
    )
    assert found.unmanned == ("back-office",)
    assert {each.client: each.agent for each in found.placed} == {"AAA": "bob", "BBB": None}


def test_an_agent_without_a_pole_works_for_all_of_them() -> None:
    found = plan(client("AAA"), client("BBB", pole="back-office"), agents=(Agent("bob", ""),))
    assert found.unmanned == ()
    assert [each.agent for each in found.placed] == ["bob", "bob"]


def test_who_makes_room_for_another_is_told_so() -> None:
    """CCC finds the first two of three weeks taken: AAA goes on to the third."""
    weeks = [Days(MONDAY + WEEK * at, MONDAY + WEEK * at + timedelta(4)) for at in range(3)]
    found = plan(
        client("AAA", "BE", weeks[1]),
        client("BBB", "BE", weeks[0]),
        client("CCC", "BE", weeks[2]),
        capacity="1/week",
        last=date(2027, 1, 29),
    )
    assert found.placed == (
        Placed("CCC", MONDAY, None, "not 2027-01-25: payroll close"),
        Placed("BBB", MONDAY + WEEK, None),
        Placed(
            "AAA",
            MONDAY + 2 * WEEK,
            None,
            "not 2027-01-11: it made room for another client",
        ),
    )


def test_a_patch_on_a_saturday_takes_its_place_in_the_week_and_one_outside_takes_none() -> None:
    before, saturday = MONDAY - WEEK, date(2027, 1, 16)
    found = plan(client("AAA"), capacity="1/week", last=saturday, taken=(before, saturday))
    assert [each.client for each in found.unplaced] == ["AAA"]
    assert found.weeks == (Week(MONDAY, room=1, load=1),)
    assert plan(client("AAA"), capacity="1/week", last=saturday, taken=(before,)).placed
