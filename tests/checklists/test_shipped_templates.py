"""The templates that come with opskit: sound, complete, and as good in French as in English."""

import re
from pathlib import Path

import pytest

from opskit.checklists.page import TEXT_WIDTH
from opskit.checklists.templates import Approval, Template, load_template
from opskit.core.business_days import parse_offset

ROOT = Path(__file__).parents[2]
PATCH = ROOT / "opskit/patches/templates/patch-preparation.yaml"
PATHS = [ROOT / f"onboarding/templates/{name}.yaml" for name in ("back-office", "logistics")]
OWNERS = {
    "patch-preparation": {"sales", "agent", "safe-keeper", "manager"},
    "back-office": {"consultant", "mentor", "manager", "admin"},
    "logistics": {"consultant", "mentor", "manager", "admin"},
}


@pytest.fixture(params=[PATCH, *PATHS], ids=lambda path: path.stem)
def template(request: pytest.FixtureRequest) -> Template:
    return read(request.param)


def read(path: Path) -> Template:
    return load_template(path.read_text(encoding="utf-8"), path.name)


def rests_on(template: Template, key: str) -> set[str]:
    """Everything that has to hold before the step."""
    needs = {step.key: step.needs for step in template.steps}
    found: set[str] = set()
    waiting = [*needs[key]]
    while waiting:
        need = waiting.pop()
        if need not in found:
            found.add(need)
            waiting += needs[need]
    return found


def test_sizes() -> None:
    assert len(read(PATCH).steps) == 19
    assert [len(read(path).steps) for path in PATHS] == [33, 33]


@pytest.mark.parametrize("path", [PATCH, *PATHS], ids=lambda path: path.stem)
def test_the_file_is_named_after_the_template(path: Path) -> None:
    assert read(path).id == path.stem


def test_no_step_is_due_before_what_it_needs(template: Template) -> None:
    due = {step.key: parse_offset(step.due) for step in template.steps}
    assert [
        (step.key, need)
        for step in template.steps
        for need in step.needs
        if due[need] > due[step.key]
    ] == []


def test_steps_stand_in_the_order_of_phases_and_needs(template: Template) -> None:
    keys = [step.key for step in template.steps]
    phases = [phase.key for phase in template.phases]
    assert keys == sorted(keys, key=lambda key: phases.index(template.steps[keys.index(key)].phase))
    assert {step.phase for step in template.steps} == set(phases)
    for step in template.steps:
        assert all(keys.index(need) < keys.index(step.key) for need in step.needs)


def test_owners_are_known(template: Template) -> None:
    assert {step.owner for step in template.steps} == OWNERS[template.id]


def test_texts_fit_the_page_and_differ_by_language(template: Template) -> None:
    for step in template.steps:
        for text in (step.text.fr, step.text.en):
            assert len(text) <= TEXT_WIDTH, text
            assert text[0].isupper(), text
            assert not re.search(r"\s{2}|[.;:]$", text), text
        assert step.text.fr != step.text.en
    texts = [step.text.fr for step in template.steps]
    assert len(set(texts)) == len(texts)


def test_the_patch_template_checks_itself() -> None:
    checks = {step.key: step.checks for step in read(PATCH).steps if step.checks}
    assert checks == {
        "contract-active": ("contract.active",),
        "license-version": ("license.covers-version",),
        "license-modules": ("license.modules",),
        "date-proposed": ("date.not-frozen",),
        "credentials": ("safe.entry-exists",),
        "checks-rerun": ("contract.active", "license.covers-version", "safe.entry-exists"),
    }


def test_go_rests_on_every_step_before_it_and_on_another_person() -> None:
    template = read(PATCH)
    keys = [step.key for step in template.steps]
    go = template.steps[keys.index("go-no-go")]
    assert rests_on(template, "go-no-go") == set(keys[: keys.index("go-no-go")])
    assert go.by_other_person
    assert keys[-1] == "closing"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_path_has_its_reviews_signed_by_another_person(path: Path) -> None:
    template = read(path)
    reviews = [step for step in template.steps if step.key.startswith("review-")]
    assert [review.key.removeprefix("review-") for review in reviews] == [
        "day-30",
        "day-60",
        "day-90",
        "month-6",
    ]
    assert {review.approval for review in reviews} == {Approval.OTHER_PERSON}
    assert template.steps[-1].key == "review-month-6"


def test_the_paths_share_all_but_the_trade_of_the_pole() -> None:
    office, logistics = ({(step.key, step.text.fr) for step in read(path).steps} for path in PATHS)
    assert len(office - logistics) == len(logistics - office) == 5
