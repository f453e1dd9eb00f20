"""The words of a paper. They are not in the catalogue of messages: those are the team's, in the
team's language, while a paper speaks the client's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module

from opskit.checklists.printing.languages import LANGUAGES
from opskit.checklists.standing import Standing
from opskit.checklists.states import State
from opskit.core.long_dates import long_date

FALLBACK = "en"
CLIENT = "client"

Said = Mapping[str, str]  # the same word by language


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One language. Texts with names in braces are filled in by who uses them."""

    code: str
    colon: str  # what follows a label
    for_whom: str
    day: str
    standing: str
    progress: str  # {done} {total} {day}
    your_part: str
    nothing_now: str
    by: str  # {day}
    overdue: str  # {day}
    states: Mapping[State, str]
    waits_for_you: str
    lapsed: str
    number: str
    step: str
    state: str
    due: str
    who: str
    read_do: str  # {phase}
    contacts: str
    your_side: str
    our_side: str
    support: str
    phone: str
    email: str
    page: str  # {page} {pages}
    team_only: str
    run: str
    template: str
    decision: str
    comments: str

    def date(self, day: date) -> str:
        return long_date(day, self.code)

    def labelled(self, label: str, value: str) -> str:
        return f"{label}{self.colon} {value}"

    def said(self, words: Said) -> str:
        """A word of the feature's in this language, else in English."""
        return words.get(self.code) or words[FALLBACK]

    def state_of(self, stand: Standing) -> str:
        """Where a step stands, as its client reads it."""
        if stand.has_lapsed:
            return self.lapsed
        if stand.state is State.WAITING and stand.step.waiting_for == CLIENT:
            return self.waits_for_you
        return self.states[stand.state]


@cache
def wording(language: str) -> Wording:
    """The words of that language, English where we have none."""
    code = language if language in LANGUAGES else FALLBACK
    found: Wording = import_module(f"opskit.checklists.printing.languages.{code}").WORDING
    return found
