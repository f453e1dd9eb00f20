"""Paths composed of layers: what comes out, and what is refused with the layer's name."""

import re
from importlib.resources import files
from itertools import combinations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.access.levels import SHIPPED, read_levels
from onboarding.boards.milestones import MILESTONES
from onboarding.errors import LayerInvalidError
from onboarding.layers import Kind, Layer, compose, read_layer
from onboarding.names import MODULES, POLES, SITES
from onboarding.paths import composed, layers_of, load_layer, load_path, parts_of
from opskit.checklists.page import TEXT_WIDTH
from opskit.checklists.template_tools.yaml_out import yaml_text
from opskit.checklists.templates import Approval, load_template
from opskit.core.business_days import parse_offset
from opskit.core.errors import NotFoundError
from opskit.core.identity import ROLES

BASE = """\
layer: common
kind: common
version: 1
title: {fr: Tronc commun, en: Common}
phases:
  - {key: before, title: {fr: Avant, en: Before}}
  - {key: after, title: {fr: Après, en: After}}
steps:
  - {key: desk, text: {fr: Poste, en: Desk}, phase: before, owner: admin, due: -5bd}
  - {key: review, text: {fr: Bilan, en: Review}, phase: after, owner: manager, due: +10bd}
"""
POLE = """\
layer: payroll
kind: pole
version: 1
title: {fr: Paie, en: Payroll}
unlocks: {review: [run]}
steps:
  - {key: run, text: {fr: Paie, en: Run}, phase: after, owner: mentor, due: +8bd, needs: [desk]}
"""


def layers(*texts: str) -> list[Layer]:
    return [read_layer(text, "a.yaml") for text in (BASE, *texts)]


def combined() -> list[tuple[str, str | None, tuple[str, ...]]]:
    return [
        (pole, site, modules)
        for pole in POLES
        for site in (None, *SITES)
        for count in range(len(MODULES))
        for modules in combinations(MODULES, count)
        if all(pole in (load_layer(Kind.MODULE, each).poles or POLES) for each in modules)
    ]


@pytest.mark.parametrize("parts", combined(), ids=lambda parts: str(parts[:2]))
def test_every_combination_is_a_path_and_is_known_by_its_id(
    parts: tuple[str, str | None, tuple[str, ...]],
) -> None:
    pole, site, modules = parts
    path = composed(pole, site, modules)
    assert path.id == "-".join(filter(None, ["path", pole, site, *modules]))
    wish = parts_of(path.id)
    assert wish is not None
    assert (wish.pole, wish.site, wish.modules) == parts
    assert load_template(yaml_text(path), "path.yaml").digest == path.digest


def test_a_path_has_the_phases_owners_and_languages_of_six_months() -> None:
    path = composed("back-office", "sonceboz", ("on-call",))
    assert [phase.key for phase in path.phases] == [
        "before", "week-1", "weeks-2-4", "month-2", "month-3", "months-4-6",
    ]  # fmt: skip
    owners = {step.owner for step in path.steps}
    assert owners == {"consultant", "mentor", "manager", "admin"}
    assert owners <= {*ROLES, "mentor"}
    assert all(words.de for words in (path.title, *(step.text for step in path.steps)))
    assert path.title.en == "Back-office path, Sonceboz, on-call service"
    assert [step.key for step in path.steps if step.key.startswith("review-")] == [
        "review-day-30", "review-day-60", "review-day-90", "review-month-6",
    ]  # fmt: skip


@pytest.mark.parametrize("pole", POLES)
def test_the_paths_of_before_ask_nothing_that_is_lost(pole: str) -> None:
    """The composed path has every step of the single template, under the same key."""
    from onboarding.paths import load_path

    of_layers = {step.key: step for step in composed(pole, "lausanne", ("on-call",)).steps}
    for step in load_path(pole).steps:
        assert of_layers[step.key].due == step.due
        assert of_layers[step.key].owner == step.owner


def test_within_a_phase_steps_stand_by_their_dates() -> None:
    path = compose(layers(POLE))
    assert [step.key for step in path.steps] == ["desk", "run", "review"]
    assert path.needs["review"] == ("run",)
    assert (path.id, path.version, path.anchor) == ("path-payroll", 1, "start-date")


