"""What a template may not say although every key of it is of the right kind."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.checklists.errors import TemplateInvalidError
from opskit.checklists.templates import load_template, template_faults
from tests.checklists.template_texts import HEAD, step


def refusal(*steps: str, checks: frozenset[str] | None = None) -> str:
    with pytest.raises(TemplateInvalidError) as caught:
        load_template(HEAD + "".join(steps), "list.yaml", checks=checks)
    return caught.value.message


def test_steps_that_wait_for_each_other_are_told_link_by_link() -> None:
    told = refusal(
        step("a", "needs: [b]"),
        step("b", 'when: answers.c == "yes"'),
        step("d", phase="then"),
        step("c", "needs: [a]", phase="then"),
    )
    assert told == (
        "list.yaml, line 14, steps[0].needs: steps wait for each other: "
        "a needs b, b asks for the answer of c, c needs a"
    )


def test_the_order_of_a_read_do_phase_may_close_a_circle() -> None:
    told = refusal(step("a", "needs: [b]", phase="then"), step("b", phase="then"))
    assert told.endswith("steps[0].needs: steps wait for each other: "
                         "a needs b, b follows a in a Read-Do phase")  # fmt: skip


@pytest.mark.parametrize("rule", ["needs: [a]", 'when: answers.a != "no"'])
def test_a_step_cannot_wait_for_itself(rule: str) -> None:
    assert "steps wait for each other: a " in refusal(step("a", rule))


def test_due_dates_that_count_from_each_other_never_come() -> None:
    told = refusal(step("a", due="b -1bd"), step("b", due="c +2bd"), step("c", due="a 0bd"))
    assert told == (
        "list.yaml, line 13, steps[0].due: due dates count from each other: a -> b -> c -> a"
    )


@pytest.mark.parametrize(
    ("due", "reason"),
    [
        ("a +2", "'+2' is no number of business days, write -10bd, 0bd or +3bd"),
        ("a+2bd", "'a+2bd' is no number of business days, write"),
        ("+2bd a", "'+2bd a' is no number"),
        ("b +2bd", "b is unknown, it is not in this file"),
        ("a -1000bd", "'-1000bd' is no number"),
        ("10d", "'10d' is no number"),
    ],
)
def test_a_due_date_that_says_no_number_of_business_days(due: str, reason: str) -> None:
    assert f"steps[1].due: {reason}" in refusal(step("a"), step("z", due=due))


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("client.canton = 1", "character 15: one = is not enough, write =="),
        ("'false'", "this is never true: the step would never apply"),
        ('client.canton == "BE" and 1 > 2', "this is never true"),
        ('answers.aa == "x"', "aa is unknown, did you mean a?"),
        ('answers.other_one == "x"', "other-one is unknown, it is not in this file"),
    ],
)
def test_a_condition_that_cannot_be_read_or_never_be_true(when: str, reason: str) -> None:
    told = refusal(step("a"), step("z", f"when: {when}"))
    assert told.startswith(f"list.yaml, line 19, steps[1].when: {reason}")


def test_a_check_that_nobody_registered() -> None:
    checks = frozenset({"license.valid", "safe.ready"})
    one = step("a", "check: license.vaild")
    assert refusal(one, checks=checks).endswith(
        "line 14, steps[0].check: there is no check license.vaild, did you mean license.valid?"
    )
    several = step("a", "check: [safe.ready, zzz]")
    assert refusal(several, checks=checks).endswith(
        "steps[0].check[1]: there is no check zzz, there are: license.valid, safe.ready"
    )
    assert load_template(HEAD + one, "list.yaml").steps[0].checks == ("license.vaild",)


def test_a_template_has_one_gate_of_a_kind() -> None:
    told = refusal(step("a", "gate: go"), step("b", "gate: close"), step("c", "gate: go"))
    assert told.endswith("line 26, steps[2].gate: go is the gate of the step a already, one is the "
                         "most")  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["gate: go", "check: safe.ready"], "gate: a gate is for a person to pass, it cannot"),
        (["gate: close", "check: safe.ready"], "gate: a gate is for a person to pass, it cannot"),
        (["gate: close", "mandatory: false"], "mandatory: a gate cannot be left out"),
        (["approval: other-person", "check: x"], "approval: a step that checks itself cannot"),
    ],
)
def test_rules_that_contradict_each_other(lines: list[str], reason: str) -> None:
    assert f"steps[0].{reason}" in refusal(step("a", *lines))


def test_a_recheck_needs_no_gate_and_no_check() -> None:
    template = load_template(HEAD + step("a", "recheck: before-go"), "list.yaml")
    assert template.steps[0].recheck == "before-go"


def test_every_fault_of_a_file_can_be_heard_at_once() -> None:
    text = HEAD + step("a", "needs: [x]", due="1bd") + step("a", "when: '('", phase="zz")
    assert [fault.message.split(", ", 2)[2].split(":")[0] for fault in
            template_faults(text, "list.yaml")] == [
        "steps[0].needs[0]",
        "steps[0].due",
        "steps[1].key",
        "steps[1].phase",
        "steps[1].when",
    ]  # fmt: skip
    assert len(template_faults("[", "list.yaml")) == 1
    assert template_faults(HEAD + step("a"), "list.yaml") == []


KEYS = ("a", "b", "c", "d")
LINKS = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=5)


def is_circular(links: list[tuple[str, str]]) -> bool:
    reached = {key: {to for each, to in links if each == key} for key in KEYS}
    for _round in KEYS:
        for key in KEYS:
            reached[key] |= {far for near in reached[key] for far in reached[near]}
    return any(key in reached[key] for key in KEYS)


@given(needs=LINKS, asks=LINKS, dues=LINKS, in_order=st.booleans())
def test_exactly_the_circles_are_refused(
    needs: list[tuple[str, str]],
    asks: list[tuple[str, str]],
    dues: list[tuple[str, str]],
    in_order: bool,
) -> None:
    anchors = dict(dues)  # a step counts from one other at most
    steps = [
        step(
            key,
            f"needs: [{', '.join(to for each, to in needs if each == key)}]",
            "when: "
            + " or ".join(["client.x", *(f"answers.{to}" for at, to in asks if at == key)]),
            phase="then" if in_order else "first",
            due=f"{anchors[key]} +1bd" if key in anchors else "0bd",
        )
        for key in KEYS
    ]
    order = list(pairwise(reversed(KEYS))) if in_order else []
    faults = [each.message for each in template_faults(HEAD + "".join(steps), "list.yaml")]
    expected = [
        words
        for words, links in (
            ("steps wait for each other", [*needs, *asks, *order]),
            ("due dates count from each other", list(anchors.items())),
        )
        if is_circular(links)
    ]
    assert [any(words in fault for fault in faults) for words in expected] == [True] * len(expected)
    assert len(faults) == len(expected)
