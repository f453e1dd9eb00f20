"""A tree of skills as a file: read strictly, and what is wrong is told with file, line and key."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec
import yaml

from onboarding.skills.errors import TreeInvalidError
from onboarding.skills.tree import (
    HIGHEST,
    LOWEST,
    Competence,
    Group,
    Level,
    Skill,
    SkillTree,
    keys_by_kind,
)
from opskit.checklists.template_faults import explain
from opskit.checklists.templates import Words
from opskit.checklists.yaml_reader import YamlProblemError, read_yaml
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.system_errors import reason_of
from opskit.core.text import did_you_mean

SHIPPED = ("back-office", "logistics")

_UNKNOWN = re.compile(r"unknown field `([^`]+)`(?: - at `(\$[^`]*)`)?$")
_PARTS: Sequence[tuple[str, type[msgspec.Struct]]] = (
    (r"\$", SkillTree),
    (r"\$\.levels\[\d+\]", Level),
    (r"\$\.groups\[\d+\]", Group),
    (r"\$\.groups\[\d+\]\.skills\[\d+\]", Skill),
    (r"\$\.competences\[\d+\]", Competence),
)


@cache
def shipped_tree(pole: str) -> SkillTree:
    """The tree that comes with opskit for a pole of `SHIPPED`."""
    file = f"{pole}.yaml"
    text = (files("onboarding.skills") / "trees" / file).read_text(encoding="utf-8")
    return load_tree(text, source=file)


def tree_text(tree: SkillTree) -> str:
    """The tree as a file, to begin one of one's own with; a shipped one with its remarks."""
    if tree.id in SHIPPED and shipped_tree(tree.id).digest == tree.digest:
        file = files("onboarding.skills") / "trees" / f"{tree.id}.yaml"
        return file.read_text(encoding="utf-8")
    plain = msgspec.to_builtins(tree)
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100)


def read_tree(file: Path) -> SkillTree:
    """The tree in a file of one's own.

    Raises:
        NotFoundError: the file cannot be read.
        TreeInvalidError: as `load_tree`.
    """
    try:
        content = file.read_bytes()
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=file, reason=reason_of(err)),
            hint=_("give the path of a readable file"),
        ) from err
    try:
        return load_tree(content.decode("utf-8-sig"), source=file.name)
    except UnicodeDecodeError as err:
        raise _invalid(file.name, None, "", _("not UTF-8 text")) from err


def load_tree(text: str, source: str) -> SkillTree:
    """Read a tree; `source` is the file's name, for the messages.

    Raises:
        TreeInvalidError: no YAML, an unknown or missing key, a value of the wrong kind, a key
            given twice, a scale that is not from 0 to 4.
    """
    try:
        document = read_yaml(text)
    except YamlProblemError as err:
        raise _invalid(source, err.line, "", err.reason) from err
    try:
        tree = msgspec.convert(document.content, SkillTree)
    except msgspec.ValidationError as err:
        path, reason = _told(str(err))
        raise _invalid(source, document.lines.get(path), path, reason) from err
    for path, reason in _broken_rules(tree):
        raise _invalid(source, document.lines.get(path), path, reason)
    return tree


def _broken_rules(tree: SkillTree) -> Iterator[tuple[str, str]]:
    """What the types alone cannot refuse."""
    if len(tree.levels) != HIGHEST - LOWEST + 1:
        told = _("the scale has five levels, from 0 to 4; here are {count}")
        yield "$.levels", told.format(count=len(tree.levels))
    for places in keys_by_kind(tree):
        seen: set[str] = set()
        for path, key in places:
            if key in seen:
                yield path, _("the key {key} is given twice").format(key=key)
            seen.add(key)


def _told(message: str) -> tuple[str, str]:
    """Path and reason; which keys there are is known here, the rest as for every template."""
    found = _UNKNOWN.search(message)
    if found is None:
        return explain(message)
    path = (found[2] or "$").removesuffix("[...]")
    names = next(
        (part.__struct_fields__ for sign, part in _PARTS if re.fullmatch(sign, path)),
        Words.__struct_fields__,
    )
    hint = did_you_mean(
        found[1], names, otherwise=_("there are: {names}").format(names=", ".join(names))
    )
    told = _("there is no key {key} here, {hint}").format(key=found[1], hint=hint)
    return f"{path}.{found[1]}", told


def _invalid(source: str, line: int | None, path: str, reason: str) -> TreeInvalidError:
    place = None if line is None else _("line {line}").format(line=line)
    key = path.removeprefix("$").removeprefix(".")
    where = ", ".join(part for part in (source, place, key) if part)
    return TreeInvalidError(
        f"{where}: {reason}",
        hint=_("mend that place; docs/onboarding/skills.md explains every key"),
    )
