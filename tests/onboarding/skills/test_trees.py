"""Trees of skills: read strictly, published once, chosen by version."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from onboarding.skills import trees
from onboarding.skills.errors import TreeChangedError, TreeInvalidError, TreeTamperedError
from onboarding.skills.models import PublishedTree
from onboarding.skills.tree import SkillTree
from onboarding.skills.tree_file import SHIPPED, load_tree, read_tree, shipped_tree, tree_text
from opskit.core.errors import DeniedError, NotFoundError
from opskit.core.identity import Identity

BACK_OFFICE = shipped_tree("back-office")


def text_of(tree: SkillTree = BACK_OFFICE, **changes: Any) -> str:
    return yaml.safe_dump({**yaml.safe_load(tree_text(tree)), **changes}, allow_unicode=True)


def changed(version: int, **changes: Any) -> SkillTree:
    return load_tree(text_of(version=version, **changes), "my-tree.yaml")


@pytest.mark.parametrize("pole", SHIPPED)
def test_the_shipped_trees_speak_three_languages(pole: str) -> None:
    tree = shipped_tree(pole)
    words = [
        tree.title,
        *(each for level in tree.levels for each in (level.title, level.meaning)),
        *(group.title for group in tree.groups),
        *(skill.text for skill in tree.skills.values()),
        *(each.title for each in tree.competences),
    ]
    assert [each.en for each in words if not each.de] == []
    assert len(tree.skills) == 24


def test_what_both_poles_learn_is_the_same_skill() -> None:
    one, other = (shipped_tree(pole).skills for pole in SHIPPED)
    common = one.keys() & other.keys()
    assert len(common) == 12
    assert [key for key in common if one[key] != other[key]] == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("version: 1", "version: one", "line 4, version: a whole number is needed here"),
        ("competences:", "competencies:", "there is no key competencies here, did you mean comp"),
        ("        text:", "        title:", "skills[0].title: there is no key title here"),
        ("key: vat", "key: ledger-entries", "the key ledger-entries is given twice"),
        ("key: payroll\n", "key: Payroll\n", "a key is made of lower-case words"),
        ("  - key: service", "  - key: service\n    key: again", "the key key is given twice"),
        ("id: back-office", "", "the key id is missing"),
        ("fr: aucune, en: none", "fr: aucune, en: none, nl: geen", "there is no key nl here"),
    ],
)
def test_a_file_is_read_strictly(before: str, after: str, said: str) -> None:
    text = tree_text(BACK_OFFICE)
    assert before in text
    with pytest.raises(TreeInvalidError, match=r"my-tree\.yaml") as caught:
        load_tree(text.replace(before, after), "my-tree.yaml")
    assert said in caught.value.message
    assert "docs/onboarding/skills.md" in caught.value.hint


def test_the_scale_has_five_levels() -> None:
    levels = yaml.safe_load(tree_text(BACK_OFFICE))["levels"]
    with pytest.raises(TreeInvalidError, match="five levels, from 0 to 4; here are 4"):
        load_tree(text_of(levels=levels[:4]), "my-tree.yaml")


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="cannot read"):
        read_tree(tmp_path / "missing.yaml")
    (tmp_path / "latin.yaml").write_bytes("id: é".encode("latin-1"))
    with pytest.raises(TreeInvalidError, match=r"latin\.yaml: not UTF-8 text"):
        read_tree(tmp_path / "latin.yaml")


def test_the_layout_does_not_count() -> None:
    assert load_tree(text_of(), "x").digest == BACK_OFFICE.digest


@given(st.permutations(range(len(BACK_OFFICE.groups))), st.integers(2, 10**6))
def test_a_tree_comes_back_from_its_text(order: list[int], version: int) -> None:
    groups = yaml.safe_load(tree_text(BACK_OFFICE))["groups"]
    tree = changed(version, groups=[groups[place] for place in order])
    assert load_tree(tree_text(tree), "again") == tree
    assert Counter(tree.skills) == Counter(BACK_OFFICE.skills)


def test_without_a_tree_of_ones_own_the_shipped_one_counts(session: Session) -> None:
    assert trees.tree_of(session, "back-office") == BACK_OFFICE
    with pytest.raises(NotFoundError, match="no tree of skills 'back-ofice'") as caught:
        trees.tree_of(session, "back-ofice")
    assert caught.value.hint == "did you mean back-office?"


def test_a_published_tree_counts_from_then_on(
    session: Session, alice: Identity, now: datetime
) -> None:
    mine = changed(2)
    _row, is_new = trees.release(session, mine, at=now, actor=alice)
    assert is_new
    assert trees.tree_of(session, "back-office") == mine
    assert trees.release(session, mine, at=now, actor=alice)[1] is False
    known = [
        (each.tree.name, each.is_current, each.published_at) for each in trees.known_trees(session)
    ]
    assert known == [
        ("back-office/2", True, now),
        ("back-office/1", False, None),
        ("logistics/1", True, None),
    ]


def test_a_tree_for_another_pole(session: Session, alice: Identity, now: datetime) -> None:
    own = changed(1, id="hotline")
    trees.release(session, own, at=now, actor=alice)
    assert trees.tree_of(session, "hotline") == own
    assert trees.poles_with_trees(session) == ["back-office", "logistics", "hotline"]


@pytest.mark.parametrize("version", [1, 2])
def test_a_version_never_changes(
    session: Session, alice: Identity, now: datetime, version: int
) -> None:
    trees.release(session, changed(2), at=now, actor=alice)
    title = {"fr": "Autre", "en": "Other"}
    with pytest.raises(TreeChangedError, match=f"back-office/{version} is published") as caught:
        trees.release(session, changed(version, title=title), at=now, actor=alice)
    assert caught.value.hint == f"give the changed file version {version + 1}"


def test_only_managers_publish(session: Session, bob: Identity, now: datetime) -> None:
    with pytest.raises(DeniedError, match="lacks the role manager or admin"):
        trees.release(session, changed(2), at=now, actor=bob)


def test_a_tree_that_was_altered_in_the_database(
    session: Session, alice: Identity, now: datetime
) -> None:
    trees.release(session, changed(2), at=now, actor=alice)
    session.execute(update(PublishedTree).values(body=changed(3).body))
    session.expire_all()
    with pytest.raises(TreeTamperedError, match="back-office/2 was altered"):
        trees.tree_of(session, "back-office")


@pytest.mark.parametrize("text", ["vat", "VAT return and its methods", "décompte tva et methodes"])
def test_a_skill_by_key_or_name(text: str) -> None:
    assert trees.find_skill(BACK_OFFICE, text).key == "vat"


def test_an_unknown_skill_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="back-office/1 has no skill 'payrol'") as caught:
        trees.find_skill(BACK_OFFICE, "payrol")
    assert "payroll-run (Monthly payroll run)" in caught.value.hint


def test_competences_are_those_of_every_tree(
    session: Session, alice: Identity, now: datetime
) -> None:
    own = [{"key": "stocktake", "title": {"fr": "Inventaire", "en": "Lead a stocktake"}}]
    trees.release(session, changed(2, competences=own), at=now, actor=alice)
    assert set(trees.competences(session)) == {
        "patch-preparation",
        "payroll-patch",
        "on-call",
        "stocktake",
    }
