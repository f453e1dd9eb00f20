"""What counts on a day, the gap, and the curve: pure rules."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onboarding.skills.gap_curve import gap_curve
from onboarding.skills.models import RatingKind
from onboarding.skills.standing import Judged, Pair, Trend, former, mean_of, standings
from onboarding.skills.tree_file import shipped_tree

TREE = shipped_tree("back-office")
DAY = date(2027, 2, 1)
SELF, MENTOR = RatingKind.SELF, RatingKind.MENTOR

ratings = st.lists(
    st.tuples(
        st.sampled_from([*TREE.skills, "lost-skill"]),
        st.sampled_from(RatingKind),
        st.integers(0, 4),
        st.integers(0, 200),
    ),
    max_size=40,
).map(
    lambda told: [
        Judged(number, skill, kind, level, DAY + timedelta(days))
        for number, (skill, kind, level, days) in enumerate(told)
    ]
)


def test_the_last_one_counts() -> None:
    told = [
        Judged(1, "vat", SELF, 1, DAY),
        Judged(2, "vat", SELF, 3, DAY + timedelta(9)),
        Judged(3, "vat", SELF, 2, DAY + timedelta(5)),  # entered later, of an earlier day
        Judged(4, "vat", MENTOR, 1, DAY),
    ]
    pair = standings(told, on=DAY + timedelta(30))["vat"]
    assert (pair.own, pair.mentor, pair.gap, pair.trend) == (3, 1, 2, None)
    assert standings(told, on=DAY)["vat"] == Pair(1, 1, DAY, DAY, None)
    assert standings(told, on=DAY - timedelta(1)) == {}


def test_of_one_day_the_later_row_counts() -> None:
    told = [Judged(2, "vat", SELF, 2, DAY), Judged(1, "vat", SELF, 4, DAY)]
    assert standings(told, on=DAY)["vat"].own == 2


def test_one_rating_makes_no_trend() -> None:
    told = [Judged(1, "vat", SELF, 1, DAY)]
    assert standings(told, on=DAY)["vat"].trend is None
    corrected = [*told, Judged(2, "vat", SELF, 3, DAY)]
    assert standings(corrected, on=DAY)["vat"].trend is None
    later = DAY + timedelta(1)
    twice = [*corrected, Judged(3, "vat", SELF, 4, later)]
    assert standings(twice, on=later)["vat"].trend is Trend.UP
    mentored = [*twice, Judged(4, "vat", MENTOR, 2, later)]
    assert standings(mentored, on=later)["vat"].trend is None


def test_the_mentors_trend_comes_first() -> None:
    later = DAY + timedelta(1)
    told = [
        Judged(1, "vat", SELF, 1, DAY),
        Judged(2, "vat", SELF, 3, later),
        Judged(3, "vat", MENTOR, 2, DAY),
        Judged(4, "vat", MENTOR, 1, later),
    ]
    assert standings(told, on=later)["vat"].trend is Trend.DOWN


@given(ratings, st.integers(-5, 210))
def test_nothing_leaves_its_bounds(told: list[Judged], days: int) -> None:
    pairs = standings(told, on=DAY + timedelta(days))
    for pair in pairs.values():
        assert pair.gap is None or -4 <= pair.gap <= 4
        assert all(each is None or 0 <= each <= 4 for each in (pair.own, pair.mentor))
    for group in TREE.groups:
        mean = mean_of(group, pairs)
        assert mean.gap is None or -4 <= mean.gap <= 4
        assert all(each is None or 0 <= each <= 4 for each in (mean.own, mean.mentor))
        assert (mean.gap is None) == (mean.compared == 0)
    assert set(former(TREE, pairs)) <= {"lost-skill"}


@given(ratings)
def test_the_curve_has_a_point_a_day_and_ends_where_one_stands(told: list[Judged]) -> None:
    curve = gap_curve(TREE, told)
    days = [point.on for point in curve]
    assert days == sorted({each.on for each in told})
    for point in curve:
        assert list(point.groups) == [group.key for group in TREE.groups]
    if curve:
        pairs = standings(told, on=days[-1])
        assert curve[-1].groups == {group.key: mean_of(group, pairs) for group in TREE.groups}


@given(ratings, st.data())
def test_the_past_does_not_change(told: list[Judged], data: st.DataObject) -> None:
    """What is rated later moves nothing in the curve of before."""
    until = DAY + timedelta(data.draw(st.integers(0, 200)))
    before = gap_curve(TREE, told, until=until)
    later = Judged(999, "vat", MENTOR, 4, until + timedelta(1))
    assert gap_curve(TREE, [*told, later], until=until) == before
