"""The report on one consultant: path, skills and reviews on a paper of the checklists.

Whoever is reported on reads their own part: steps, levels, the notes that are for them. What people
answered, and the comments, stand only on the paper of the mentor, of managers and of auditors.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from onboarding.boards.standing import Standing
from onboarding.boards.tallies import REVIEW
from onboarding.models import Consultant, ConsultantState
from onboarding.privacy.seeing import View
from onboarding.reports.wording import (
    FIRST_DAY,
    MENTOR,
    POLE,
    POLES,
    PROBATION,
    STATUS,
    WORDS,
    ReportWords,
)
from onboarding.reviews.appointments import Appointment
from onboarding.reviews.holding import Folder
from onboarding.reviews.models import ReviewNote, Verdict
from onboarding.services import NEWCOMER
from onboarding.skills.matrix import Matrix
from onboarding.skills.standing import Pair
from onboarding.skills.tree import Skill
from opskit.checklists.models import Comment, Run, Step
from opskit.checklists.page import in_language
from opskit.checklists.page.remarks import comment_in_words
from opskit.checklists.page.text import name_of, printable_lines
from opskit.checklists.printing.content import (
    Addressee,
    Paper,
    PaperPhase,
    PaperStep,
    client_paper,
)
from opskit.checklists.printing.wording import wording

ALONE = 3  # the level from which a skill is ticked off


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that is known, as far as the reader may know it."""

    folder: Folder
    standing: Standing | None
    matrix: Matrix
    notes: Mapping[str, Sequence[ReviewNote]]  # by the kind of the review
    comments: Sequence[Comment]
    names: Mapping[str, str]  # by entity and by login


def report(material: Material, view: View, *, lang: str, on: date) -> Paper:
    """The paper in a language, as this reader may see it."""
    run, words = material.folder.run, WORDS[lang]
    is_own = view is View.OWN
    paper = client_paper(run, _addressee(material, lang, is_own=is_own), on=on, lang=lang)
    paths = paper.phases
    if not is_own:
        paths = tuple(_with_answers(paper.phases, run, material.names, lang))
    return replace(
        paper,
        banner="" if is_own else words.banner,
        tasks=paper.tasks if is_own else None,
        phases=(*paths, *_skills(material.matrix, words, lang), _reviews(material, words, lang)),
        contacts=(),
        comments=() if is_own else tuple(_comments(material)),
    )


def _addressee(material: Material, lang: str, *, is_own: bool) -> Addressee:
    learner = material.folder.learner
    consultant, mentor = learner.consultant, learner.mentor
    pole = consultant.pole or consultant.path if consultant else learner.person.pole
    facts = [(POLE, POLES.get(pole, {}).get(lang, pole)), (MENTOR, mentor.name if mentor else "")]
    facts.append((PROBATION, _probation(material, WORDS[lang], lang)))
    if not is_own:
        facts.append((STATUS, _status(consultant, material.standing, WORDS[lang], lang)))
    return Addressee(
        name=learner.person.name,
        language=lang,
        own_roles=frozenset({NEWCOMER}),
        facts=tuple(facts),
        day_label=FIRST_DAY,
    )


def _probation(material: Material, words: ReportWords, lang: str) -> str:
    found = material.folder.probation
    if found.is_open:
        return words.until.format(day=wording(lang).date(found.until))
    day = found.confirmed_on
    return words.confirmed.format(day=wording(lang).date(day)) if day else ""


def _status(
    consultant: Consultant | None, standing: Standing | None, words: ReportWords, lang: str
) -> str:
    """As the board says it, and why it may go wrong; of a path that is over, how it ended."""
    if consultant is None or standing is None:
        return ""
    if ended := words.ended.get(ConsultantState(consultant.state)):
        return ended
    reasons = [
        words.risks[each.why].format(
            count=each.count, day=wording(lang).date(each.day) if each.day else ""
        )
        for each in standing.risks
    ]
    return ", ".join([words.courses[standing.course], *reasons])


def _with_answers(
    phases: Sequence[PaperPhase], run: Run, names: Mapping[str, str], lang: str
) -> Iterator[PaperPhase]:
    """What people wrote, in their own language, with name and day."""
    by_number = {step.position: step for step in run.steps}
    for phase in phases:
        steps = (
            replace(each, notes=tuple(_answer(by_number[each.number], names, lang)))
            for each in phase.steps
        )
        yield PaperPhase(phase.title, tuple(steps))


def _answer(step: Step, names: Mapping[str, str], lang: str) -> Iterator[str]:
    """What was decided at a review stands in its own part, in the reader's language."""
    if not step.answer or step.key.startswith(REVIEW):
        return
    who = name_of(step.answered_by, names)
    when = wording(lang).date(step.answered_at.astimezone().date()) if step.answered_at else None
    about = ", ".join(filter(None, [who, when, step.ticket]))
    yield from printable_lines(f"{step.answer} ({about})" if about else step.answer)


def _skills(matrix: Matrix, words: ReportWords, lang: str) -> Iterator[PaperPhase]:
    """A part for each group of the tree."""
    number = 0
    for group in matrix.tree.groups:
        steps = []
        for skill in group.skills:
            number += 1
            steps.append(_skill(number, skill, matrix, words, lang))
        title = f"{words.skills}, {in_language(group.title, lang)}"
        yield PaperPhase(title, tuple(steps), words.skill_heads)


def _skill(number: int, skill: Skill, matrix: Matrix, words: ReportWords, lang: str) -> PaperStep:
    pair = matrix.pair(skill)
    return PaperStep(
        number=number,
        text=in_language(skill.text, lang),
        is_settled=(pair.mentor or 0) >= ALONE,
        state=_levels(pair, matrix, words, lang),
        due=wording(lang).date(pair.mentor_on) if pair.mentor_on else "",
    )


def _levels(pair: Pair, matrix: Matrix, words: ReportWords, lang: str) -> str:
    def named(level: int) -> str:
        return in_language(matrix.tree.levels[level].title, lang)

    said = []
    if pair.own is not None:
        said.append(words.own.format(level=named(pair.own)))
    if pair.mentor is not None:
        said.append(words.mentor.format(level=named(pair.mentor)))
    return ", ".join(said) or words.unrated


def _reviews(material: Material, words: ReportWords, lang: str) -> PaperPhase:
    steps = (
        _review(number, each, material, words, lang)
        for number, each in enumerate(material.folder.appointments, start=1)
    )
    return PaperPhase(words.reviews, tuple(steps), words.review_heads)


def _review(
    number: int, appointment: Appointment, material: Material, words: ReportWords, lang: str
) -> PaperStep:
    held = appointment.review
    notes = [
        line
        for note in material.notes.get(appointment.kind, ())
        for line in printable_lines(_note(note, material.names))
    ]
    return PaperStep(
        number=number,
        text=in_language(appointment.step.asked.text, lang),
        is_settled=held is not None,
        state=words.verdicts[Verdict(held.decision)] if held else words.to_come,
        due=wording(lang).date(held.held_on if held else appointment.due_on),
        notes=tuple(notes),
    )


def _note(note: ReviewNote, names: Mapping[str, str]) -> str:
    who = name_of(note.written_by, names)
    return f"{note.text} ({who})" if who else note.text


def _comments(material: Material) -> Iterator[str]:
    for each in material.comments:
        said = comment_in_words(each, material.folder.run, material.names)
        yield " ".join(printable_lines(said))
