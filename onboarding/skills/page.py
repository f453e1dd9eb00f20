"""The skills of one person, and a tree, as a terminal shows them.

Zoé Kern  Back-office skills, finance and payroll  back-office/1  2027-02-01

                                                        self  mentor   gap  trend
Customer service                                         2.5     2.0  +0.5
  Keep a ticket, from opening to closing                   3       2    +1  up
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

from onboarding.skills.gap_curve import CurvePoint
from onboarding.skills.matrix import Matrix
from onboarding.skills.presenting import former_text
from onboarding.skills.signing_off import Standing
from onboarding.skills.standing import Mean, Pair, Trend
from onboarding.skills.tree import SkillTree
from opskit.checklists.page import in_language
from opskit.checklists.page.text import wrapped
from opskit.core.i18n import _
from opskit.core.screen import PAPER, Screen, Tone

WIDTH = 80
LEAST_TEXT = 24  # before the numbers
INDENT = "  "
POINTS = 4  # days of the curve
DAY_WIDTH = 12  # 2027-02-01, and two blanks before it
WIDE_GAP = 2  # levels: the two speak of different things


def matrix_lines(matrix: Matrix, *, screen: Screen = PAPER) -> Iterator[str]:
    """The whole page."""
    person = matrix.learner.person
    head = [person.name, in_language(matrix.tree.title), matrix.tree.name]
    yield from wrapped("  ".join([*head, matrix.on.isoformat()]), screen.width or WIDTH)
    yield ""
    table = _Table(screen)
    yield table.headings()
    for group in matrix.tree.groups:
        yield from table.group(in_language(group.title), matrix.mean(group))
        for skill in group.skills:
            yield from table.skill(in_language(skill.text), matrix.pair(skill))
    if matrix.former:
        yield from table.group(_("No longer in the tree"), None)
        for each in matrix.former:
            yield from table.skill(former_text(each), each.pair)
    yield ""
    yield from wrapped(_legend(matrix.tree), screen.width or WIDTH)
    points = shown_points(matrix.curve)
    if points:
        yield ""
        yield from _curve(matrix, points, screen)
    if matrix.sign_offs:
        yield ""
        yield screen.paint(_("Signed off for"), Tone.HEADING)
        for standing in matrix.sign_offs:
            yield from _sign_off(standing, screen)


def tree_lines(tree: SkillTree, *, screen: Screen = PAPER) -> Iterator[str]:
    """A tree with what its levels mean."""
    width = screen.width or WIDTH
    yield from wrapped(f"{in_language(tree.title)}  {tree.name}", width)
    yield ""
    yield from level_lines(tree, width=width)
    for group in tree.groups:
        yield ""
        yield screen.paint(in_language(group.title), Tone.HEADING)
        for skill in group.skills:
            yield from _hanging(f"{INDENT}{skill.key}", in_language(skill.text), width)
    if tree.competences:
        yield ""
        yield screen.paint(_("People are signed off for"), Tone.HEADING)
        for each in tree.competences:
            yield from _hanging(f"{INDENT}{each.key}", in_language(each.title), width)


def level_lines(tree: SkillTree, *, width: int = WIDTH) -> Iterator[str]:
    """What each level means."""
    for number, level in enumerate(tree.levels):
        title, meaning = in_language(level.title), in_language(level.meaning)
        yield from _hanging(f"{number}  {title}", meaning, width)


class _Table:
    """The numbers at the right, the text in what is left of the line."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        titles = (_("self"), _("mentor"), _("gap"))
        self._titles, self._trend = titles, _("trend")
        trends = [self._trend, *(_in_words(each) for each in Trend)]
        numbers = sum(2 + self._width(title) for title in titles)
        room = min(screen.width or WIDTH, 100) - numbers - 2 - max(map(len, trends))
        self._text = max(LEAST_TEXT, room)

    def headings(self) -> str:
        return self._screen.paint(self._line("", self._titles, self._trend), Tone.HEADING)

    def group(self, title: str, mean: Mean | None) -> Iterator[str]:
        values = ("", "", "") if mean is None else _means(mean)
        *before, last = wrapped(title, self._text)
        for line in before:
            yield self._screen.paint(line, Tone.HEADING)
        told = self._line(last, values, "")
        yield self._screen.paint(last, Tone.HEADING) + told[len(last) :]

    def skill(self, text: str, pair: Pair) -> Iterator[str]:
        *before, last = wrapped(text, self._text - len(INDENT))
        yield from (INDENT + line for line in before)
        trend = "" if pair.trend is None else _in_words(pair.trend)
        values = (_number(pair.own), _number(pair.mentor), _signed(pair.gap))
        line = self._line(INDENT + last, values[:2], "")
        gap = f"  {values[2]:>{self._width(self._titles[2])}}"
        end = f"  {trend}"
        yield (
            f"{line:<{self._before_gap}}" + self._screen.paint(gap, _tone(pair.gap)) + end
        ).rstrip()

    @property
    def _before_gap(self) -> int:
        return self._text + sum(2 + self._width(title) for title in self._titles[:2])

    def _line(self, text: str, values: tuple[str, ...], trend: str) -> str:
        cells = [
            f"  {value:>{self._width(title)}}"
            for value, title in zip(values, self._titles, strict=False)
        ]
        return (f"{text:<{self._text}}" + "".join(cells) + f"  {trend}").rstrip()

    @staticmethod
    def _width(title: str) -> int:
        return max(4, len(title))  # +0.5


