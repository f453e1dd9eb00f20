"""Task lists in Markdown: real ones of other projects, and the odd things that may stand there."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.checklists.errors import TemplateInvalidError
from opskit.checklists.template_tools.markdown import read_markdown, slug
from opskit.checklists.template_tools.yaml_out import yaml_text
from opskit.checklists.templates import Template, load_template

SAMPLES = Path(__file__).parent / "markdown"


def read(text: str, **options: str) -> Template:
    return read_markdown(text, "list.md", template_id="list", **options)


def sample(name: str) -> Template:
    path = SAMPLES / f"{name}.md"
    return read_markdown(path.read_text(encoding="utf-8"), path.name, template_id=name)


def keys(template: Template) -> list[str]:
    return [step.key for step in template.steps]


@pytest.mark.parametrize(
    ("name", "title", "modes", "steps"),
    [
        ("humanize", "Release checklist", ["do-confirm"], [6]),
        ("jupyterhub", "How to make a release", ["read-do"], [5]),
        ("pillow", "Release checklist", ["do-confirm"] * 6, [1, 12, 9, 1, 1, 1]),
        ("xarray", "How to issue an xarray release in 16 easy steps", ["read-do"], [14]),
    ],
)
def test_a_real_checklist_is_read(
    name: str, title: str, modes: list[str], steps: list[int]
) -> None:
    template = sample(name)
    assert template.title.en == title
    assert [phase.mode for phase in template.phases] == modes
    counted = [sum(s.phase == phase.key for s in template.steps) for phase in template.phases]
    assert counted == steps
    assert load_template(yaml_text(template), name).digest == template.digest


def test_a_link_keeps_its_address_and_a_picture_goes() -> None:
    assert sample("humanize").steps[0].text.en == (
        "Get `main` to the appropriate code release state. GitHub Actions "
        "(https://github.com/python-humanize/humanize/actions) should be running cleanly for all "
        "merges to `main`."
    )
    assert sample("jupyterhub").steps[0].text.en == (
        "Create a PR updating `docs/source/changelog.md` with github-activity "
        "(https://github.com/executablebooks/github-activity) and continue only when its merged."
    )


def test_what_stands_in_code_is_no_step() -> None:
    told = " ".join(step.text.en for step in sample("xarray").steps)
    assert "git switch" not in told
    assert "New Features" not in told
    assert sample("humanize").steps[-1].text.en == "Check installation"


def test_the_same_words_twice_get_two_keys() -> None:
    found = [key for key in keys(sample("pillow")) if key.startswith("check-the-github-actions")]
    assert found == [
        "check-the-github-actions-wheels-workflow",
        "check-the-github-actions-wheels-workflow-2",
    ]


def test_headings_are_phases_and_numbers_an_order() -> None:
    template = read("# R\n## Before\n1. [ ] One\n2. [x] Two\n\n## After\n* [X] Three\n")
    assert [(phase.key, phase.title.en, phase.mode) for phase in template.phases] == [
        ("before", "Before", "read-do"),
        ("after", "After", "do-confirm"),
    ]
    assert template.needs == {"one": (), "two": ("one",), "three": ()}
    assert {(step.owner, step.due) for step in template.steps} == {("agent", "0bd")}


def test_an_item_needs_its_parts() -> None:
    template = read(
        "1. [ ] Docs\n   - [ ] Readme\n     - [ ] Spelling\n   - [ ] Changes\n"
        "2. [ ] Rest\n - [ ] One blank is no part\n"
    )
    needs = {step.key: step.needs for step in template.steps}
    assert needs == {
        "docs": ("readme", "changes"),
        "readme": ("spelling",),
        "spelling": (),
        "changes": (),
        "rest": (),
        "one-blank-is-no-part": (),
    }
    assert template.phases[0].mode == "do-confirm"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [ ] a\n  over two lines\n\n  but no more", "a over two lines"),
        ("- [ ] **Bold** and *stressed* and `co*de*d`", "Bold and stressed and `co*de*d`"),
        ("- [ ] see <https://x.ch/y> <br> now", "see https://x.ch/y now"),
        ("- [ ] [x.ch](x.ch) and [y](https://y.ch 'why')", "x.ch and y (https://y.ch)"),
        ("- [ ] a [b][c] [d]\n\n[c]: https://c.ch", "a b (https://c.ch) [d]"),
        ("- [ ] one <!-- not\nthis --> two", "one two"),
        ("- [ ] a \\* b \\[c\\]", "a * b [c]"),
        ("- [ ] do it:\n  ```\n  - [ ] not this\n  ```", "do it"),
        ("+ [ ] plus\n| a | b |", "plus"),
        ("- [ ] close\n/label ~done", "close"),
        ("- [ ]\n- [ ] second", "second"),
        ("- plain\n- [ ] boxed\n1. numbered", "boxed"),
        ("- plain\n1) numbered", "numbered"),
        ("- [ ] " + "long " * 100, ("long " * 79).strip() + " …"),
        ("-\t[ ]\ttab", "tab"),
    ],
)
def test_what_an_item_says(text: str, expected: str) -> None:
    (step,) = read(text).steps
    assert step.text.en == step.text.fr == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\nname: 'Release'\nabout: x\n---\n- [ ] a", "Release"),
        ("Release\n=======\n- [ ] a", "Release"),
        ("- [ ] a", "list.md"),
        ("## Part\n- [ ] a\n# Whole\n- [ ] b", "Whole"),
        ("~~~\n# not\n~~~\n# Yes\n- [ ] a", "Yes"),
        ("<!-- # not -->\n# Yes #\n- [ ] a", "Yes"),
    ],
)
def test_the_title(text: str, title: str) -> None:
    assert read(text).title.en == title


def test_steps_without_a_heading_stand_under_the_title() -> None:
    template = read("- [ ] a\n\nPart\n----\n- [ ] b")
    assert [(phase.key, phase.title.en) for phase in template.phases] == [
        ("list-md", "list.md"),
        ("part", "Part"),
    ]


def test_both_languages_in_an_item() -> None:
    template = read("# Sauvegarde / Backup\n- [ ] Faite / Done\n- [ ] OK", lang="fr/en")
    assert (template.title.fr, template.title.en) == ("Sauvegarde", "Backup")
    assert [(step.text.fr, step.text.en) for step in template.steps] == [
        ("Faite", "Done"),
        ("OK", "OK"),
    ]


@pytest.mark.parametrize("text", ["", "# Only a title", "- plain", "```\n- [ ] a\n```", "---\n---"])
def test_a_page_without_a_task_list(text: str) -> None:
    with pytest.raises(TemplateInvalidError, match=r"list\.md: there is no task list") as caught:
        read(text)
    assert caught.value.hint == "a step looks like - [ ] Do this or 1. Do this"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Update the `CHANGELOG.md`", "update-the-changelog-md"),
        ("Vérifier l'accès à Sonceboz", "verifier-l-acces-a-sonceboz"),
        ("See GitHub (https://github.com/a/b)", "see-github"),
        ("日本語", "step"),
        ("word " * 20, "word-word-word-word-word-word-word-word"),
        ("a" * 90, "a" * 40),
    ],
)
def test_a_key_is_made_of_the_words(text: str, key: str) -> None:
    assert slug(text, otherwise="step") == key


LINES = st.lists(
    st.sampled_from(
        ["- [ ] a", "  - [x] b / c", "1. d", "# H", "## I", "```", "<!--", "-->", "", "-"]
    )
    | st.text(max_size=20)
)


@given(LINES.map("\n".join))
def test_whatever_is_read_is_a_sound_template(text: str) -> None:
    try:
        template = read(text)
    except TemplateInvalidError as err:
        template = None
        assert "there is no task list" in err.message  # noqa: PT017
    if template is not None:
        assert load_template(yaml_text(template), "x").digest == template.digest
