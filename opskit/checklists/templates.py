"""Templates: the file is read strictly, and what is wrong is told with file, line and key.

What a template consists of stands in `template_parts`, what it may not say in `template_rules`.
"""

from collections.abc import Callable, Collection
from functools import lru_cache

import msgspec

from opskit.checklists.errors import TemplateInvalidError, TemplateTamperedError
from opskit.checklists.template_faults import explain
from opskit.checklists.template_parts import (
    Approval,
    Due,
    Evidence,
    Gate,
    Mode,
    Phase,
    Recheck,
    StepTemplate,
    Template,
    Words,
    digest_of,
    modern_step,
    parse_due,
    step_of,
    template_of,
)
from opskit.checklists.template_rules import broken_rules
from opskit.checklists.yaml_reader import Document, Plain, YamlProblemError, read_yaml
from opskit.core.i18n import _

__all__ = [
    "Approval",
    "Due",
    "Evidence",
    "Gate",
    "Mode",
    "Phase",
    "Recheck",
    "StepTemplate",
    "Template",
    "Words",
    "build_template",
    "digest_of",
    "load_template",
    "parse_due",
    "published_template",
    "step_of",
    "template_faults",
    "template_of",
]

Place = Callable[[str], str | None]


def load_template(text: str, source: str, *, checks: Collection[str] | None = None) -> Template:
    """Read a template; `source` is the file's name, for the messages.

    `checks` are the names of all checks there are; without it any name is taken.

    Raises:
        TemplateInvalidError: no YAML, an unknown or missing key, a value of the wrong kind, a
            key given twice, a need, phase or check that is unknown, a condition that cannot be
            read or never be true, steps that wait for each other in a circle.
    """
    document = _read(text, source)
    return build_template(document.content, source, place=_lines(document), checks=checks)


def build_template(
    content: Plain, source: str, *, place: Place, checks: Collection[str] | None = None
) -> Template:
    """A template from what a file says; `place` tells where a path such as `$.phases[0]` stands.

    Raises:
        TemplateInvalidError: as `load_template`.
    """
    template = _typed(content, source, place)
    for path, reason in broken_rules(template, checks=checks):
        raise _invalid(source, place(path), path, reason)
    return template


@lru_cache(maxsize=256)
def published_template(body: str, digest: str, name: str) -> Template:
    """The template behind a published body, once that is proved to be the one of the digest.

    Raises:
        TemplateTamperedError: it is not.
    """
    if digest_of(body) != digest:
        raise TemplateTamperedError(
            _("{template} was altered in the database after it was published").format(
                template=name
            ),
            hint=_("bring back the database from a backup, or publish the list as a new version"),
        )
    return template_of(body)


def template_faults(
    text: str, source: str, *, checks: Collection[str] | None = None
) -> list[TemplateInvalidError]:
    """Everything for which `load_template` would refuse the text, as far as it can be read."""
    try:
        document = _read(text, source)
        place = _lines(document)
        template = _typed(document.content, source, place)
    except TemplateInvalidError as err:
        return [err]
    broken = broken_rules(template, checks=checks)
    return [_invalid(source, place(path), path, reason) for path, reason in broken]


def _read(text: str, source: str) -> Document:
    try:
        return read_yaml(text)
    except YamlProblemError as err:
        raise _invalid(source, _line(err.line) if err.line else None, "", err.reason) from err


def _typed(content: Plain, source: str, place: Place) -> Template:
    try:
        return msgspec.convert(_modern(content), Template)
    except msgspec.ValidationError as err:
        path, reason = explain(str(err))
        raise _invalid(source, place(path), path, reason) from err


def _lines(document: Document) -> Place:
    def place(path: str) -> str | None:
        line = document.lines.get(path)
        return None if line is None else _line(line)

    return place


def _line(number: int) -> str:
    return _("line {line}").format(line=number)


def _modern(content: Plain) -> Plain:
    if not isinstance(content, dict) or not isinstance(steps := content.get("steps"), list):
        return content
    return {**content, "steps": [modern_step(step) for step in steps]}


def _invalid(source: str, place: str | None, path: str, reason: str) -> TemplateInvalidError:
    key = path.removeprefix("$").removeprefix(".")
    where = ", ".join(part for part in (source, place, key) if part)
    return TemplateInvalidError(
        f"{where}: {reason}",
        hint=_("mend that place; docs/checklists.md explains every key"),
    )
