"""A plan as a person sees it before it is made."""

from datetime import date, timedelta

from opskit.core.screen import Screen
from opskit.patches.campaigns.capacity import parse_capacity
from opskit.patches.campaigns.plans import Placed, Plan, Timeframe, Unplaced, Week
from opskit.patches.campaigns.presenting import draft_facts, plan_lines, remarks
from opskit.patches.campaigns.services.drafting import Draft, Wish
from opskit.patches.campaigns.services.gathering import LeftOut

MONDAY = date(2027, 1, 11)
WISH = Wish("12.4", None, Timeframe(MONDAY, date(2027, 1, 22), parse_capacity("20/week")))
PLACED = tuple(
    Placed(
        f"C{at:02}",
        MONDAY + timedelta(at % 5),
        "bob" if at else None,
        f"reason {at}" if at else None,
    )
    for at in range(15)
)
UNPLACED = tuple(Unplaced(f"D{at:02}", "the capacity of 20/week is used up") for at in range(14))
PLAN = Plan(
    placed=tuple(sorted(PLACED, key=lambda each: (each.on, each.client))),
    unplaced=UNPLACED,
    weeks=(Week(MONDAY, 20, 15), Week(MONDAY + timedelta(7), 20, 0)),
    unmanned=("back-office",),
)
DRAFT = Draft(
    wish=WISH,
    plan=PLAN,
    left_out=tuple(LeftOut(f"E{at:02}", "runs 12.4 already") for at in range(14)),
    without_canton=("C01",),
    hurried=("C02", "C03"),
    lapsing=(),
)


def test_weeks_with_their_load() -> None:
    lines = list(plan_lines(PLAN, Screen(width=60)))
    assert lines[:2] == [
        "Week of     Load   Clients",
        "2027-01-11  15/20  11: C00, C05 (bob), C10 (bob); 12: C01",
    ]
    assert lines[-1] == "2027-01-18  0/20"


def test_whoever_finds_no_day_is_named_and_the_rest_is_short() -> None:
    told = list(remarks(DRAFT))
    assert told[0] == "not planned, the capacity of 20/week is used up: " + ", ".join(
        each.client for each in UNPLACED
    )
    assert told[1] == "C05 2027-01-11: reason 5"
    assert told[13] == "and 2 more"
    assert told[14].endswith(
        ": E00, E01, E02, E03, E04, E05, E06, E07, E08, E09, E10, E11 and 2 more"
    )
    assert told[15:] == [
        "without canton, so only the holidays of all cantons count: C01",
        "short notice, the first steps are late from the start: C02, C03",
        "poles without a recorded agent, so absences do not count: back-office",
    ]


def test_facts() -> None:
    facts = draft_facts(DRAFT)
    assert facts["unplaced"][0] == {
        "client": "D00",
        "reason": "the capacity of 20/week is used up",
    }
    assert (len(facts["placed"]), len(facts["left_out"]), facts["hurried"]) == (
        15,
        14,
        ["C02", "C03"],
    )
