"""The agenda of a review, as a terminal, a file or a mail shows it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from onboarding.reviews.agenda import OpenStep, SkillGap
from onboarding.reviews.holding import ReviewPage
from onboarding.reviews.models import Circle
from onboarding.reviews.words import circle_in_words, kind_in_words, verdict_in_words
from opskit.checklists.page import in_language
from opskit.checklists.page.text import local_time, printable_lines, wrapped
from opskit.core.i18n import _, colon
from opskit.core.screen import PAPER, Screen, Tone

WIDTH = 80
INDENT = "  "
WIDE_GAP = 2  # levels


def page_lines(
    page: ReviewPage, *, on: date, names: Mapping[str, str], screen: Screen = PAPER
) -> Iterator[str]:
    """The whole page, in the order in which a review goes."""
    lines = _Lines(screen)
    yield from lines.text("  ".join(_head(page, on=on)))
    if page.appointment.review is not None:
        yield from lines.text(_held(page), tone=Tone.GOOD)
    yield from lines.text(
        f"{colon(_('Probation'))} {page.folder.probation.in_words(on=on)}",
    )
    agenda = page.agenda
    if agenda.late:
        yield from lines.section(_("Late"), [_step(each, on=on) for each in agenda.late], Tone.BAD)
    if agenda.to_do:
        yield from lines.section(_("Open"), [_step(each, on=on) for each in agenda.to_do])
    if agenda.gaps:
        yield from lines.section(_("Seen differently"), [_gap(each) for each in agenda.gaps])
    if agenda.one_sided or agenda.unrated:
        yield from lines.section(_("Not rated by both"), list(_unrated(page)))
    if agenda.decided:
        told = [
            f"{each.held_on}  {colon(kind_in_words(each.kind))} "
            f"{verdict_in_words(each.decision, each.until)}"
            for each in agenda.decided
        ]
        yield from lines.section(_("Decided before"), told)
    for note in page.notes:
        by = names.get(note.written_by, "")
        who = f"{by}, {local_time(note.written_at)}, {circle_in_words(Circle(note.circle))}"
        yield from lines.section(
            _("Notes ({who})").format(who=who), list(printable_lines(note.text))
        )


def page_facts(page: ReviewPage, *, names: Mapping[str, str]) -> dict[str, Any]:
    """JSON keys of one review."""
    folder, appointment, agenda = page.folder, page.appointment, page.agenda
    review = appointment.review
    return {
        "number": folder.run.name,
        "login": folder.learner.person.login,
        "name": folder.learner.person.name,
        "kind": appointment.kind,
        "due_on": appointment.due_on,
        "state": appointment.step.state,
        "decision": None if review is None else review.decision,
        "held_on": None if review is None else review.held_on,
        "probation_until": folder.probation.until,
        "probation_confirmed_on": folder.probation.confirmed_on,
        "late": [_step_facts(each) for each in agenda.late],
        "open": [_step_facts(each) for each in agenda.to_do],
        "gaps": [
            {"skill": each.skill.key, "self": each.own, "mentor": each.mentor, "gap": each.gap}
            for each in agenda.gaps
        ],
        "one_sided": [each.key for each in agenda.one_sided],
        "unrated": agenda.unrated,
        "decided": [
            {
                "kind": each.kind,
                "decision": each.decision,
                "held_on": each.held_on,
                "until": each.until,
            }
            for each in agenda.decided
        ],
        "notes": [
            {
                "text": note.text,
                "visible": note.circle,
                "by": names.get(note.written_by, ""),
                "written_at": note.written_at,
            }
            for note in page.notes
        ],
    }


class _Lines:
    """Text in lines that fit."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._width = screen.width or WIDTH

    def text(self, text: str, *, tone: Tone | None = None) -> Iterator[str]:
        for line in wrapped(text, self._width):
            yield self._screen.paint(line, tone)

    def section(
        self, title: str, items: Iterable[str | tuple[str, str]], tone: Tone | None = None
    ) -> Iterator[str]:
        """A heading with items; what is said about one stands beside it, or below where it must."""
        yield ""
        yield self._screen.paint(title, Tone.HEADING)
        for item in items:
            told, about = (item, "") if isinstance(item, str) else item
            first, *rest = wrapped(told, self._width - len(INDENT) * 2)
            beside = not rest and len(f"{INDENT}{first}  {about}") <= self._width
            yield (
                INDENT
                + first
                + ("  " + self._screen.paint(about, tone) if about and beside else "")
            )
            yield from (INDENT * 3 + line for line in rest)
            if about and not beside:
                for line in wrapped(about, self._width - len(INDENT) * 3):
                    yield INDENT * 3 + self._screen.paint(line, tone)


def _head(page: ReviewPage, *, on: date) -> list[str]:
    appointment = page.appointment
    head = [
        page.folder.run.name,
        page.folder.learner.person.name,
        in_language(appointment.step.asked.text),
        appointment.due_on.isoformat(),
    ]
    days = (appointment.due_on - on).days
    if appointment.is_open and days > 0:
        head.append(_("tomorrow") if days == 1 else _("in {days} days").format(days=days))
    elif appointment.is_open and days < 0:
        head.append(_("1 day late") if days == -1 else _("{days} days late").format(days=-days))
    return head


def _held(page: ReviewPage) -> str:
    review = page.appointment.review
    if review is None:
        return ""
    told = verdict_in_words(review.decision, review.until)
    return _("held on {day}: {decision}").format(day=review.held_on, decision=told)


def _step(step: OpenStep, *, on: date) -> tuple[str, str]:
    """What it is, and how it stands with it."""
    parts = [step.due_on.isoformat(), step.owner]
    if step.due_on < on:
        days = step.days_late(on=on)
        parts.append(_("1 day late") if days == 1 else _("{days} days late").format(days=days))
    if step.holds_up:
        parts.append(_("holds the review up"))
    return f"{step.position:>2}  {step.text}", "  ".join(parts)


def _gap(each: SkillGap) -> tuple[str, str]:
    told = _("self {own}, mentor {mentor}").format(own=each.own, mentor=each.mentor)
    mark = "  !" if abs(each.gap) >= WIDE_GAP else ""
    return in_language(each.skill.text), f"{told}  {each.gap:+d}{mark}"


def _unrated(page: ReviewPage) -> Iterator[str]:
    for skill in page.agenda.one_sided:
        yield in_language(skill.text)
    if page.agenda.unrated:
        yield _("skills by neither: {count}").format(count=page.agenda.unrated)


def _step_facts(step: OpenStep) -> dict[str, Any]:
    return {
        "position": step.position,
        "step": step.key,
        "text": step.text,
        "due_on": step.due_on,
        "owner": step.owner,
        "holds_up": step.holds_up,
    }
