"""What the words of a task list say of owners and dates: pure.

Lists that people keep in tickets say whose a step is before a colon (`Manager: order a laptop`),
and when it is due in the heading above it (`Week 1`, `Mois 4 à 6`).
"""

import re

import msgspec

from opskit.checklists.template_parts import StepTemplate, Template, Words
from opskit.core.text import fold

BEFORE = -5  # business days: time enough to order what is missing
WEEK = 5
MONTH = 21

_OWNERS = {
    "manager": ("manager", "manageresse", "responsable", "supervisor", "lead", "vorgesetzte"),
    "mentor": ("mentor", "mentore", "buddy", "parrain", "marraine", "pate", "patin"),
    "admin": ("it", "admin", "informatique", "informatik", "ops", "people ops"),
    "consultant": ("new hire", "new person", "newcomer", "you", "nouveau", "nouvelle", "neu"),
}
_PREFIX = re.compile(r"\**([^\W\d][^:*]{0,20}?)\**\s*:\**\s+(?=\S)")
_BEFORE = re.compile(r"\b(before|pre-?arrival|prior|avant|vor)\b")
_SPAN = re.compile(
    r"\b(day|jour|tag|week|semaine|woche|month|mois|monat)[a-z]*\s*#?(\d{1,2})"
    r"(?:\s*(?:-|–|to|a|au|bis|and|et|und)\s*(\d{1,2}))?"
)
_UNITS = {
    **dict.fromkeys(("day", "jour", "tag"), 1),
    **dict.fromkeys(("week", "semaine", "woche"), WEEK),
    **dict.fromkeys(("month", "mois", "monat"), MONTH),
}


def with_owners_and_dates(template: Template) -> Template:
    """The same list, with the owners and dates that its words name; the others stay."""
    titles = {phase.key: phase.title.en for phase in template.phases}
    steps = tuple(_step(step, titles[step.phase]) for step in template.steps)
    return msgspec.structs.replace(template, steps=steps)


def owner_in(text: str) -> tuple[str | None, str]:
    """Whose a step is, and its text without saying so."""
    found = _PREFIX.match(text)
    named = fold(found[1]).strip() if found else ""
    for owner, words in _OWNERS.items():
        if found and named in words:
            rest = text[found.end() :]
            return owner, rest[:1].upper() + rest[1:]
    return None, text


def due_under(heading: str) -> int | None:
    """By which business day from the first one the steps below a heading are due."""
    text = fold(heading)
    if found := _SPAN.search(text):
        last = int(found[3] or found[2])
        return max(0, last * _UNITS[found[1]] - 1)
    return BEFORE if _BEFORE.search(text) else None


def _step(step: StepTemplate, heading: str) -> StepTemplate:
    owner, en = owner_in(step.text.en)
    of_french, fr = owner_in(step.text.fr)
    days = due_under(heading)
    return msgspec.structs.replace(
        step,
        owner=owner or of_french or step.owner,
        text=Words(fr=fr, en=en, de=step.text.de, it=step.text.it),
        due=step.due if days is None else (f"{days:+d}bd" if days else "0bd"),
    )
