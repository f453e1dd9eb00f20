"""The rules of the state machine, for any list of steps."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.checklists.states import (
    SETTLED,
    Move,
    State,
    after,
    blockers,
    derive,
    in_order,
)
from opskit.core.errors import ConflictError

B, R, D, F, N, W = (
    State.BLOCKED,
    State.READY,
    State.DONE,
    State.FAILED,
    State.NOT_APPLICABLE,
    State.WAIVED,
)
A, S = State.WAITING, State.SUBMITTED
OPEN = frozenset({B, R, F, A, S})
CHAIN = {"a": [], "b": ["a"], "c": ["b"]}

TABLE = {
    Move.TICK: {R: D, F: D, A: D, S: D},
    Move.SUBMIT: {R: S, F: S, A: S},
    Move.WAIT: {R: A, F: A, A: A},
    Move.SKIP: {B: N, R: N, F: N, A: N, S: N},
    Move.WAIVE: {B: W, R: W, F: W, A: W, S: W},
    Move.REOPEN: {D: R, N: R, W: R, A: R, S: R},
    Move.PASS: {R: D, D: D, F: D, A: D},
    Move.FAIL: {R: F, D: F, F: F, A: A},
    Move.DOUBT: {R: R, D: R, F: R, A: A},
}


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", State)
def test_every_move_in_every_state(state: State, move: Move) -> None:
    if state in TABLE[move]:
        assert after(state, move) is TABLE[move][state]
    else:
        with pytest.raises(ConflictError) as caught:
            after(state, move)
        assert caught.value.hint


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ((B, B, B), (R, B, B)),
        ((D, B, B), (D, R, B)),
        ((W, B, B), (W, R, B)),
        ((N, B, B), (N, R, B)),
        ((F, R, B), (F, B, B)),
        ((D, D, B), (D, D, R)),
        ((F, D, R), (F, D, B)),  # what rests on a red step does not hold
        ((F, W, B), (F, W, R)),  # a waiver holds by itself
        ((R, D, D), (R, D, D)),  # answers are never thrown away
        ((A, B, B), (A, B, B)),  # what waits for somebody is not settled
        ((S, B, B), (S, B, B)),  # nor what a second person has not seen
        ((D, A, B), (D, A, B)),
        ((F, A, S), (F, A, S)),  # whoever was asked, was asked
    ],
)
def test_open_steps_follow_their_needs(
    before: tuple[State, ...], expected: tuple[State, ...]
) -> None:
    derived = derive(dict(zip("abc", before, strict=True)), CHAIN)
    assert tuple(derived.values()) == expected


def test_blockers_are_found_behind_settled_steps() -> None:
    states = {"a": F, "b": D, "c": B, "d": R, "e": B}
    needs = {"a": [], "b": ["a"], "c": ["b"], "d": [], "e": ["d", "b"]}
    assert blockers("c", states, needs) == ["a"]
    assert blockers("e", states, needs) == ["d", "a"]
    assert blockers("b", states, needs) == ["a"]
    assert blockers("d", states, needs) == []


def test_order_puts_needs_first_and_leaves_cycles_out() -> None:
    needs = {"late": ["early"], "early": [], "x": ["y"], "y": ["x"], "z": ["y"]}
    assert list(in_order(needs)) == ["early", "late"]


@st.composite
def lists(draw: st.DrawFn) -> tuple[dict[str, State], dict[str, list[str]]]:
    """Any list without cycles, in any states, with needs that point both up and down the list."""
    size = draw(st.integers(1, 8))
    names = [f"s{i}" for i in range(size)]
    needs = {
        name: draw(st.lists(st.sampled_from(names[:i]), unique=True)) if i else []
        for i, name in enumerate(names)
    }
    shown = draw(st.permutations(names))
    states = {name: draw(st.sampled_from(State)) for name in shown}
    return states, {name: needs[name] for name in shown}


@given(lists())
def test_deriving_twice_changes_nothing(
    drawn: tuple[dict[str, State], dict[str, list[str]]],
) -> None:
    states, needs = drawn
    once = derive(states, needs)
    assert derive(once, needs) == once


@given(lists())
def test_only_open_steps_are_derived(drawn: tuple[dict[str, State], dict[str, list[str]]]) -> None:
    states, needs = drawn
    for key, state in derive(states, needs).items():
        if states[key] in (State.BLOCKED, State.READY):
            assert state in (State.BLOCKED, State.READY)
        else:
            assert state is states[key]


@given(lists())
def test_a_step_is_blocked_exactly_when_something_blocks_it(
    drawn: tuple[dict[str, State], dict[str, list[str]]],
) -> None:
    states, needs = drawn
    derived = derive(states, needs)
    for key, state in derived.items():
        if state in (State.BLOCKED, State.READY):
            assert (state is State.BLOCKED) == bool(blockers(key, derived, needs))


@given(lists())
def test_a_list_that_is_not_settled_always_has_a_next_step(
    drawn: tuple[dict[str, State], dict[str, list[str]]],
) -> None:
    states, needs = drawn
    derived = derive(states, needs)
    if not SETTLED.issuperset(derived.values()):
        assert {R, F, A, S} & set(derived.values())


@given(lists(), st.data())
def test_ticking_what_is_free_comes_to_an_end(
    drawn: tuple[dict[str, State], dict[str, list[str]]], data: st.DataObject
) -> None:
    states, needs = drawn
    current: Mapping[str, State] = derive(states, needs)
    for _turn in range(len(states)):
        free = [key for key, state in current.items() if state in OPEN - {B}]
        if not free:
            break
        key = data.draw(st.sampled_from(free))
        current = derive({**current, key: after(current[key], Move.TICK)}, needs)
    assert SETTLED.issuperset(current.values())


@given(lists(), st.data())
def test_whatever_people_do_the_rules_hold(
    drawn: tuple[dict[str, State], dict[str, list[str]]], data: st.DataObject
) -> None:
    """Any moves, on any steps, in any order; what is refused changes nothing."""
    states, needs = drawn
    current = derive(states, needs)
    for _turn in range(data.draw(st.integers(0, 12))):
        key, move = data.draw(st.sampled_from(list(current))), data.draw(st.sampled_from(Move))
        if current[key] not in TABLE[move]:
            with pytest.raises(ConflictError):
                after(current[key], move)
            continue
        told = {**current, key: after(current[key], move)}
        current = derive(told, needs)
        _assert_sound(current, told, needs)


@given(lists(), st.data())
def test_what_is_reopened_blocks_all_that_rests_on_it(
    drawn: tuple[dict[str, State], dict[str, list[str]]], data: st.DataObject
) -> None:
    states, needs = drawn
    current = derive(states, needs)
    settled = [key for key, state in current.items() if state in SETTLED]
    if not settled:
        return
    key = data.draw(st.sampled_from(settled))
    current = derive({**current, key: after(current[key], Move.REOPEN)}, needs)
    for other, wanted in needs.items():
        if key in wanted and current[other] in (B, R):
            assert current[other] is B


@given(lists())
def test_nothing_open_is_ready_before_its_turn(
    drawn: tuple[dict[str, State], dict[str, list[str]]],
) -> None:
    states, needs = drawn
    derived = derive(states, needs)
    for key in in_order(needs):
        if derived[key] is R:
            assert all(derived[need] in SETTLED for need in needs[key])


def _assert_sound(
    current: Mapping[str, State], told: Mapping[str, State], needs: Mapping[str, list[str]]
) -> None:
    for key, state in current.items():
        waits_for = blockers(key, current, needs)
        if state in (B, R):
            assert (state is B) == bool(waits_for)
            assert all(current[other] in OPEN for other in waits_for)
        else:  # nobody's answer, and nobody's wait, was touched by what follows from others
            assert state is told[key]
    assert derive(current, needs) == current
