"""The page of a person's skills: what stands where, and never too wide."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from onboarding.skills import rating
from onboarding.skills.gap_curve import CurvePoint
from onboarding.skills.matrix import matrix_of
from onboarding.skills.page import POINTS, matrix_lines, shown_points
from onboarding.skills.people import Learner
from onboarding.skills.standing import Mean
from opskit.core.screen import Screen
from tests.onboarding.skills.people import CAST, TODAY, says

DAY = date(2027, 1, 4)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_gap_goes_over_time(session: Session, zoe: Learner, now: datetime, width: int) -> None:
    told = [(CAST.zoe, 4, 30), (CAST.maria, 1, 30), (CAST.maria, 3, 10), (CAST.zoe, 3, 0)]
    for who, level, days in told:
        said = says("vat", level, TODAY - timedelta(days))
        rating.rate(session, learner=zoe, said=said, today=TODAY, at=now, actor=who)
    page = matrix_of(session, learner=zoe, on=TODAY)
    lines = list(matrix_lines(page, screen=Screen(width=width)))
    assert [line for line in lines if len(line) > width] == []
    gaps = next(line.split()[-3:] for line in lines if line.rstrip().endswith("0.0")
                and "+3.0" in line)  # fmt: skip
    assert gaps == ["+3.0", "+1.0", "0.0"]


@given(st.lists(st.integers(0, 3), max_size=20))
def test_the_curve_shows_its_first_and_last_day(compared: list[int]) -> None:
    curve = [
        CurvePoint(DAY + timedelta(place), {"ledger": Mean(None, None, None, count)})
        for place, count in enumerate(compared)
    ]
    told = [each for each in curve if each.groups["ledger"].compared]
    shown = shown_points(curve)
    assert len(shown) <= POINTS
    assert [each.on for each in shown] == sorted({each.on for each in shown})
    if len(told) > 1:
        assert (shown[0], shown[-1]) == (told[0], told[-1])
    else:
        assert shown == []