@given(st.lists(st.integers(1, 50), min_size=4, max_size=4), st.integers(0, 3), st.integers(1, 9))
def test_a_version_rises_with_that_of_any_layer(versions: list[int], which: int, more: int) -> None:
    parts = layers_of("logistics", "sonceboz", ["remote"])

    def made(numbers: list[int]) -> int:
        zipped = zip(parts, numbers, strict=True)
        return compose([msgspec.structs.replace(each, version=n) for each, n in zipped]).version

    higher = [number + (at == which) * more for at, number in enumerate(versions)]
    assert made(higher) == made(versions) + more


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("key: run", "key: desk"), "layer payroll: the step desk is in the layer common already"),
        (("phase: after, o", "phase: afer, o"), "layer payroll, run: afer is unknown, did you"),
        (("needs: [desk]", "needs: [dsek]"), "layer payroll, run: dsek is unknown, did you mean"),
        (("due: +8bd", "due: nothing +8bd"), "layer payroll, run: nothing is unknown, no layer of"),
        (("due: +8bd", "due: 8 days"), "layer payroll, run: "),
        (("{review: [run]}", "{revue: [run]}"), "layer payroll, unlocks: revue is unknown, did"),
        (("{review: [run]}", "{review: [rum]}"), "layer payroll, unlocks: rum is unknown, did"),
        (("{review: [run]}", "{desk: [run]}"), "steps wait for each other"),
        (("unlocks:", "poles: [stock]\nunlocks:"), "it goes with stock, not with payroll"),
        (("steps:", "phases: [{key: after, title: {fr: A, en: A}}]\nsteps:"), "the phase after is"),
        (("layer: payroll", f"layer: {'p' * 58}"), "is too long a name"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_the_layers_name(
    change: tuple[str, str], message: str
) -> None:
    assert change[0] in POLE
    with pytest.raises(LayerInvalidError) as caught:
        compose(layers(POLE.replace(*change)))
    assert message in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("version: 1", "version: none"), "layer a.yaml, version: a whole number is needed"),
        (("version: 1", "version: 1\ncolour: red"), "layer a.yaml, colour: "),
        (("kind: pole", "kind: poles"), "layer a.yaml, kind: "),
        (("layer: payroll\n", ""), "layer a.yaml: the key layer is missing"),
        (("version: 1", "version: 1\nversion: 2"), "the key version is given twice"),
    ],
)
def test_a_file_that_is_no_layer(change: tuple[str, str], message: str) -> None:
    with pytest.raises(LayerInvalidError) as caught:
        read_layer(POLE.replace(*change), "a.yaml")
    assert message in caught.value.message


def test_modules_stand_in_one_order_however_typed() -> None:
    one = [each.layer for each in layers_of("back-office", None, ["remote", "on-call", "remote"])]
    assert one == ["common", "back-office", "on-call", "remote"]


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (("front-office", None), "there is no pole 'front-office'", "did you mean back-office?"),
        (("logistics", "lausane"), "there is no site 'lausane'", "did you mean lausanne?"),
        (("logistics", None, ["oncall"]), "there is no module 'oncall'", "did you mean on-call?"),
        (("logistics", "x9"), "there is no site 'x9'", "sonceboz lausanne"),
    ],
)
def test_an_unknown_layer_names_the_nearest(
    words: tuple[str, str], message: str, hint: str
) -> None:
    with pytest.raises(NotFoundError) as caught:
        layers_of(*words)
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize("name", ["back-office", "path-", "path-sonceboz", "path-logistics-mars"])
def test_what_is_no_composed_path(name: str) -> None:
    assert parts_of(name) is None


@pytest.mark.parametrize("parts", combined(), ids=lambda parts: str(parts[:2]))
def test_every_path_is_in_order(parts: tuple[str, str | None, tuple[str, ...]]) -> None:
    """Nothing is due before what it needs, and nothing stands before it."""
    path = composed(*parts)
    keys, phases = [step.key for step in path.steps], [phase.key for phase in path.phases]
    due = {step.key: parse_offset(step.due) for step in path.steps}
    places = [phases.index(step.phase) for step in path.steps]
    assert places == sorted(places)
    for step in path.steps:
        assert all(due[need] <= due[step.key] for need in step.needs), step.key
        assert all(keys.index(need) < keys.index(step.key) for need in step.needs), step.key


@pytest.mark.parametrize("pole", POLES)
def test_a_milestone_is_on_somebody_elses_word(pole: str) -> None:
    """Access grows with these, and cohorts are measured by them."""
    levels = read_levels(files("onboarding.access").joinpath(SHIPPED).read_text(), SHIPPED)
    keys = levels.keys | {key for each in MILESTONES.values() for key in each.steps}
    for path in (composed(pole, "sonceboz"), load_path(pole)):
        found = {step.key: step.approval for step in path.steps if step.key in keys}
        assert found == dict.fromkeys(keys, Approval.OTHER_PERSON)


def test_texts_fit_the_page_and_differ_by_language() -> None:
    named = {Kind.COMMON: ("common",), Kind.POLE: POLES, Kind.SITE: SITES, Kind.MODULE: MODULES}
    layers = [load_layer(kind, name) for kind, names in named.items() for name in names]
    steps = [step for layer in layers for step in layer.steps]
    assert len(steps) > 45
    for step in steps:
        texts = [step.text.fr, step.text.en, step.text.de or ""]
        assert len(set(texts)) == len(texts), step.key
        for text in texts:
            assert 0 < len(text) <= TEXT_WIDTH, text
            assert text[0].isupper(), text
            assert not re.search(r"\s{2}|[.;:]$", text), text
