"""A tree of skills: what somebody of a pole learns, in groups, and what the levels mean.

    id: back-office
    version: 1
    title: {fr: Compétences back-office, en: Back-office skills}
    levels:                       # five, from 0 to 4
      - title: {fr: aucune, en: none}
        meaning: {fr: N'y a jamais touché, en: Never did it}
    groups:
      - key: ledger
        title: {fr: Comptabilité générale, en: General ledger}
        skills:
          - key: vat
            text: {fr: Décompte TVA, en: VAT return}
    competences:                  # what people are signed off for
      - key: patch-preparation
        title: {fr: Préparer des patchs, en: Prepare patches}

The scale is the same in every tree, so that ratings of before stay comparable; the words for it may
differ. The digest is taken over the content, not over the layout.
"""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Annotated

import msgspec

from onboarding.skills.errors import TreeTamperedError
from opskit.checklists.templates import Words, digest_of
from opskit.core.i18n import _

LOWEST, HIGHEST = 0, 4

Key = Annotated[str, msgspec.Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Version = Annotated[int, msgspec.Meta(ge=1)]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Strict; a default is left out of the digest, so that a new key changes no old one."""


class Level(_Part, frozen=True):
    """One step of the scale; its number is its place in the list."""

    title: Words
    meaning: Words


class Skill(_Part, frozen=True):
    """One thing that people learn."""

    key: Key
    text: Words


class Group(_Part, frozen=True):
    """Skills that belong together."""

    key: Key
    title: Words
    skills: Annotated[tuple[Skill, ...], msgspec.Meta(min_length=1)]


class Competence(_Part, frozen=True):
    """Something that people do alone once they are signed off for it."""

    key: Key
    title: Words


class SkillTree(_Part, frozen=True, dict=True):
    """A whole tree, in one version."""

    id: Key
    version: Version
    title: Words
    levels: Annotated[tuple[Level, ...], msgspec.Meta(min_length=1)]
    groups: Annotated[tuple[Group, ...], msgspec.Meta(min_length=1)]
    competences: tuple[Competence, ...] = ()

    @property
    def name(self) -> str:
        """What people write: back-office/1."""
        return f"{self.id}/{self.version}"

    @cached_property
    def body(self) -> str:
        """The content in canonical JSON."""
        return msgspec.json.encode(self, order="sorted").decode()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the body, in hexadecimal."""
        return digest_of(self.body)

    @cached_property
    def skills(self) -> dict[str, Skill]:
        """Every skill by its key, in the order of the tree."""
        return {skill.key: skill for group in self.groups for skill in group.skills}


def keys_by_kind(tree: SkillTree) -> Iterator[list[tuple[str, str]]]:
    """Where each key stands, as `$.groups[2].key`, and which it is: groups, skills, competences."""
    groups = list(enumerate(tree.groups))
    yield [(f"$.groups[{i}].key", group.key) for i, group in groups]
    yield [
        (f"$.groups[{i}].skills[{j}].key", skill.key)
        for i, group in groups
        for j, skill in enumerate(group.skills)
    ]
    yield [(f"$.competences[{i}].key", each.key) for i, each in enumerate(tree.competences)]


@lru_cache(maxsize=64)
def published_tree(body: str, digest: str, name: str) -> SkillTree:
    """The tree behind a published body, once that is proved to be the one of the digest.

    Raises:
        TreeTamperedError: it is not.
    """
    if digest_of(body) != digest:
        raise TreeTamperedError(
            _("the tree {name} was altered in the database after it was published").format(
                name=name
            ),
            hint=_("bring back the database from a backup, or publish the tree as a new version"),
        )
    return msgspec.json.decode(body, type=SkillTree)
