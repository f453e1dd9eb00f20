"""A Markdown task list as a template.

Headings become phases and boxes (`- [ ]`, `* [ ]`, `1. [ ]`) steps; a file without boxes has its
numbered items as steps. An item below another is a part of it: the item needs its parts. A phase
of numbered items is worked through in that order. Every step is due on the day itself, and nobody
but a person can say who owns it: both are mended in the YAML file that comes out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

from opskit.checklists.errors import TemplateInvalidError
from opskit.checklists.template_tools.markdown_lines import Heading, Item, Page, read_page
from opskit.checklists.templates import Mode, Template, build_template
from opskit.core.i18n import _
from opskit.core.text import fold

LANGUAGES = ("en", "fr", "en/fr", "fr/en")
LONGEST_TEXT = 400
LONGEST_KEY = 40
NEXT_LEVEL = 2  # blanks by which a part stands further in than its item

_NO_LETTER = re.compile(r"[^a-z0-9]+")
_IN_BRACKETS = re.compile(r"\((?:https?://|[./\w-]+/)[^)]*\)|https?://\S+")


@dataclass(slots=True)
class _Step:
    item: Item
    key: str
    parts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Phase:
    key: str
    title: str
    line: int
    steps: list[_Step] = field(default_factory=list)

    @property
    def mode(self) -> Mode:
        """Numbers are an order, unless an item has parts, which come first."""
        numbered = all(step.item.is_numbered for step in self.steps)
        return Mode.READ_DO if numbered and not self._is_nested else Mode.DO_CONFIRM

    @property
    def _is_nested(self) -> bool:
        return any(step.parts for step in self.steps)


def read_markdown(
    text: str,
    source: str,
    *,
    template_id: str,
    owner: str = "agent",
    anchor: str = "day",
    lang: str = "en",
) -> Template:
    """A template of version 1.

    `lang` says in which language the items are; the other one has the same words until somebody
    translates them. With `fr/en` an item holds both, with ` / ` between them.

    Raises:
        TemplateInvalidError: there is neither a box nor a numbered item in it.
    """
    page = read_page(text)
    phases = _phases(page, source)
    if not phases:
        raise TemplateInvalidError(
            _("{file}: there is no task list in it").format(file=source),
            hint=_("a step looks like {box} or {number}").format(
                box="- [ ] Do this", number="1. Do this"
            ),
        )
    content: Any = {
        "id": template_id,
        "version": 1,
        "title": _words(page, _title(page, source), lang),
        "anchor": anchor,
        "phases": [_phase_content(page, phase, lang) for phase in phases],
        "steps": [
            _step_content(page, phase, step, owner, lang)
            for phase in phases
            for step in phase.steps
        ],
    }
    lines = [step.item.line for phase in phases for step in phase.steps]
    return build_template(content, source, place=lambda path: _place(path, lines))


def slug(text: str, *, otherwise: str) -> str:
    """A key made of the first words: `Update the `CHANGELOG`` becomes update-the-changelog."""
    words = _NO_LETTER.sub("-", fold(_IN_BRACKETS.sub(" ", text))).strip("-").split("-")
    key = ""
    for word in words:
        if key and len(key) + 1 + len(word) > LONGEST_KEY:
            break
        key = f"{key}-{word}" if key else word[:LONGEST_KEY]
    return key or otherwise


def _phases(page: Page, source: str) -> list[_Phase]:
    """Every heading below which something is to be done, with its steps."""
    items = [part for part in page.parts if isinstance(part, Item)]
    boxed = any(item.has_box for item in items)
    heading = Heading(1, 1, _title(page, source))
    phases: dict[int, _Phase] = {}
    phase_keys: set[str] = set()
    keys: set[str] = set()
    above: list[_Step] = []
    for part in page.parts:
        if isinstance(part, Heading):
            heading, above = part, []
        elif (part.has_box if boxed else part.is_numbered) and page.plain(part.text):
            if heading.line not in phases:
                title = page.plain(heading.text) or _title(page, source)
                key = _unique(slug(title, otherwise="phase"), phase_keys)
                phases[heading.line] = _Phase(key, title, heading.line)
            step = _Step(part, _unique(slug(page.plain(part.text), otherwise="step"), keys))
            phases[heading.line].steps.append(step)
            above = [*_ancestors(above, part), step]
            if above[:-1]:
                above[-2].parts.append(step.key)
    return list(phases.values())


def _ancestors(above: Sequence[_Step], item: Item) -> list[_Step]:
    """The items of which this one is a part, the outermost first."""
    return [step for step in above if item.indent >= step.item.indent + NEXT_LEVEL]


def _title(page: Page, source: str) -> str:
    for part in page.parts:
        if isinstance(part, Heading) and part.level == 1 and page.plain(part.text):
            return page.plain(part.text)
    return page.name or source


def _phase_content(page: Page, phase: _Phase, lang: str) -> dict[str, Any]:
    content = {"key": phase.key, "title": _words(page, phase.title, lang)}
    return {**content, "mode": phase.mode.value}


def _step_content(page: Page, phase: _Phase, step: _Step, owner: str, lang: str) -> dict[str, Any]:
    return {
        "key": step.key,
        "text": _words(page, step.item.text, lang),
        "phase": phase.key,
        "owner": owner,
        "due": "0bd",
        "needs": step.parts,
    }


def _words(page: Page, text: str, lang: str) -> dict[str, str]:
    plain = page.plain(text).removesuffix(":")
    first, slash, second = plain.partition(" / ")
    if "/" in lang and slash:
        return dict(zip(lang.split("/"), map(_short, (first, second)), strict=True))
    return {"fr": _short(plain), "en": _short(plain)}


def _short(text: str) -> str:
    return shorten(text, LONGEST_TEXT, placeholder=" …") if len(text) > LONGEST_TEXT else text


def _unique(key: str, taken: set[str]) -> str:
    name, count = key, 1
    while name in taken:
        count += 1
        name = f"{key}-{count}"
    taken.add(name)
    return name


def _place(path: str, lines: Sequence[int]) -> str | None:
    found = re.match(r"\$\.steps\[([0-9]+)\]", path)
    return _("line {line}").format(line=lines[int(found[1])]) if found else None
