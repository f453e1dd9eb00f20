"""Skills, ratings and sign-offs as rows for tables and JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from onboarding.skills.matrix import FormerSkill, Matrix
from onboarding.skills.models import RatingKind
from onboarding.skills.rating import Entry
from onboarding.skills.signing_off import Standing
from onboarding.skills.standing import Mean, Pair
from onboarding.skills.tree import Skill, SkillTree
from onboarding.skills.trees import KnownTree
from opskit.checklists.page import in_language
from opskit.core.i18n import _

Row = dict[str, Any]


def matrix_facts(matrix: Matrix) -> Row:
    """JSON keys of one person's skills."""
    person = matrix.learner.person
    return {
        "login": person.login,
        "name": person.name,
        "tree": matrix.tree.name,
        "on": matrix.on,
        "groups": [
            {
                "group": group.key,
                "title": in_language(group.title),
                **_mean(matrix.mean(group)),
                "skills": [skill_row(each, matrix.pair(each)) for each in group.skills],
            }
            for group in matrix.tree.groups
        ],
        "former": [
            {"skill": each.key, "text": former_text(each), **_pair(each.pair)}
            for each in matrix.former
        ],
        "sign_offs": [sign_off_row(each) for each in matrix.sign_offs],
        "curve": [
            {"on": point.on, "groups": {key: _mean(mean) for key, mean in point.groups.items()}}
            for point in matrix.curve
        ],
    }


def matrix_rows(matrix: Matrix) -> Iterator[Row]:
    """A line a skill, for a pipe; the former ones are of no group."""
    for group in matrix.tree.groups:
        for skill in group.skills:
            yield {"group": group.key, **skill_row(skill, matrix.pair(skill))}
    for each in matrix.former:
        yield {"group": "", "skill": each.key, "text": former_text(each), **_pair(each.pair)}


MATRIX_COLUMNS: Mapping[str, str] = {
    name: name for name in ("group", "skill", "text", "self", "mentor", "gap", "trend")
}


def skill_row(skill: Skill, pair: Pair) -> Row:
    return {"skill": skill.key, "text": in_language(skill.text), **_pair(pair)}


def former_text(each: FormerSkill) -> str:
    return each.key if each.skill is None else in_language(each.skill.text)


def entry_row(entry: Entry, names: Mapping[str, str]) -> Row:
    """JSON keys of one rating in the history."""
    row, withdrawal = entry.row, entry.withdrawal
    return {
        "number": row.id,
        "rated_on": row.rated_on,
        "skill": row.skill,
        "kind": row.kind,
        "level": row.level,
        "by": names.get(row.rated_by, ""),
        "evidence": list(row.evidence),
        "note": row.note,
        "state": "active" if withdrawal is None else "withdrawn",
        "withdrawn_on": None if withdrawal is None else withdrawal.rated_on,
        "withdrawn_for": None if withdrawal is None else withdrawal.note,
    }


def kind_in_words(kind: str) -> str:
    """Whose judgement a rating is."""
    return _("self") if kind == RatingKind.SELF else _("mentor")


def entry_columns() -> dict[str, str]:
    return {
        "number": _("Number"),
        "rated_on": _("On"),
        "skill": _("Skill"),
        "kind": _("Judged by"),
        "level": _("Level"),
        "by": _("Who"),
        "state": _("State"),
        "evidence": _("Evidence"),
        "note": _("Note"),
    }


def sign_off_row(standing: Standing) -> Row:
    """JSON keys of one sign-off."""
    row, competence = standing.row, standing.competence
    return {
        "competence": row.competence,
        "title": row.competence if competence is None else in_language(competence.title),
        "holds": standing.holds,
        "signed_on": row.signed_on,
        "until": row.until,
        "withdrawn_on": row.withdrawn_on,
        "evidence": list(row.evidence),
    }


def tree_row(known: KnownTree) -> Row:
    """JSON keys of one version of a tree."""
    return {
        "tree": known.tree.id,
        "version": known.tree.version,
        "title": in_language(known.tree.title),
        "skills": len(known.tree.skills),
        "current": known.is_current,
        "published_at": known.published_at,
        "digest": known.tree.digest,
    }


def tree_facts(tree: SkillTree) -> Row:
    """JSON keys of a whole tree, in the person's language."""
    return {
        "tree": tree.id,
        "version": tree.version,
        "title": in_language(tree.title),
        "levels": [
            {
                "level": number,
                "title": in_language(each.title),
                "meaning": in_language(each.meaning),
            }
            for number, each in enumerate(tree.levels)
        ],
        "groups": [
            {
                "group": group.key,
                "title": in_language(group.title),
                "skills": [
                    {"skill": each.key, "text": in_language(each.text)} for each in group.skills
                ],
            }
            for group in tree.groups
        ],
        "competences": [
            {"competence": each.key, "title": in_language(each.title)} for each in tree.competences
        ],
    }


def _pair(pair: Pair) -> Row:
    return {
        "self": pair.own,
        "self_on": pair.own_on,
        "mentor": pair.mentor,
        "mentor_on": pair.mentor_on,
        "gap": pair.gap,
        "trend": None if pair.trend is None else pair.trend.value,
    }


def _mean(mean: Mean) -> Row:
    return {
        "self": mean.own,
        "mentor": mean.mentor,
        "gap": mean.gap,
        "compared": mean.compared,
    }
