"""Looking at templates: differences, previews, and what could be better in one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.checklists.template_tools.diff import compare
from opskit.checklists.template_tools.lint import lint
from opskit.checklists.template_tools.preview import parse_facts, preview
from opskit.checklists.templates import Template, load_template
from opskit.core.business_days import PUBLIC
from opskit.core.errors import InvalidError
from tests.checklists.template_texts import HEAD, step

GERMAN = HEAD.replace("en: List}", "en: List, de: Liste}").replace(
    "en: One}", "en: One, de: Eins}"
).replace("en: Two}", "en: Two, de: Zwei}")  # fmt: skip


def read(*steps: str, head: str = HEAD) -> Template:
    return load_template(head + "".join(steps), "list.yaml")


def changes(old: Template, new: Template) -> list[tuple[str, str, str, list[str]]]:
    return [
        (each.part, each.key, each.change, [field.field for field in each.fields])
        for each in compare(old, new)
    ]


def test_steps_are_added_removed_and_changed() -> None:
    old = read(step("a"), step("b"), step("c", "evidence: text"))
    new = read(
        step("a", due="-1bd"),
        step("new"),
        step("c", "evidence: value", "gate: close", phase="then"),
    )
    assert changes(old, new) == [
        ("step", "a", "changed", ["due"]),
        ("step", "new", "added", []),
        ("step", "c", "changed", ["phase", "evidence", "gate"]),
        ("step", "b", "removed", []),
    ]
    (fields,) = [each.fields for each in compare(old, new) if each.key == "c"]
    assert [(each.before, each.after) for each in fields] == [
        ("first", "then"),
        ("text", "value"),
        (None, "close"),
    ]


def test_only_what_was_carried_elsewhere_has_moved() -> None:
    old = read(*map(step, "abcde"))
    new = read(*map(step, "bcdea"))
    (moved,) = compare(old, new)
    assert (moved.key, moved.change) == ("a", "moved")
    assert [(each.field, each.before, each.after) for each in moved.fields] == [("position", 1, 5)]


def test_what_is_new_in_front_moves_nothing() -> None:
    assert changes(read(*map(step, "abc")), read(*map(step, "xabc"))) == [
        ("step", "x", "added", [])
    ]


def test_a_template_and_its_phases_change_too() -> None:
    head = HEAD.replace("version: 1", "version: 2").replace("mode: read-do", "mode: do-confirm")
    assert changes(read(step("a")), read(step("a"), head=head)) == [
        ("template", "list", "changed", ["version"]),
        ("phase", "then", "changed", ["mode"]),
    ]


@given(st.permutations("abcdef"), st.permutations("abcdef"))
def test_carrying_the_moved_ones_is_enough(first: list[str], second: list[str]) -> None:
    moved = {each.key for each in compare(read(*map(step, first)), read(*map(step, second)))}
    assert [key for key in first if key not in moved] == [key for key in second if key not in moved]
    assert bool(moved) == (first != second)


def test_a_preview_counts_business_days_from_the_day_and_from_steps() -> None:
    template = read(step("a", due="-2bd"), step("b", due="a -1bd"), step("c", due="b 0bd"))
    found = preview(template, on=date(2027, 4, 20), canton="BE", calendar=PUBLIC, facts={})
    assert [each.due_on.isoformat() for each in found] == ["2027-04-16", "2027-04-15", "2027-04-15"]


@pytest.mark.parametrize(
    ("facts", "applies"),
    [
        ({}, None),
        ({"client": {"canton": "BE"}}, None),
        ({"client": {"canton": "VD"}}, False),
        ({"client": {"canton": "BE"}, "answers": {"a-b": "x"}}, True),
        ({"client": {"canton": "BE"}, "answers": {"a-b": None}}, False),
    ],
)
def test_a_preview_says_what_is_not_decided_yet(
    facts: dict[str, dict[str, object]], applies: bool | None
) -> None:
    template = read(
        step("a-b"), step("z", """when: 'client.canton == "BE" and answers.a_b == "x"'""")
    )
    found = preview(template, on=date(2027, 1, 20), canton=None, calendar=PUBLIC, facts=facts)
    assert [each.applies for each in found] == [True, applies]


def test_facts_are_typed_with_their_group() -> None:
    assert parse_facts(["run.version=12.4", "answers.a_b=none", "client.x=true", "run.y=a=b"]) == {
        "run": {"version": "12.4", "y": "a=b"},
        "answers": {"a-b": None},
        "client": {"x": True},
    }


@pytest.mark.parametrize("text", ["", "run", "run.version", "version=3", ".x=3", "run.=3"])
def test_what_is_no_fact(text: str) -> None:
    with pytest.raises(InvalidError, match="gives no fact"):
        parse_facts([text])


def remarks(*steps: str, head: str = GERMAN) -> list[str]:
    text = head + "".join(each.replace(", en: ", ", de: Deutsch, en: ") for each in steps)
    return [f"{each.kind}: {each.text}" for each in lint(text, "list.yaml")]


def test_a_good_template_gives_nothing_to_say() -> None:
    assert remarks(step("a", "evidence: text"), step("b", "evidence: value", phase="then")) == []


def test_a_wrong_template_is_told_with_every_fault() -> None:
    found = remarks(step("a", "needs: [x]"), step("b", due="b"))
    assert [each.split(", ")[2].split(":")[0] for each in found] == [
        "steps[0].needs[0]",
        "steps[1].due",
    ]
    assert {each.split(":")[0] for each in found} == {"failed"}


def test_what_could_be_better() -> None:
    many = [step(f"s{i}", "evidence: text") for i in range(10)]
    found = remarks(
        *many,
        step("a", due="+1bd"),
        step("b", "needs: [a]", "when: 1 < 2"),
        step("c", 'when: answers.a == "x"', due="+1bd"),
    )
    assert [each.removeprefix("warning: list.yaml, line ") for each in found] == [
        "6: the phase first has 13 steps: nobody keeps more than 9 in sight",
        "7: the phase then has no step",
        "69: 3 of 13 steps are ticked without a word, evidence would tell more: a, b, c",
        "80: this is always true: leave it out",
        "86: a is asked for its answer, and demands none: give it an evidence",
        "78: b is due before a, for which it waits",
    ]


def test_missing_languages_are_told_once_a_file() -> None:
    text = HEAD + step("a", "evidence: text") + step("b", "evidence: text", phase="then").replace(
        "b en français", "the same words"
    ).replace("en: b", "en: the same words")  # fmt: skip
    assert [each.text for each in lint(text, "list.yaml")] == [
        "list.yaml, line 3: 5 of 5 texts have no German; English is shown in its place",
        "list.yaml, line 16: 1 of 5 texts have the same words in French and in English",
    ]


def test_an_owner_that_nobody_can_be() -> None:
    text = HEAD + step("a", "evidence: text").replace("owner: agent", "owner: manger")
    (told,) = [each.text for each in lint(text, "list.yaml") if "is no role" in each.text]
    assert told.endswith("on their list, did you mean manager?")


def test_a_fact_that_no_client_has() -> None:
    text = HEAD + step("a", "evidence: text\n    when: client.nose == 1 and client.canton == 2")
    found = [each.text for each in lint(text, "list.yaml", client_facts={"canton", "modules"})]
    (told,) = [each for each in found if "nothing is known" in each]
    assert "nothing is known as client.nose" in told
