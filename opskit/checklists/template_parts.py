"""Templates: a checklist as a file that people read, review and version.

    id: patch-preparation
    version: 1
    title: {fr: Préparation de patch, en: Patch preparation}
    anchor: patch-date
    canton: VD              # whose holidays count, where nobody says otherwise
    phases:
      - {key: open, title: {fr: Ouverture, en: Opening}, mode: do-confirm}
    steps:
      - key: contract
        text: {fr: Contrat de maintenance actif, en: Maintenance contract active}
        phase: open
        owner: sales            # a role, for information
        due: -20bd              # business days from the anchor date, or `backup +2bd`
        needs: []               # keys of steps that must hold first
        when: client.canton == "BE"    # the step applies only then
        check: contract.active  # one name or a list: the step answers itself
        recheck: none           # before-go: an answer counts only on the day it was given
        evidence: none          # none, text, value, file or link
        approval: none          # other-person: not by the person whose run it is
        mandatory: true         # false: may be marked as not applicable, with a reason
        gate: none              # go: the decision before the date; close: the end of the run

The digest is taken over the content, not over the layout: comments and spaces do not count.
"""

import hashlib
import re
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated, Any, NamedTuple

import msgspec

from opskit.checklists.conditions import Condition, parse_condition
from opskit.core.business_days import parse_offset

Key = Annotated[str, msgspec.Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
CheckName = Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]+([.][a-z0-9-]+)*$", max_length=60)]
Sentence = Annotated[str, msgspec.Meta(pattern=r"\S", max_length=400)]
Version = Annotated[int, msgspec.Meta(ge=1)]

_AFTER_STEP = re.compile(r"([a-z0-9-]+) +(\S+)")


class Mode(StrEnum):
    """How the steps of a phase are worked through."""

    READ_DO = "read-do"  # one after the other, each read and then done
    DO_CONFIRM = "do-confirm"  # in any order, then confirmed together


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


class Recheck(StrEnum):
    """How long an answer or a finding counts."""

    NONE = "none"
    BEFORE_GO = "before-go"  # on the day on which it was given


class Gate(StrEnum):
    """A step that is a decision of its own."""

    NONE = "none"
    GO = "go"
    CLOSE = "close"


class Due(NamedTuple):
    """Business days from the due date of a step, or from the anchor where `after` is None."""

    after: str | None
    days: int


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Strict, and a default is left out of the digest, so that new options change no digest."""


class Words(_Part, frozen=True):
    """The same sentence in every language; a missing one falls back to English."""

    fr: Sentence
    en: Sentence
    de: Sentence | None = None
    it: Sentence | None = None


class Phase(_Part, frozen=True):
    """A heading under which steps stand together."""

    key: Key
    title: Words
    mode: Mode = Mode.DO_CONFIRM


class StepTemplate(_Part, frozen=True, dict=True):
    """One thing to do."""

    key: Key
    text: Words
    phase: Key
    owner: Key
    due: str
    needs: tuple[Key, ...] = ()
    when: str = ""
    check: CheckName | tuple[CheckName, ...] = ()
    recheck: Recheck = Recheck.NONE
    evidence: Evidence = Evidence.NONE
    approval: Approval = Approval.NONE
    mandatory: bool = True
    gate: Gate = Gate.NONE

    @property
    def checks(self) -> tuple[str, ...]:
        return (self.check,) if isinstance(self.check, str) else self.check

    @property
    def due_after(self) -> Due:
        return parse_due(self.due)

    @property
    def condition(self) -> Condition | None:
        """When the step applies; None where it always does."""
        return parse_condition(self.when) if self.when else None

    @property
    def by_other_person(self) -> bool:
        """Whether the person whose run it is may not answer; a go is decided by another."""
        return self.approval is Approval.OTHER_PERSON or self.gate is Gate.GO

    @cached_property
    def body(self) -> str:
        """The content in canonical JSON."""
        return _canonical(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the body, in hexadecimal."""
        return digest_of(self.body)


class Template(_Part, frozen=True, dict=True):
    """A whole checklist, in one version."""

    id: Key
    version: Version
    title: Words
    anchor: Key
    phases: Annotated[tuple[Phase, ...], msgspec.Meta(min_length=1)]
    steps: Annotated[tuple[StepTemplate, ...], msgspec.Meta(min_length=1)]
    canton: str | None = None

    @property
    def name(self) -> str:
        """What people write: patch-preparation/2."""
        return f"{self.id}/{self.version}"

    @cached_property
    def body(self) -> str:
        """The content in canonical JSON."""
        return _canonical(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the body, in hexadecimal."""
        return digest_of(self.body)

    @cached_property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """What each step waits for: its needs, its Read-Do order, and the answers it asks for."""
        modes = {phase.key: phase.mode for phase in self.phases}
        before: dict[str, str] = {}
        found: dict[str, tuple[str, ...]] = {}
        for step in self.steps:
            waits = [*step.needs]
            if modes.get(step.phase) is Mode.READ_DO and step.phase in before:
                waits.append(before[step.phase])
            if step.condition is not None:
                waits += sorted(step.condition.answers)
            before[step.phase] = step.key
            found[step.key] = tuple(dict.fromkeys(waits))
        return found


def parse_due(text: str) -> Due:
    """`-10bd` counts from the anchor, `backup +2bd` from the due date of the step backup.

    Raises:
        InvalidError: it is neither.
    """
    if found := _AFTER_STEP.fullmatch(text.strip()):
        return Due(found[1], parse_offset(found[2]))
    return Due(None, parse_offset(text))


def digest_of(body: str) -> str:
    """SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


@lru_cache(maxsize=4096)
def step_of(body: str) -> StepTemplate:
    """The step behind its canonical JSON."""
    return msgspec.convert(modern_step(msgspec.json.decode(body)), StepTemplate)


@lru_cache(maxsize=256)
def template_of(body: str) -> Template:
    """The template behind its canonical JSON, as it was published, also by an older opskit."""
    content = msgspec.json.decode(body)
    content["steps"] = [modern_step(step) for step in content["steps"]]
    return msgspec.convert(content, Template)


def modern_step(step: Any) -> Any:  # noqa: ANN401 (whatever stands in a file)
    """A step as it is written today: `same_day: true` was the former `recheck: before-go`."""
    if not isinstance(step, dict) or not isinstance(step.get("same_day"), bool):
        return step
    rest = {key: value for key, value in step.items() if key != "same_day"}
    return {"recheck": Recheck.BEFORE_GO.value, **rest} if step["same_day"] else rest


def _canonical(part: StepTemplate | Template) -> str:
    return msgspec.json.encode(part, order="sorted").decode()
