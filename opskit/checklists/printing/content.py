"""What stands on a paper, before it is Markdown, HTML or PDF.

The client's paper says what the template says, where each step stands and when it is due. What
people and checks wrote stays with the team: answers, proofs, tickets, comments, logins.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from opskit.checklists.models import OPEN, Comment, Decision, Run
from opskit.checklists.page import in_language
from opskit.checklists.page.remarks import comment_in_words, decision_in_words, remarks
from opskit.checklists.page.text import NOBODY, name_of, printable, printable_lines
from opskit.checklists.printing.wording import CLIENT, Said, Wording, wording
from opskit.checklists.standing import Standing, by_phase, standings
from opskit.checklists.states import SETTLED, State
from opskit.checklists.templates import Mode, Phase
from opskit.core.i18n import language
from opskit.core.words import in_words

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a paper is for, and what the feature knows besides.

    `own_roles` are the owners of steps that are theirs to do; without any, nothing is expected of
    them. `facts` is what is said of the run in every language, `day_label` what its date is called.
    Of what is empty nothing is said.
    """

    name: str
    language: str
    contact: str = ""
    support_name: str = ""
    support_phone: str = ""
    support_email: str = ""
    own_roles: frozenset[str] = frozenset({CLIENT})
    facts: tuple[tuple[Said, str], ...] = ()
    day_label: Said | None = None


@dataclass(frozen=True, slots=True)
class PaperStep:
    """One step: where it stands in words, until when it is due while open, whose it is."""

    number: int
    text: str
    is_settled: bool
    state: str
    due: str = ""
    who: str = ""
    notes: Lines = ()
    is_pressing: bool = False


@dataclass(frozen=True, slots=True)
class PaperPhase:
    """Steps under a title. `heads` stand over text, state and day where they are no steps."""

    title: str
    steps: tuple[PaperStep, ...]
    heads: tuple[str, str, str] | None = None

    def heads_in(self, words: Wording) -> tuple[str, str, str]:
        return self.heads or (words.step, words.state, words.due)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that the reader has to do."""

    text: str
    due: str
    is_pressing: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `tasks` is None where it is not for the reader to do anything."""

    words: Wording
    title: str
    name: str
    banner: str
    facts: tuple[tuple[str, str], ...]
    tasks: tuple[Task, ...] | None
    phases: tuple[PaperPhase, ...]
    contacts: tuple[tuple[str, str], ...]
    comments: Lines = ()

    @property
    def has_owners(self) -> bool:
        """Whether it is said whose a step is."""
        return any(step.who for phase in self.phases for step in phase.steps)


def client_paper(
    run: Run,
    addressee: Addressee,
    *,
    on: date,
    names: Mapping[str, str] = NOBODY,
    lang: str | None = None,
) -> Paper:
    """What the client is handed, in its language or in `lang`."""
    words = wording(lang or addressee.language)
    stands = standings(run, on=on)
    return Paper(
        words=words,
        title=in_language(run.title, words.code),
        name=addressee.name,
        banner="",
        facts=(*_facts(run, addressee, words), (words.standing, _progress(stands, words, on))),
        tasks=_tasks(stands, addressee, words) if run.state == OPEN else None,
        phases=tuple(
            PaperPhase(_title(phase, words), tuple(_for_client(each, words) for each in steps))
            for phase, steps in by_phase(run, stands)
        ),
        contacts=tuple(_contacts(run, addressee, words, names)),
    )


def team_paper(
    run: Run,
    addressee: Addressee,
    *,
    on: date,
    names: Mapping[str, str] = NOBODY,
    comments: Sequence[Comment] = (),
    decision: Decision | None = None,
    sizes: Mapping[str, int] = {},
) -> Paper:
    """Everything, in the person's own language."""
    words = wording(language())
    stands = standings(run, on=on)
    facts = [
        (words.run, f"{run.name}, {in_words(run.state)}"),
        *_facts(run, addressee, words),
        (words.template, run.template.content.name),
        (words.standing, _progress(stands, words, on)),
    ]
    if decision is not None:
        facts.append((words.decision, decision_in_words(decision, names)))
    return Paper(
        words=words,
        title=in_language(run.title, words.code),
        name=run.name,
        banner=words.team_only,
        facts=tuple((label, printable(value)) for label, value in facts),
        tasks=None,
        phases=tuple(
            PaperPhase(
                _title(phase, words),
                tuple(_for_team(each, words, names, sizes) for each in steps),
            )
            for phase, steps in by_phase(run, stands)
        ),
        contacts=tuple(_contacts(run, addressee, words, names, logins=True)),
        comments=tuple(printable(comment_in_words(each, run, names)) for each in comments),
    )


