"""The data of the pictures, the pictures, and what the terminal shows instead."""

from dataclasses import replace
from datetime import timedelta
from time import perf_counter

import pytest
from sqlalchemy.orm import Session

from onboarding.boards.cohorts import Cohort, Reached
from onboarding.charts import cohort_curves, skills, timeline
from onboarding.charts.drawing import A4_HEIGHT, height_of
from onboarding.charts.scale import marks
from onboarding.charts.timeline import Mark
from onboarding.services import Walk
from onboarding.skills.matrix import matrix_of
from onboarding.skills.people import find_learner
from onboarding.skills.rating import Judgement, rate
from opskit.core.identity import Identity
from opskit.core.screen import PAPER, Screen
from tests.onboarding.walkers import AT, START, person, settle, settle_until, walk

PNG, SVG = b"\x89PNG", b"<?xml"
ON = START + timedelta(days=70)
TERMINAL = Screen(width=100)


@pytest.fixture
def camille(session: Session) -> Walk:
    """Two months in: most is done, one step came late, one is still late."""
    mentor = person(session, "mruiz", "Maria Ruiz")
    walked = walk(session, person(session, "cperret", "Camille Perret", "consultant"), mentor)
    settle_until(walked, ON)
    step = walked.run.steps[3]
    settle(walked, step.key, on=step.due_on + timedelta(days=9))
    late = next(step for step in walked.run.steps if step.key == "patch-observed")
    late.state, late.settled_at = "ready", None
    session.flush()
    return walked


@pytest.fixture
def rated(session: Session, camille: Walk) -> skills.SkillChart:
    """Both judged the skills of the first groups; nobody the last ones."""
    learner = find_learner(session, camille.run.name)
    mentor = Identity("e-mruiz", "mruiz", frozenset({"agent"}))
    own = Identity("e-cperret", "cperret", frozenset({"consultant"}))
    tree = matrix_of(session, learner=learner, on=ON).tree
    for at, skill in enumerate(list(tree.skills)[:-4]):
        for actor, level in ((own, min(4, 1 + at % 4)), (mentor, at % 4)):
            said = Judgement(skill, level, START)
            rate(session, learner=learner, said=said, today=ON, at=AT, actor=actor)
    return skills.skill_chart(matrix_of(session, learner=learner, on=ON))


def test_the_data_of_a_timeline(camille: Walk) -> None:
    shown = timeline.timeline(camille.run, on=ON)
    marks = {bar.key: bar.mark for bar in shown.bars}
    assert len(shown.bars) == 33
    assert marks["mentor"] is Mark.DONE
    assert marks[camille.run.steps[3].key] is Mark.DONE_LATE
    assert marks["patch-observed"] is Mark.LATE
    assert marks["review-month-6"] is Mark.OPEN
    assert (shown.first, shown.last) == (
        min(bar.due_on for bar in shown.bars),
        max(bar.due_on for bar in shown.bars),
    )
    assert [bar.key for bar in shown.bars if bar.is_review] == [
        "review-day-30",
        "review-day-60",
        "review-day-90",
        "review-month-6",
    ]


def test_a_timeline_as_a_picture_is_quick_and_always_the_same(camille: Walk) -> None:
    shown = timeline.timeline(camille.run, on=ON)
    begun = perf_counter()
    svg = timeline.picture(shown, "svg")
    assert perf_counter() - begun < 5  # the benchmark says 2; other tests share the machine
    assert svg.startswith(SVG)
    assert svg == timeline.picture(shown, "svg")
    assert timeline.picture(shown, "png").startswith(PNG)


def test_a_timeline_in_the_terminal_and_in_a_pipe(camille: Walk) -> None:
    shown = timeline.timeline(camille.run, on=ON)
    lines = timeline.terminal_lines(shown, TERMINAL)
    assert lines[0] == f"Camille Perret: Back-office path, finance and payroll, {ON}"
    assert lines[1].split() == [str(shown.first), str(shown.last)]
    assert lines[2] == "Before the first day"
    assert lines[-1] == "○ due  ● done  ! late  | today"
    for width in (40, 100):
        lines = timeline.terminal_lines(shown, Screen(width=width))
        assert all(len(line) <= width for line in lines[1:])
    assert sum("!" in line for line in lines[1:-1]) == 1
    piped = timeline.terminal_lines(shown, PAPER)
    assert len(piped) == 33
    due = camille.run.steps[0].due_on
    assert piped[0] == f"mentor\t{due}\t{due}\tdone"


def test_a_step_that_was_put_in_later_stands_in_its_phase(camille: Walk) -> None:
    last, first = camille.run.steps[-1], camille.run.steps[5]
    last.digest, last.definition = first.digest, first.definition  # of the first week now
    last.due_on = first.due_on
    shown = timeline.timeline(camille.run, on=ON)
    phases = [bar.phase for bar in shown.bars]
    assert phases == sorted(phases, key=list(dict.fromkeys(phases)).index)
    assert [bar.key for bar in shown.bars].index(last.key) < 10


def test_a_path_without_a_done_step(session: Session) -> None:
    mentor = person(session, "mruiz", "Maria Ruiz")
    walked = walk(session, person(session, "zweber", "Zoé Weber"), mentor)
    shown = timeline.timeline(walked.run, on=START - timedelta(days=90))
    assert {bar.mark for bar in shown.bars} == {Mark.OPEN}
    assert timeline.picture(shown, "png").startswith(PNG)


