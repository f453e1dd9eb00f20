"""Templates: a checklist as a file that people read, review and version.

    id: patch-preparation
    version: 1
    title: {fr: Préparation de patch, en: Patch preparation}
    anchor: patch-date
    phases:
      - {key: open, title: {fr: Ouverture, en: Opening}}
    steps:
      - key: contract
        text: {fr: Contrat de maintenance actif, en: Maintenance contract active}
        phase: open
        owner: sales            # a role, for information
        due: -20bd              # business days from the anchor date
        needs: []               # keys of steps that must hold first
        check: contract.active  # one name or a list: the step answers itself
        same_day: false         # true: a finding counts only on the day it was made
        evidence: none          # none, text, value, file or link
        approval: none          # other-person: not by the person whose run it is
        mandatory: true         # false: may be marked as not applicable, with a reason

The digest is taken over the content, not over the layout: comments and spaces do not count.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated

import msgspec

from opskit.checklists.errors import TemplateInvalidError
from opskit.checklists.states import Needs, in_order
from opskit.checklists.yaml_reader import Document, YamlProblemError, read_yaml
from opskit.core.business_days import parse_offset
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.text import did_you_mean

Key = Annotated[str, msgspec.Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
CheckName = Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]+([.][a-z0-9-]+)*$", max_length=60)]
Sentence = Annotated[str, msgspec.Meta(pattern=r"\S", max_length=400)]
Version = Annotated[int, msgspec.Meta(ge=1)]

_PATH = re.compile(r"`(\$[^`]*)`$")
_UNKNOWN_FIELD = re.compile(r"unknown field `([^`]+)`")


class Evidence(StrEnum):
    """What a person must give when ticking a step."""

    NONE = "none"
    TEXT = "text"
    VALUE = "value"
    FILE = "file"
    LINK = "link"


class Approval(StrEnum):
    """Whose tick counts."""

    NONE = "none"
    OTHER_PERSON = "other-person"


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Strict, and a default is left out of the digest, so that new options change no digest."""


class Words(_Part, frozen=True):
    """The same sentence in every language of the team."""

    fr: Sentence
    en: Sentence


class Phase(_Part, frozen=True):
    """A heading under which steps stand together."""

    key: Key
    title: Words


class StepTemplate(_Part, frozen=True):
    """One thing to do."""

    key: Key
    text: Words
    phase: Key
    owner: Key
    due: str
    needs: tuple[Key, ...] = ()
    check: CheckName | tuple[CheckName, ...] = ()
    same_day: bool = False
    evidence: Evidence = Evidence.NONE
    approval: Approval = Approval.NONE
    mandatory: bool = True

    @property
    def checks(self) -> tuple[str, ...]:
        return (self.check,) if isinstance(self.check, str) else self.check


class Template(_Part, frozen=True):
    """A whole checklist, in one version."""

    id: Key
    version: Version
    title: Words
    anchor: Key
    phases: Annotated[tuple[Phase, ...], msgspec.Meta(min_length=1)]
    steps: Annotated[tuple[StepTemplate, ...], msgspec.Meta(min_length=1)]

    @property
    def body(self) -> str:
        """The content in canonical JSON."""
        return msgspec.json.encode(self, order="sorted").decode()

    @property
    def digest(self) -> str:
        """SHA-256 of the body, in hexadecimal."""
        return hashlib.sha256(self.body.encode()).hexdigest()


def load_template(text: str, source: str) -> Template:
    """Read a template; `source` is the file's name, for the messages.

    Raises:
        TemplateInvalidError: no YAML, an unknown or missing key, a value of the wrong kind, a
            key given twice, an unknown need or phase, steps that wait for each other in a circle.
    """
    try:
        document = read_yaml(text)
    except YamlProblemError as err:
        raise _invalid(source, err.line, "", err.reason) from err
    try:
        template = msgspec.convert(document.content, Template)
    except msgspec.ValidationError as err:
        raise _mistyped(source, document, str(err)) from err
    for path, reason in _broken_rules(template):
        raise _invalid(source, document.lines.get(path), path, reason)
    return template


def _broken_rules(template: Template) -> Iterator[tuple[str, str]]:
    """Path and reason of what the types alone cannot refuse, in the order of the file."""
    phases = [phase.key for phase in template.phases]
    keys = [step.key for step in template.steps]
    for i, key in enumerate(phases):
        if key in phases[:i]:
            yield f"$.phases[{i}].key", _("the phase {key} is there twice").format(key=key)
    for i, step in enumerate(template.steps):
        path = f"$.steps[{i}]"
        if step.key in keys[:i]:
            yield f"{path}.key", _("the step {key} is there twice").format(key=step.key)
        if step.phase not in phases:
            yield f"{path}.phase", _unknown(step.phase, phases)
        for j, need in enumerate(step.needs):
            if need not in keys:
                yield f"{path}.needs[{j}]", _unknown(need, keys)
        for field, reason in _contradictions(step):
            yield f"{path}.{field}", reason
    needs = {step.key: step.needs for step in template.steps}
    if cycle := find_cycle(needs):
        path = f"$.steps[{keys.index(cycle[0])}].needs"
        yield path, _("steps wait for each other: {cycle}").format(cycle=" -> ".join(cycle))


def _contradictions(step: StepTemplate) -> Iterator[tuple[str, str]]:
    try:
        parse_offset(step.due)
    except InvalidError as err:
        yield "due", f"{err.message}, {err.hint}"
    if step.approval is not Approval.NONE and step.checks:
        yield "approval", _("a step that checks itself cannot ask for a second person")
    if step.same_day and not step.checks:
        yield "same_day", _("only a finding of a check can be of the same day")


def find_cycle(needs: Needs) -> list[str]:
    """Steps that wait for each other, first one repeated at the end; empty where there are none."""
    stuck = set(needs) - set(in_order(needs))
    if not stuck:
        return []
    walk = [min(stuck, key=list(needs).index)]
    while True:
        following = next(need for need in needs[walk[-1]] if need in stuck)
        if following in walk:
            return [*walk[walk.index(following) :], following]
        walk.append(following)


def _unknown(name: str, names: Sequence[str]) -> str:
    hint = did_you_mean(name, names, otherwise=_("it is not in this file"))
    return _("{name} is unknown, {hint}").format(name=name, hint=hint)


def _mistyped(source: str, document: Document, message: str) -> TemplateInvalidError:
    """The message reads "Expected `str`, got `int` - at `$.steps[0].due`"."""
    found = _PATH.search(message)
    path = found[1] if found else "$"
    reason = message.partition(" - at ")[0]
    if unknown := _UNKNOWN_FIELD.search(reason):
        path = f"{path}.{unknown[1]}"
    return _invalid(source, document.lines.get(path), path, reason)


def _invalid(source: str, line: int | None, path: str, reason: str) -> TemplateInvalidError:
    where = [source]
    if line is not None:
        where.append(_("line {line}").format(line=line))
    if path.strip("$."):
        where.append(path.removeprefix("$.").removeprefix("$"))
    return TemplateInvalidError(
        f"{', '.join(where)}: {reason}",
        hint=_("mend that place; docs/checklists.md explains every key"),
    )