def _facts(run: Run, addressee: Addressee, words: Wording) -> Iterator[tuple[str, str]]:
    yield words.for_whom, addressee.name
    yield (
        words.said(addressee.day_label) if addressee.day_label else words.day,
        words.date(run.anchor_on),
    )
    for label, value in addressee.facts:
        if value:
            yield words.said(label), value


def _progress(stands: Sequence[Standing], words: Wording, on: date) -> str:
    done = sum(each.state in SETTLED and not each.has_lapsed for each in stands)
    return words.progress.format(done=done, total=len(stands), day=words.date(on))


def _title(phase: Phase, words: Wording) -> str:
    title = in_language(phase.title, words.code)
    return words.read_do.format(phase=title) if phase.mode is Mode.READ_DO else title


def _tasks(
    stands: Sequence[Standing], addressee: Addressee, words: Wording
) -> tuple[Task, ...] | None:
    """By the day on which they are due."""
    if not addressee.own_roles:
        return None
    theirs = [each for each in stands if _is_theirs(each, addressee)]
    return tuple(
        _task(each, words)
        for each in sorted(theirs, key=lambda each: (each.step.due_on, each.step.position))
    )


def _task(stand: Standing, words: Wording) -> Task:
    sentence = words.overdue if stand.is_late else words.by
    due = sentence.format(day=words.date(stand.step.due_on))
    return Task(in_language(stand.asked.text, words.code), due, stand.is_late)


def _is_theirs(stand: Standing, addressee: Addressee) -> bool:
    """What waits for them, and what is theirs and can be begun."""
    if stand.state is State.WAITING:
        return stand.step.waiting_for == CLIENT
    is_own = stand.asked.owner in addressee.own_roles
    return is_own and stand.state in {State.READY, State.FAILED} and not stand.waits_for


def _for_client(stand: Standing, words: Wording) -> PaperStep:
    is_settled = stand.state in SETTLED and not stand.has_lapsed
    return PaperStep(
        number=stand.step.position,
        text=in_language(stand.asked.text, words.code),
        is_settled=is_settled,
        state=words.state_of(stand),
        due="" if is_settled else words.date(stand.step.due_on),
    )


def _for_team(
    stand: Standing, words: Wording, names: Mapping[str, str], sizes: Mapping[str, int]
) -> PaperStep:
    said = remarks(stand, names=names, sizes=sizes)
    login = stand.step.assignee
    return PaperStep(
        number=stand.step.position,
        text=in_language(stand.asked.text, words.code),
        is_settled=stand.state in SETTLED and not stand.has_lapsed,
        state=words.lapsed if stand.has_lapsed else in_words(stand.state),
        due=stand.step.due_on.isoformat(),
        who=(name_of(login, names) or login) if login else stand.asked.owner,
        notes=tuple(line for remark in said for line in printable_lines(remark.text)),
        is_pressing=stand.is_late,
    )


def _contacts(
    run: Run,
    addressee: Addressee,
    words: Wording,
    names: Mapping[str, str],
    *,
    logins: bool = False,
) -> Iterator[tuple[str, str]]:
    """Whoever looks after the run is named, but a login is not for the client."""
    in_charge = name_of(run.assignee, names) or name_of(run.prepared_by, names)
    if logins:
        in_charge = in_charge or run.assignee
    contacts = [
        (words.your_side, addressee.contact),
        (words.our_side, in_charge or ""),
        (words.support, addressee.support_name),
        (words.phone, addressee.support_phone),
        (words.email, addressee.support_email),
    ]
    return (each for each in contacts if each[1])