def test_what_is_late_reaches_to_today_however_long_ago_it_was(camille: Walk) -> None:
    on = START + timedelta(days=900)
    shown = timeline.timeline(camille.run, on=on)
    assert shown.last == on
    assert timeline.picture(shown, "svg").startswith(SVG)


@pytest.mark.parametrize(
    ("days", "named"),
    [
        (0, ["2027-02", "2027-03"]),
        (150, ["2027-02", "2027-03", "2027-04", "2027-05", "2027-06", "2027-07", "2027-08"]),
        (365, ["2027-04", "2027-07", "2027-10", "2028-01"]),
        (900, ["2027-07", "2028-01", "2028-07", "2029-01", "2029-07"]),
        (1800, ["2028", "2029", "2030", "2031", "2032"]),
        (9000, ["2030", "2035", "2040", "2045", "2050"]),
    ],
)
def test_the_marks_of_a_calendar_have_room(days: int, named: list[str]) -> None:
    last = START + timedelta(days=days)
    assert [name for _day, name in marks(START, last, most=8)] == named


def test_the_rows_of_a_page_move_together_before_it_grows() -> None:
    short, full, longer = (height_of(rows, head=1.3, row=0.19) for rows in (30, 60, 200))
    assert short < full == A4_HEIGHT < longer


def test_the_data_of_the_skills(rated: skills.SkillChart) -> None:
    first = rated.groups[0].rows
    assert [(row.own, row.mentor) for row in first][:3] == [(1, 0), (2, 1), (3, 2)]
    assert rated.groups[0].mentor == sum(row.mentor or 0 for row in first) / len(first)
    assert (rated.rows[-1].own, rated.rows[-1].mentor) == (None, None)
    assert rated.title.startswith("Camille Perret: Back-office skills")


@pytest.mark.parametrize("draw", [skills.radar, skills.heat_map])
def test_skills_as_pictures(rated: skills.SkillChart, draw: object) -> None:
    assert callable(draw)
    assert draw(rated, "svg").startswith(SVG)
    assert draw(rated, "png").startswith(PNG)


def test_skills_of_whom_nobody_judged(session: Session, camille: Walk) -> None:
    learner = find_learner(session, camille.run.name)
    chart = skills.skill_chart(matrix_of(session, learner=learner, on=ON))
    assert skills.radar(chart, "svg").startswith(SVG)
    assert skills.heat_map(chart, "svg").startswith(SVG)
    few = skills.SkillChart(chart.title, ON, chart.levels, chart.groups[:2])
    assert skills.radar(few, "svg").startswith(SVG)
    assert skills.heat_map(skills.SkillChart("", ON, (), ()), "svg").startswith(SVG)


def test_what_nobody_judged_is_no_zero(session: Session, camille: Walk) -> None:
    learner = find_learner(session, camille.run.name)
    unrated = skills.skill_chart(matrix_of(session, learner=learner, on=ON))
    groups = [
        replace(group, own=0, mentor=0, rows=[replace(row, own=0, mentor=0) for row in group.rows])
        for group in unrated.groups
    ]
    zero = replace(unrated, groups=groups)
    for draw in (skills.radar, skills.heat_map):
        assert draw(unrated, "png") != draw(zero, "png")


def test_skills_in_the_terminal_and_in_a_pipe(rated: skills.SkillChart) -> None:
    lines = skills.terminal_lines(rated, TERMINAL)
    assert lines[0] == rated.title
    assert lines[3].split("  ", 1)[1].split() == ["■···", "1", "····", "0"]
    assert all(len(line) <= 100 for line in lines)
    assert skills.terminal_lines(rated, PAPER)[0] == f"{rated.rows[0].key}\t1\t0"


COHORTS = [
    Cohort(
        "back-office",
        2025,
        6,
        (
            Reached("first-ticket", (60, 64, 70, 75, 80, 96)),
            Reached("first-patch", (80, 90, 95, 100, 130)),
            Reached("autonomy", (170, 190)),
        ),
    ),
    Cohort(
        "logistics",
        2026,
        5,
        (
            Reached("first-ticket", (50, 55, 66, 70, 90)),
            Reached("first-patch", (70, 80, 80, 96, 140)),
            Reached("autonomy", ()),
        ),
    ),
]


def test_the_curves_of_cohorts_say_nothing_of_two_people() -> None:
    ticket, patch, autonomy = cohort_curves.panels(COHORTS)
    assert [curve.cohort for curve in ticket.curves] == ["logistics 2026", "back-office 2025"]
    assert ticket.curves[1].median_days == 72
    assert ticket.curves[0].points[-1] == (90, 1.0)
    assert patch.curves[1].points[-1] == (130, 5 / 6)
    assert autonomy.curves == []


def test_cohorts_as_pictures_and_in_the_terminal() -> None:
    shown = cohort_curves.panels(COHORTS)
    assert cohort_curves.picture(shown, "svg").startswith(SVG)
    assert cohort_curves.picture(cohort_curves.panels([]), "png").startswith(PNG)
    many = [replace(COHORTS[0], year=2000 + at) for at in range(40)]
    assert cohort_curves.picture(cohort_curves.panels(many), "svg").startswith(SVG)
    assert len(cohort_curves.terminal_lines(cohort_curves.panels(many), PAPER)) == 80
    lines = cohort_curves.terminal_lines(shown, TERMINAL)
    assert lines[0] == "First ticket alone"
    assert lines[1].endswith(" 66 days")
    assert lines[-1] == "fewer than five people stand here yet"
    assert cohort_curves.terminal_lines(shown, PAPER)[0] == "first-ticket\tlogistics 2026\t5\t66"
