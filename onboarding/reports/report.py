"""The report on one consultant: path, skills and reviews on a paper of the checklists.

Whoever is reported on reads their own part: steps, levels, the notes that are for them. What people
answered, and the comments, stand only on the paper of the mentor, of managers and of auditors.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from onboarding.boards.standing import Circumstances, standing
from onboarding.models import ConsultantState
from onboarding.privacy.seeing import View
from onboarding.reports.wording import (
    FIRST_DAY,
    MENTOR,
    POLE,
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
    matrix: Matrix
    notes: Mapping[str, Sequence[ReviewNote]]  # by the kind of the review
    comments: Sequence[Comment]
    names: Mapping[str, str]  # by entity and by login


def report(material: Material, view: View, *, lang: str, on: date) -> Paper:
    """The paper in a language, as this reader may see it."""
    run, words = material.folder.run, WORDS[lang]
    is_own = view is View.OWN
    paper = client_paper(run, _addressee(material, lang, is_own=is_own, on=on), on=on, lang=lang)
    paths = paper.phases if is_own else tuple(_with_answers(paper.phases, run, material.names))
    return replace(
        paper,
        banner="" if is_own else words.banner,
        tasks=paper.tasks if is_own else None,
        phases=(*paths, *_skills(material.matrix, words, lang), _reviews(material, words, lang)),
        contacts=(),
        comments=() if is_own else tuple(_comments(material)),
    )


def _addressee(material: Material, lang: str, *, is_own: bool, on: date) -> Addressee:
    learner = material.folder.learner
    consultant, mentor = learner.consultant, learner.mentor
    pole = consultant.pole or consultant.path if consultant else learner.person.pole
    facts = [(POLE, pole), (MENTOR, mentor.name if mentor else "")]
    facts.append((PROBATION, _probation(material, WORDS[lang], lang)))
    if not is_own:
        facts.append((STATUS, _status(material, WORDS[lang], on)))
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


def _status(material: Material, words: ReportWords, on: date) -> str:
    consultant = material.folder.learner.consultant
    run = material.folder.run
    is_paused = consultant is not None and consultant.state == ConsultantState.PAUSED
    about = Circumstances(run.anchor_on, is_paused=is_paused)
    return words.courses[standing(run, on=on, about=about).course]


def _with_answers(
    phases: Sequence[PaperPhase], run: Run, names: Mapping[str, str]
) -> Iterator[PaperPhase]:
    """What people wrote, in their own language, with name and day."""
    by_number = {step.position: step for step in run.steps}
    for phase in phases:
        steps = (
            replace(each, notes=tuple(_answer(by_number[each.number], names)))
            for each in phase.steps
        )
        yield PaperPhase(phase.title, tuple(steps))


def _answer(step: Step, names: Mapping[str, str]) -> Iterator[str]:
    if not step.answer:
        return
    who = name_of(step.answered_by, names)
    when = step.answered_at.date().isoformat() if step.answered_at else None
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
        yield PaperPhase(title, tuple(steps))


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
    return PaperPhase(words.reviews, tuple(steps))


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
