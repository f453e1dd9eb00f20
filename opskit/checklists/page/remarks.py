"""What stands below a step, in sentences: the answer, whose it is, the proof, what is awaited."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from opskit.checklists.checks import Verdict
from opskit.checklists.models import Comment, Decision, Run, Step
from opskit.checklists.page.text import NOBODY, local_time, name_of, size_in_words
from opskit.checklists.standing import Standing
from opskit.checklists.states import State
from opskit.checklists.templates import Gate, Recheck
from opskit.core.i18n import _, colon
from opskit.core.screen import Tone

DIGEST_SHOWN = 12  # characters of a SHA-256, enough to tell files apart by eye


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence, and how it looks."""

    text: str
    tone: Tone | None = None


def remarks(
    stand: Standing, *, names: Mapping[str, str] = NOBODY, sizes: Mapping[str, int] = {}
) -> Iterator[Remark]:
    """Everything there is to say about a step beyond its own line."""
    step = stand.step
    match stand.state:
        case State.BLOCKED | State.READY:
            yield from _untouched(stand)
        case State.WAITING:
            yield Remark(_awaited(step), Tone.DOUBT)
            yield from _found(stand)
        case State.SUBMITTED:
            yield Remark(_submitted(step, names), Tone.DOUBT)
            yield from _answered(stand, [], sizes)
        case State.DONE | State.FAILED:
            yield from _answered(stand, signature(step, names), sizes)
            yield from _found(stand)
        case State.WAIVED:
            tone = Tone.BAD if stand.has_lapsed else None
            yield Remark(_left_out(step, names, _waived(stand)), tone)
        case State.NOT_APPLICABLE:
            yield Remark(_left_out(step, names, _("not applicable: {reason}")))
        case _:
            assert_never(stand.state)


def signature(step: Step, names: Mapping[str, str]) -> list[str]:
    """Who answered, when, for which ticket."""
    return _signed(step.answered_by, step.answered_at, step.ticket, names)


def decision_in_words(decision: Decision, names: Mapping[str, str]) -> str:
    """`go: every proof is there (Bob Rey, 2027-01-19 16:02, CS-1003)`"""
    who = _signed(decision.decided_by, decision.decided_at, decision.ticket, names)
    said = f"{colon(decision.decision)} {decision.reason}" if decision.reason else decision.decision
    return _with(said, *who)


def comment_in_words(comment: Comment, run: Run, names: Mapping[str, str]) -> str:
    """`2027-01-04 09:12  Bob Rey, step 5: two interfaces (CS-1003)`"""
    positions = {step.key: step.position for step in run.steps}
    about = name_of(comment.written_by, names) or ""
    if comment.key is not None:
        place = positions.get(comment.key, comment.key)
        about = ", ".join(filter(None, [about, _("step {number}").format(number=place)]))
    said = f"{colon(about)} {comment.text}" if about else comment.text
    ticket = [comment.ticket] if comment.ticket else []
    return f"{local_time(comment.written_at)}  {_with(said, *ticket)}"


def _untouched(stand: Standing) -> Iterator[Remark]:
    if stand.waits_for:
        numbers = ", ".join(str(step.position) for step in stand.waits_for)
        keys = ", ".join(step.key for step in stand.waits_for)
        yield Remark(_("waits for {numbers} ({keys})").format(numbers=numbers, keys=keys))
    yield from _found(stand)


def _awaited(step: Step) -> str:
    """What a step waits for is what was asked, which the answer holds meanwhile."""
    whom = {"client": _("the client"), "rnd": _("R&D"), "expert": _("an expert")}
    text = _("waits for {whom} since {since}, ask again on {day}").format(
        whom=whom.get(step.waiting_for or "", step.waiting_for),
        since=step.waiting_since,
        day=step.nudge_on,
    )
    said = f"{colon(text)} {step.answer}" if step.answer else text
    return _with(said, *filter(None, [step.ticket]))


def _submitted(step: Step, names: Mapping[str, str]) -> str:
    return _with(_("submitted, waits for a second person"), *signature(step, names))


def _answered(stand: Standing, who: list[str], sizes: Mapping[str, int]) -> Iterator[Remark]:
    step = stand.step
    answer = step.answer or ""
    if step.evidence_digest is not None:
        answer = ", ".join([*filter(None, [answer]), *_file(step.evidence_digest, sizes)])
    if stand.state is State.FAILED and stand.asked.gate is Gate.GO and answer:
        answer = _("no-go: {reason}").format(reason=answer)
    about = who if step.proof else [*who, *_freshness(stand)]
    if answer or about:
        yield Remark(_with(answer, *about) if answer else ", ".join(about), _tone(stand))


def _file(digest: str, sizes: Mapping[str, int]) -> Iterator[str]:
    if digest in sizes:
        yield size_in_words(sizes[digest])
    yield f"SHA-256 {digest[:DIGEST_SHOWN]}"


def _found(stand: Standing) -> Iterator[Remark]:
    """What a check found, with how long it may be relied upon."""
    step = stand.step
    if not step.proof:
        return
    text = step.proof
    if step.verdict == Verdict.UNKNOWN and stand.state is not State.DONE:
        text = _("not found out: {proof}").format(proof=text)
    about = [*_freshness(stand)]
    if step.checked_at is not None:
        day = step.checked_at.astimezone().date()
        about.insert(0, _("checked {day}").format(day=day))
    yield Remark(_with(text, *about), _tone(stand))


def _freshness(stand: Standing) -> Iterator[str]:
    """Until when a settled step counts, if not for good."""
    last = stand.step.fresh_until
    if last is None or stand.state is not State.DONE:
        return
    if stand.has_lapsed:
        yield _("lapsed after {day}").format(day=last)
    elif stand.asked.recheck is Recheck.BEFORE_GO:
        yield _("counts that day only")
    else:
        yield _("until {day}").format(day=last)


def _tone(stand: Standing) -> Tone | None:
    return Tone.BAD if stand.has_lapsed or stand.state is State.FAILED else None


def _waived(stand: Standing) -> str:
    if stand.step.waived_until is None:
        return _("waived: {reason}")
    if stand.has_lapsed:
        return _("was waived until {until}: {reason}")
    return _("waived until {until}: {reason}")


def _left_out(step: Step, names: Mapping[str, str], sentence: str) -> str:
    """By a person, whose reason is the answer, or by the rule of the step."""
    if step.answered_by is None:
        return sentence.format(reason=step.proof or step.answer, until=step.waived_until)
    text = sentence.format(reason=step.answer, until=step.waived_until)
    return _with(text, *signature(step, names))


def _signed(
    who: str | None, when: datetime | None, ticket: str | None, names: Mapping[str, str]
) -> list[str]:
    parts = [name_of(who, names), local_time(when) if when else None, ticket]
    return [part for part in parts if part]


def _with(text: str, *aside: str) -> str:
    """The text, and in brackets what is to be known of it."""
    return f"{text} ({', '.join(aside)})" if aside else text
