"""Which tree of skills counts, and how a team publishes its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.skills.errors import TreeChangedError
from onboarding.skills.models import PublishedTree
from onboarding.skills.tree import Competence, Skill, SkillTree
from onboarding.skills.tree_file import SHIPPED, shipped_tree
from opskit.checklists.page import in_language
from opskit.core import events
from opskit.core.db import ensure_row
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.text import did_you_mean, fold

PUBLISHERS = ("manager", "admin")


@dataclass(frozen=True, slots=True)
class KnownTree:
    """One version of a tree, and whether it is the one that counts now."""

    tree: SkillTree
    published_at: datetime | None  # None: it comes with opskit, and nobody was rated by it yet
    is_current: bool


def tree_of(session: Session, pole: str) -> SkillTree:
    """The tree that counts for a pole: of the published ones and the shipped one the newest.

    Raises:
        NotFoundError: there is no tree of that name; the hint names the nearest.
        TreeTamperedError: the one to take was altered in the database.
    """
    newest = session.scalar(
        select(PublishedTree)
        .where(PublishedTree.id == pole)
        .order_by(PublishedTree.version.desc())
        .limit(1)
    )
    shipped = shipped_tree(pole) if pole in SHIPPED else None
    if newest is not None and (shipped is None or newest.version >= shipped.version):
        return newest.content
    if shipped is not None:
        return shipped
    names = poles_with_trees(session)
    raise NotFoundError(
        _("there is no tree of skills {name}").format(name=repr(pole)),
        hint=did_you_mean(pole, names, otherwise=" ".join(names)),
    )


def tree_for(session: Session, poles: Sequence[str]) -> SkillTree:
    """The tree of the first of these poles that has one."""
    known = poles_with_trees(session)
    return tree_of(session, next((pole for pole in poles if pole in known), SHIPPED[0]))


def poles_with_trees(session: Session) -> list[str]:
    """The shipped ones first."""
    own = session.scalars(select(PublishedTree.id).distinct().order_by(PublishedTree.id))
    return list(dict.fromkeys([*SHIPPED, *own]))


def known_trees(session: Session) -> list[KnownTree]:
    """Every version of every tree, the newest first."""
    published = session.scalars(
        select(PublishedTree).order_by(PublishedTree.id, PublishedTree.version.desc())
    ).all()
    known = {row.digest: row.published_at for row in published}
    trees = {row.digest: row.content for row in published}
    trees |= {tree.digest: tree for tree in map(shipped_tree, SHIPPED)}
    current = {tree_of(session, pole).digest for pole in poles_with_trees(session)}
    ordered = sorted(trees.values(), key=lambda tree: (tree.id, -tree.version))
    return [KnownTree(each, known.get(each.digest), each.digest in current) for each in ordered]


def release(
    session: Session, tree: SkillTree, *, at: datetime, actor: Identity
) -> tuple[PublishedTree, bool]:
    """Publish a tree on a manager's word, and say whether it was not published before.

    Raises:
        DeniedError: the person is neither manager nor admin.
        TreeChangedError: that version is there already, with another content.
    """
    require_role(actor, *PUBLISHERS)
    before = session.get(PublishedTree, tree.digest)
    return keep(session, tree, at=at, actor=actor), before is None


def keep(session: Session, tree: SkillTree, *, at: datetime, actor: Identity) -> PublishedTree:
    """Store the version of a tree, as every rating does with the one it goes by.

    The same version again changes nothing.

    Raises:
        TreeChangedError: that version is there already, with another content.
        TreeTamperedError: it was altered in the database since.
    """
    shipped = shipped_tree(tree.id) if tree.id in SHIPPED else None
    if shipped is not None and shipped.version == tree.version and shipped.digest != tree.digest:
        raise _changed(tree, last=tree.version)
    known = _stored(session, tree)
    if known is None:
        known = _store(session, tree, at=at, actor=actor)
    if known is None or known.digest != tree.digest:
        versions = select(PublishedTree.version).where(PublishedTree.id == tree.id)
        raise _changed(tree, last=max(session.scalars(versions)))
    known.require_intact()
    return known


def find_skill(tree: SkillTree, text: str) -> Skill:
    """The skill with that key, or called so in any language.

    Raises:
        NotFoundError: the tree has none; the hint names the nearest.
    """
    wanted = fold(text.strip())
    for skill in tree.skills.values():
        words = skill.text
        if wanted in (skill.key, *map(fold, filter(None, (words.fr, words.en, words.de)))):
            return skill
    raise NotFoundError(
        _("the tree {tree} has no skill {name}").format(tree=tree.name, name=repr(text)),
        hint=did_you_mean(
            text,
            [f"{skill.key} ({in_language(skill.text)})" for skill in tree.skills.values()],
            otherwise=f"opskit onboarding skills --tree {tree.id}",
        ),
    )


def competences(session: Session) -> dict[str, Competence]:
    """What people can be signed off for: what any tree that counts now names."""
    trees = [tree_of(session, pole) for pole in poles_with_trees(session)]
    own = {each.key: each for tree in trees for each in tree.competences}
    shipped = {each.key: each for tree in map(shipped_tree, SHIPPED) for each in tree.competences}
    return shipped | own  # the gate asks for a shipped one, whatever a team's tree leaves out


def find_competence(session: Session, text: str) -> Competence:
    """The competence with that key.

    Raises:
        NotFoundError: no tree names it; the hint names the nearest.
    """
    known = competences(session)
    found = known.get(text.strip().lower())
    if found is None:
        raise NotFoundError(
            _("there is no competence {name}").format(name=repr(text)),
            hint=did_you_mean(text, known, otherwise=" ".join(known)),
        )
    return found


def former_names(session: Session, digests: Sequence[str]) -> dict[str, Skill]:
    """What skills were called in the trees of these digests: the tree that counts may have lost
    them.
    """
    rows = session.scalars(
        select(PublishedTree)
        .where(PublishedTree.digest.in_(digests))
        .order_by(PublishedTree.version)
    )
    return {key: skill for row in rows for key, skill in row.content.skills.items()}


def _store(
    session: Session, tree: SkillTree, *, at: datetime, actor: Identity
) -> PublishedTree | None:
    """Another transaction may be publishing it at this moment: then it is theirs that counts."""
    new = PublishedTree(
        digest=tree.digest,
        id=tree.id,
        version=tree.version,
        body=tree.body,
        published_at=at,
        published_by=actor.entity_id,
    )
    ensure_row(session, new)
    stored = _stored(session, tree)
    if stored is new:
        events.record(
            session,
            actor=actor,
            at=at,
            action="skill-tree.published",
            subject=tree.name,
            after={"digest": tree.digest},
        )
    return stored


def _stored(session: Session, tree: SkillTree) -> PublishedTree | None:
    return session.scalar(
        select(PublishedTree).where(
            PublishedTree.id == tree.id, PublishedTree.version == tree.version
        )
    )


def _changed(tree: SkillTree, *, last: int) -> TreeChangedError:
    return TreeChangedError(
        _("{tree} is published with another content").format(tree=tree.name),
        hint=_("give the changed file version {next}").format(next=last + 1),
    )
