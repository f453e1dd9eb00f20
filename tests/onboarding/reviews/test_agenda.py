"""The agenda: pure, from steps, skills and earlier decisions."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onboarding.reviews.agenda import Agenda, Decided, OpenStep, agenda
from onboarding.skills.standing import Pair
from onboarding.skills.tree_file import shipped_tree

TREE = shipped_tree("back-office")
DUE = date(2027, 3, 3)

levels = st.none() | st.integers(0, 4)
pairs = st.dictionaries(
    st.sampled_from([*TREE.skills, "lost-skill"]), st.builds(Pair, levels, levels)
)
open_steps = st.lists(st.tuples(st.integers(-60, 60), st.booleans()), max_size=20).map(
    lambda told: [
        a_step(number, DUE + timedelta(days), holds_up=holds_up)
        for number, (days, holds_up) in enumerate(told)
    ]
)


def a_step(position: int, due_on: date, *, holds_up: bool = False) -> OpenStep:
    key = f"step-{position}"
    return OpenStep(position, key, key, due_on, "consultant", holds_up)


def made(steps: list[OpenStep], known: dict[str, Pair] | None = None, *, on: date = DUE) -> Agenda:
    return agenda(steps=steps, tree=TREE, pairs=known or {}, decided=[], due_on=DUE, on=on)


def test_late_open_and_of_no_concern() -> None:
    late, due, later = (a_step(n, DUE + timedelta(n - 1)) for n in range(3))
    found = made([later, due, late])
    assert (found.late, found.to_do) == ((late,), (due,))
    assert late.days_late(on=DUE) == 1


def test_before_its_day_what_is_due_until_then_is_on_it() -> None:
    step = a_step(1, DUE)
    assert made([step], on=DUE - timedelta(20)).to_do == (step,)


def test_what_holds_it_up_is_always_on_it() -> None:
    step = a_step(1, DUE + timedelta(30), holds_up=True)
    assert made([step]).holding_up == (step,)


def test_the_widest_gap_comes_first() -> None:
    known = {
        "vat": Pair(2, 1),
        "payroll-run": Pair(0, 3),
        "payables": Pair(2, 2),
        "year-end": Pair(3, None),
    }
    found = made([], known)
    assert [(each.skill.key, each.gap) for each in found.gaps] == [("payroll-run", -3), ("vat", 1)]
    assert [skill.key for skill in found.one_sided] == ["year-end"]
    assert found.unrated == 20


def test_earlier_decisions_by_day() -> None:
    first = Decided("day-30", "continue", DUE, None)
    second = Decided("day-60", "extend", DUE + timedelta(30), DUE + timedelta(90))
    found = agenda(steps=[], tree=TREE, pairs={}, decided=[second, first], due_on=DUE, on=DUE)
    assert found.decided == (first, second)


@given(open_steps, pairs, st.integers(-40, 40))
def test_nothing_is_on_it_twice_and_nothing_of_weight_is_left_out(
    steps: list[OpenStep], known: dict[str, Pair], days: int
) -> None:
    on = DUE + timedelta(days)
    found = made(steps, known, on=on)
    told = [*found.late, *found.to_do]
    assert len(told) == len({each.key for each in told})
    assert all(each.due_on < on for each in found.late)
    assert {each.key for each in steps if each.due_on < on} <= {each.key for each in told}
    assert {each.key for each in steps if each.holds_up} == {each.key for each in found.holding_up}
    widths = [abs(each.gap) for each in found.gaps]
    assert widths == sorted(widths, reverse=True)
    assert all(1 <= width <= 4 for width in widths)
    rated = {key for key in known if key in TREE.skills}
    assert found.unrated >= len(TREE.skills) - len(rated)
