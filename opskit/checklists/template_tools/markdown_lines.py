"""Markdown as its headings and list items; code, comments and prose are passed over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
_RULE = re.compile(r"\s*([-*_])(\s*\1){2,}\s*$")
_ITEM = re.compile(r"(\s*)(?:[-*+]|([0-9]{1,9})[.)])\s+(?:\[([ xX])\](?:\s+|$))?(.*)$")
_TARGET = re.compile(r" {0,3}\[([^\]]+)\]:\s+(\S+)")
_ASIDE = re.compile(r"\s*[|>]|/[a-z_]+\b")  # a table, a quotation, a quick action of GitLab
_SETTING = re.compile(r"(title|name):\s*(.+)")

_BADGE = re.compile(r"\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)|!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)[^)]*\)")
_REFERENCE = re.compile(r"\[([^\]]+)\]\[([^\]]*)\]")
_ADDRESS = re.compile(r"<(https?://[^>\s]+)>")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_STRONG = re.compile(r"\*\*(.+?)\*\*|__(.+?)__")
_STRESSED = re.compile(r"(?<![\w*])\*([^*\s](?:[^*]*[^*\s])?)\*(?![\w*])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>])")


LONGEST = 2000  # characters of an item that are looked at


@dataclass(slots=True)
class Heading:
    """`level` 1 is the title of the page."""

    line: int
    level: int
    text: str


@dataclass(slots=True)
class Item:
    """One item of a list, with the lines of its first paragraph."""

    line: int
    indent: int
    is_numbered: bool
    has_box: bool
    text: str


@dataclass(slots=True)
class Page:
    """What a file holds; `name` is what its front matter calls it."""

    parts: list[Heading | Item] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    name: str = ""

    def plain(self, text: str) -> str:
        """The words of a text: links keep their address, pictures and stress go."""

        def resolved(found: re.Match[str]) -> str:
            target = self.targets.get((found[2] or found[1]).lower())
            return f"[{found[1]}]({target})" if target else found[1]

        text = _REFERENCE.sub(resolved, _BADGE.sub("", text[:LONGEST]))
        text = _LINK.sub(lambda found: _link(found[1], found[2]), text)
        text = _TAG.sub("", _ADDRESS.sub(r"\1", text))
        text = _STRONG.sub(lambda found: found[1] or found[2], text)
        text = _ESCAPED.sub(r"\1", _STRESSED.sub(r"\1", text))
        return " ".join(text.split())


def read_page(text: str) -> Page:
    """The headings and items in their order."""
    page = Page()
    open_item: Item | None = None
    before = ""
    for number, line in _spoken(text, page):
        was, before = before, line
        if target := _TARGET.match(line):
            page.targets[target[1].lower()] = target[2]
            open_item = None
        elif heading := _HEADING.match(line):
            page.parts.append(Heading(number, len(heading[1]), heading[2]))
            open_item = None
        elif was.strip() and open_item is None and (under := _UNDERLINE.match(line)):
            if not (_HEADING.match(was) or _ITEM.match(was)):
                page.parts.append(Heading(number - 1, 1 if under[1][0] == "=" else 2, was.strip()))
            before = ""
        elif not line.strip() or _RULE.match(line) or _ASIDE.match(line):
            open_item = None
        elif item := _ITEM.match(line):
            open_item = Item(number, len(item[1]), bool(item[2]), bool(item[3]), item[4])
            page.parts.append(open_item)
        elif open_item is not None:
            open_item.text = f"{open_item.text} {line.strip()}"
    return page


def _link(words: str, address: str) -> str:
    return address if words.strip("`") == address else f"{words} ({address})"


def _spoken(text: str, page: Page) -> Iterator[tuple[int, str]]:
    """Numbered lines without front matter, fenced code and comments, which leave a blank."""
    lines = text.expandtabs(4).splitlines()
    start = _skip_front_matter(lines, page)
    fence = ""
    in_comment = False
    for number, line in enumerate(lines[start:], start + 1):
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        spoken, in_comment = _without_comments(line, in_comment)
        if found := _FENCE.match(spoken):
            fence = found[1]
        yield number, "" if fence else spoken


def _without_comments(line: str, in_comment: bool) -> tuple[str, bool]:
    """What of the line stands outside of comments, and whether one goes on."""
    kept = ""
    while line:
        head, sign, line = line.partition("-->" if in_comment else "<!--")
        kept += "" if in_comment else head
        if sign:
            in_comment = not in_comment
    return kept, in_comment


def _skip_front_matter(lines: list[str], page: Page) -> int:
    if not lines or lines[0].strip() != "---":
        return 0
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            return number + 1
        if (found := _SETTING.match(line)) and not page.name:
            page.name = found[2].strip().strip("'\"")
    return 0
