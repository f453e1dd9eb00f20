"""Steps and templates as values: digests, what waits for what, and what older files said."""

import json

import pytest

from opskit.checklists.templates import (
    Due,
    StepTemplate,
    Template,
    digest_of,
    load_template,
    parse_due,
    step_of,
    template_of,
)
from opskit.core.errors import InvalidError
from tests.checklists.template_texts import HEAD, step


def read(*steps: str, head: str = HEAD) -> Template:
    return load_template(head + "".join(steps), "list.yaml")


def test_a_step_waits_for_its_needs_its_order_and_the_answers_it_asks_for() -> None:
    template = read(
        step("a"),
        step("b"),
        step("c", phase="then"),
        step("e", "needs: [b, c]", phase="then"),
        step("f", 'when: answers.b == "x" and client.canton == answers.a', "needs: [b]"),
    )
    assert template.needs == {
        "a": (),
        "b": (),
        "c": (),
        "e": ("b", "c"),
        "f": ("b", "a"),
    }


def test_only_a_read_do_phase_sets_an_order() -> None:
    steps = step("a", phase="then"), step("x"), step("b", phase="then"), step("c", phase="then")
    assert read(*steps).needs == {"a": (), "x": (), "b": ("a",), "c": ("b",)}
    in_any_order = HEAD.replace(", mode: read-do", "")
    assert set(read(*steps, head=in_any_order).needs.values()) == {()}


def test_the_digest_of_a_step_is_of_that_step_alone() -> None:
    a, b = read(step("a"), step("b")).steps
    assert a.digest == read(step("b"), step("a")).steps[1].digest != b.digest
    assert a.digest == digest_of(a.body)
    assert json.loads(a.body) == {
        "due": "0bd",
        "key": "a",
        "owner": "agent",
        "phase": "first",
        "text": {"en": "a", "fr": "a en français"},
    }


def test_what_is_spelled_out_but_usual_changes_no_digest() -> None:
    usual = ("recheck: none", "gate: none", 'when: ""', "mandatory: true", "needs: []")
    assert read(step("a", *usual)).digest == read(step("a")).digest
    assert read(step("a", "gate: close")).digest != read(step("a")).digest


def test_a_body_is_read_back() -> None:
    template = read(step("a", "check: [x, y]", 'when: client.canton == "BE"', "recheck: before-go"))
    assert template_of(template.body) == template
    assert template_of(template.body).digest == template.digest
    assert step_of(template.steps[0].body) == template.steps[0]


def test_the_former_same_day_is_read_as_a_recheck_before_go() -> None:
    modern = read(step("a", "recheck: before-go"))
    assert read(step("a", "same_day: true")) == modern
    assert read(step("a", "same_day: false")) == read(step("a"))
    old = modern.body.replace('"recheck":"before-go"', '"same_day":true')
    assert old != modern.body
    assert template_of(old) == modern
    old_step = modern.steps[0].body.replace('"recheck":"before-go"', '"same_day":true')
    assert step_of(old_step) == modern.steps[0]


def test_a_go_is_decided_by_another_person() -> None:
    go, second, plain = read(
        step("a", "gate: go"), step("b", "approval: other-person"), step("c", "gate: close")
    ).steps
    assert [each.by_other_person for each in (go, second, plain)] == [True, True, False]


def test_german_is_optional() -> None:
    template = read(step("a").replace("en: a}", "en: a, de: A auf Deutsch}"))
    assert template.steps[0].text.de == "A auf Deutsch"
    assert read(step("a")).steps[0].text.de is None


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("-10bd", Due(None, -10)),
        ("0bd", Due(None, 0)),
        ("backup +2bd", Due("backup", 2)),
        ("backup  -1bd", Due("backup", -1)),
        ("day-30 0bd", Due("day-30", 0)),
    ],
)
def test_a_due_date_counts_from_the_anchor_or_from_a_step(text: str, due: Due) -> None:
    assert parse_due(text) == due


@pytest.mark.parametrize("text", ["", " ", "backup", "backup +2", "a b +2bd", "+2bd backup", "2bd"])
def test_what_is_no_due_date(text: str) -> None:
    with pytest.raises(InvalidError, match="is no number of business days"):
        parse_due(text)


def test_a_step_without_condition_always_applies() -> None:
    plain, conditional = read(step("a"), step("b", 'when: client.canton == "BE"')).steps
    assert plain.condition is None
    assert isinstance(conditional, StepTemplate)
    assert conditional.condition is not None
    assert conditional.condition.holds({"client": {"canton": "BE"}})