def shown_points(curve: Sequence[CurvePoint]) -> list[CurvePoint]:
    """As many days as fit beside the groups, the first and the last among them."""
    told = [each for each in curve if any(mean.compared for mean in each.groups.values())]
    if len(told) <= POINTS:
        return told if len(told) > 1 else []
    last = len(told) - 1
    return [told[round(place * last / (POINTS - 1))] for place in range(POINTS)]


def _curve(matrix: Matrix, points: Sequence[CurvePoint], screen: Screen) -> Iterator[str]:
    """How the gap went, group by group."""
    label = min(screen.width or WIDTH, WIDTH) - len(points) * DAY_WIDTH
    days = "".join(f"{each.on.isoformat():>{DAY_WIDTH}}" for each in points)
    yield screen.paint(f"{_('Gap over time'):<{label}}{days}", Tone.HEADING)
    for group in matrix.tree.groups:
        gaps = [each.groups[group.key].gap for each in points]
        if all(gap is None for gap in gaps):
            continue
        *before, last = wrapped(in_language(group.title), max(LEAST_TEXT, label) - len(INDENT))
        yield from (INDENT + line for line in before)
        cells = "".join(f"{_mean_gap(gap):>{DAY_WIDTH}}" for gap in gaps)
        yield f"{INDENT + last:<{label}}{cells}"


def _sign_off(standing: Standing, screen: Screen) -> Iterator[str]:
    row, competence = standing.row, standing.competence
    title = row.competence if competence is None else in_language(competence.title)
    if row.withdrawn_on is not None:
        state = _("withdrawn on {day}").format(day=row.withdrawn_on)
    elif row.until is not None:
        state = _("from {first} to {last}").format(first=row.signed_on, last=row.until)
    else:
        state = _("since {day}").format(day=row.signed_on)
    tone = Tone.GOOD if standing.holds else Tone.DOUBT
    yield f"{INDENT}{row.competence}  {title}  {screen.paint(state, tone)}"


def _legend(tree: SkillTree) -> str:
    return "  ".join(f"{n} {in_language(each.title)}" for n, each in enumerate(tree.levels))


def _hanging(label: str, text: str, width: int, column: int = 26) -> Iterator[str]:
    first, *rest = wrapped(text, max(LEAST_TEXT, width - column))
    yield f"{label:<{column - 2}}  {first}"
    yield from (" " * column + line for line in rest)


def _means(mean: Mean) -> tuple[str, str, str]:
    numbers = ["" if each is None else f"{each:.1f}" for each in (mean.own, mean.mentor)]
    return numbers[0], numbers[1], _mean_gap(mean.gap)


def _mean_gap(gap: float | None) -> str:
    if gap is None:
        return ""
    return f"{gap:+.1f}" if round(gap, 1) else "0.0"


def _number(level: int | None) -> str:
    return "" if level is None else str(level)


def _signed(gap: int | None) -> str:
    if gap is None:
        return ""
    return f"{gap:+d}" if gap else "0"


def _tone(gap: int | None) -> Tone | None:
    if gap is None:
        return None
    if gap == 0:
        return Tone.GOOD
    return Tone.BAD if abs(gap) >= WIDE_GAP else Tone.DOUBT


def _in_words(trend: Trend) -> str:
    match trend:
        case Trend.UP:
            return _("rising")
        case Trend.SAME:
            return _("steady")
        case Trend.DOWN:
            return _("falling")
        case _:
            assert_never(trend)
