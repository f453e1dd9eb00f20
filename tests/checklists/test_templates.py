"""What a template file may say, and how a wrong one is refused."""

import pytest

from opskit.checklists.errors import TemplateInvalidError
from opskit.checklists.template_rules import find_cycle
from opskit.checklists.templates import load_template
from tests.checklists.samples import SMALL, small_template


def test_a_template_is_read() -> None:
    template = small_template()
    assert (template.id, template.version, template.title.fr) == ("small", 1, "Petite liste")
    license_step, note, _backup, rerun, go = template.steps
    assert license_step.checks == ("license.valid",)
    assert rerun.checks == ("license.valid", "safe.ready")
    assert (note.mandatory, note.checks, note.evidence) == (False, (), "none")
    assert go.approval == "other-person"


def test_the_digest_is_of_the_content_not_of_the_layout() -> None:
    commented = SMALL.replace("steps:", "# what to do\n\nsteps:")
    spelled_out = SMALL.replace("check: license.valid\n", "check: license.valid\n    needs: []\n")
    assert load_template(commented, "x").digest == small_template().digest
    assert load_template(spelled_out, "x").digest == small_template().digest
    assert load_template(SMALL.replace("Backup", "Copy"), "x").digest != small_template().digest


def test_the_digest_is_frozen() -> None:
    """Runs refer to it: a change here would make every published template look edited."""
    plain = SMALL.replace("    recheck: before-go\n", "")
    expected = "6517bcf45d4633e0de336da357df0424122d56e3d36948f2dbad87c17e98bcbd"
    assert load_template(plain, "small.yaml").digest == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("owner: sales", "owner: sales\n    colour: red", "steps[0].colour: there is no key"),
        ("version: 1", "version: one", "version: a whole number is needed here, not a text"),
        ("version: 1", "version: 0", "version: the number must be at least 1"),
        ("{fr: Petite liste, en: Small list}", "{fr: Petite liste}", "title: the key en is"),
        ("en: Backup confirmed", 'en: ""', "steps[2].text.en: the text is empty"),
        ("en: Backup confirmed", "en: no", "steps[2].text.en: a text is needed here, not tr"),
        ("due: 0bd", "due: 3", "steps[4].due: a text is needed here, not a whole"),
        ("due: 0bd", "due: 3bd", "steps[4].due: '3bd' is no number of business days, write -10bd"),
        ("key: note", "key: license # again", "steps[1].key: the step license is there twice"),
        ("key: after", 'key: "before"', "phases[1].key: the phase before is there twice"),
        ("phase: after", "phase: afer", "steps[4].phase: afer is unknown, did you mean after?"),
        ("[license, note]", "[licence, note]", "steps[2].needs[0]: licence is unknown, did you"),
        ("approval: other-person", "approval: anybody", "steps[4].approval: anybody is none of"),
        ("mandatory: false", "gate: stop", "steps[1].gate: stop is none of: none, go, close"),
        ("mandatory: false", "recheck: never", "steps[1].recheck: never is none of: none, b"),
        ("mandatory: false", "when: true", "steps[1].when: a text is needed here, not true or"),
        ("key: go", "key: Go", "steps[4].key: a key is made of lower-case words"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_told_with_file_line_and_path(old: str, new: str, expected: str) -> None:
    assert SMALL.count(old) >= 1
    text = SMALL.replace(old, new, 1)
    line = text[: text.index(new) + len(new)].count("\n") + 1
    with pytest.raises(TemplateInvalidError) as caught:
        load_template(text, "small.yaml")
    assert caught.value.message.startswith(f"small.yaml, line {line}, {expected}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id: small\nid: other", "line 2: the key id is given twice"),
        ("id: [\nversion: 1", "line 2: a comma or a closing bracket is missing"),
        ("id: !!python/object/apply:os.system [x]", "line 1, id: a text is needed here, not a"),
        ("id: !!python/name:os.system x", "line 1: tags that begin with ! are not allowed"),
        ("id: 2027-02-31", "line 1: day is out of range"),
        ("? [a, b]\n: c", "line 1: a key must be a word"),
        ('id: "PAY" in x', "line 1: something follows the closing quote: put the whole text in"),
        ("id: a: b", "line 1: a colon too many: put the text in quotes"),
        ("id: 1\n  b: 2", "line 2: a colon too many"),
        ("a:\n    b: 1\n  c: 2", "line 3: the indentation does not fit the lines before it"),
        ("id: 1\nb\nc: 1", "line 3: a colon is missing after the key"),
        ("id:\n\tb: 1", "line 2: a tab stands here: indent with blanks"),
        ("id: @x", "line 1: put the text in quotes: its first sign has a meaning in YAML"),
        ("id: 'x", "line 1: a quote is not closed"),
        ("id: {a: 1", "line 1: a comma or a closing brace is missing"),
        ("id: *x", "line 1: aliases are not allowed"),
        ("id: !!bool perhaps", "line 1: 'perhaps' is no bool"),
        ("id: !!int ''", "line 1: '' is no int"),
        ("id: !!timestamp soon", "line 1: 'soon' is no timestamp"),
    ],
)
def test_yaml_that_is_broken_or_a_trap(text: str, expected: str) -> None:
    with pytest.raises(TemplateInvalidError) as caught:
        load_template(text, "small.yaml")
    assert caught.value.message.startswith(f"small.yaml, {expected}")


@pytest.mark.parametrize("text", ["", "just words", "[]", "1", "a: *b", "\t", "\x00", "[" * 5000])
def test_what_is_no_template_at_all(text: str) -> None:
    with pytest.raises(TemplateInvalidError, match=r"^empty\.yaml"):
        load_template(text, "empty.yaml")


def test_aliases_cannot_unfold_a_small_file_into_a_huge_one() -> None:
    text = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    with pytest.raises(TemplateInvalidError, match=r"line 1.*aliases are not allowed"):
        load_template(text, "bomb.yaml")


def test_steps_that_wait_for_each_other_are_named() -> None:
    text = SMALL.replace("check: license.valid\n", "needs: [rerun]\n", 1)
    with pytest.raises(TemplateInvalidError) as caught:
        load_template(text, "small.yaml")
    told = "license needs rerun, rerun needs backup, backup needs license"
    assert f"steps[0].needs: steps wait for each other: {told}" in str(caught.value)


def test_a_cycle_is_found_behind_the_steps_that_only_lead_to_it() -> None:
    assert find_cycle({"a": ["b"], "b": ["c"], "c": ["b"]}) == ["b", "c", "b"]
    assert find_cycle({"a": ["a"]}) == ["a", "a"]
    assert find_cycle({"a": [], "b": ["a"]}) == []
