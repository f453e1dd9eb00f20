"""What can happen to a step, without a database.

A step is *open* (blocked, ready, failed, waiting, submitted) or *settled* (done, not applicable,
waived). Blocked and ready are never decided by a person: they follow from what the step needs.
Waiting is for somebody outside the team, also while its check is not green; submitted waits for
the second person. A step holds when it is settled and everything it rests on holds too, so that a
licence that lapses at the start of the list blocks the go/no-go at its end. A waiver, or a step
that does not apply, holds by itself: that is what it is for.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from opskit.core.errors import ConflictError
from opskit.core.i18n import _


class State(StrEnum):
    """Where a step stands."""

    BLOCKED = "blocked"
    READY = "ready"
    DONE = "done"
    FAILED = "failed"
    WAITING = "waiting"
    SUBMITTED = "submitted"
    NOT_APPLICABLE = "not-applicable"
    WAIVED = "waived"


class Move(StrEnum):
    """What a person does to a step (tick to reopen), or a check finds (pass, fail, doubt)."""

    TICK = "tick"
    SUBMIT = "submit"
    WAIT = "wait"
    SKIP = "skip"
    WAIVE = "waive"
    REOPEN = "reopen"
    PASS = "pass"  # noqa: S105 (no password)
    FAIL = "fail"
    DOUBT = "doubt"


SETTLED = frozenset({State.DONE, State.NOT_APPLICABLE, State.WAIVED})
UNSETTLED = frozenset(State) - SETTLED
ANSWERABLE = UNSETTLED - {State.BLOCKED}
CHECKABLE = frozenset({State.READY, State.DONE, State.FAILED, State.WAITING})

_TAKEN_IN: Mapping[Move, frozenset[State]] = {
    Move.TICK: ANSWERABLE,
    Move.SUBMIT: ANSWERABLE - {State.SUBMITTED},
    Move.WAIT: ANSWERABLE - {State.SUBMITTED},
    Move.SKIP: UNSETTLED,
    Move.WAIVE: UNSETTLED,
    Move.REOPEN: SETTLED | {State.WAITING, State.SUBMITTED},
    Move.PASS: CHECKABLE,
    Move.FAIL: CHECKABLE,
    Move.DOUBT: CHECKABLE,
}
_LEADS_TO: Mapping[Move, State] = {
    Move.TICK: State.DONE,
    Move.SUBMIT: State.SUBMITTED,
    Move.WAIT: State.WAITING,
    Move.SKIP: State.NOT_APPLICABLE,
    Move.WAIVE: State.WAIVED,
    Move.REOPEN: State.READY,
    Move.PASS: State.DONE,
}

Needs = Mapping[str, Sequence[str]]
States = Mapping[str, State]


def after(state: State, move: Move) -> State:
    """The state that the move leads to.

    Raises:
        ConflictError: a step in this state does not take that move.
    """
    if state not in _TAKEN_IN[move]:
        raise ConflictError(_refusal(state), hint=_hint(state))
    if move is Move.FAIL:
        return State.WAITING if state is State.WAITING else State.FAILED
    if move is Move.DOUBT:
        return State.WAITING if state is State.WAITING else State.READY
    return _LEADS_TO[move]


def derive(states: States, needs: Needs) -> dict[str, State]:
    """The same states, with every open step blocked or ready according to its needs."""
    holding = _holding(states, needs)
    return {
        key: _open_state(needs[key], holding) if state in {State.BLOCKED, State.READY} else state
        for key, state in states.items()
    }


def blockers(key: str, states: States, needs: Needs) -> list[str]:
    """The unsettled steps that a step waits for, directly or through others, nearest first."""
    holding = _holding(states, needs)
    waiting, seen, found = [*needs[key]], set[str](), list[str]()
    while waiting:
        need = waiting.pop(0)
        if need in seen or need in holding:
            continue
        seen.add(need)
        if states[need] in SETTLED:
            waiting += needs[need]
        else:
            found.append(need)
    return found


def all_before(key: str, needs: Needs) -> set[str]:
    """Everything a step rests on, directly or through others."""
    found: set[str] = set()
    waiting = [*needs[key]]
    while waiting:
        need = waiting.pop()
        if need not in found:
            found.add(need)
            waiting += needs[need]
    return found


def all_behind(key: str, needs: Needs) -> set[str]:
    """Everything that rests on a step."""
    return {other for other in needs if key in all_before(other, needs)}


def in_order(needs: Needs) -> Iterator[str]:
    """Every key after the keys it needs, otherwise in the given order; cycles are left out."""
    placed: set[str] = set()
    waiting = list(needs)
    while waiting:
        free = [key for key in waiting if placed.issuperset(needs[key])]
        if not free:
            return
        yield from free
        placed.update(free)
        waiting = [key for key in waiting if key not in placed]


def _holding(states: States, needs: Needs) -> set[str]:
    holding: set[str] = set()
    for key in in_order(needs):
        rests_on = needs[key] if states[key] is State.DONE else ()
        if states[key] in SETTLED and holding.issuperset(rests_on):
            holding.add(key)
    return holding


def _open_state(needed: Sequence[str], holding: set[str]) -> State:
    return State.READY if holding.issuperset(needed) else State.BLOCKED


def _refusal(state: State) -> str:
    return {
        State.BLOCKED: _("the step is blocked by others"),
        State.READY: _("the step is open already"),
        State.DONE: _("the step is done already"),
        State.FAILED: _("the step has failed and is open already"),
        State.WAITING: _("the step is waiting and open already"),
        State.SUBMITTED: _("the step is submitted and waits for a second person"),
        State.NOT_APPLICABLE: _("the step is marked as not applicable"),
        State.WAIVED: _("the step is waived"),
    }[state]


def _hint(state: State) -> str:
    if state in SETTLED:
        return _("reopen the step first")
    if state is State.BLOCKED:
        return _("settle the steps that it waits for")
    return _("tick it, or leave it as it is")
