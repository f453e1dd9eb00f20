"""What `opskit doctor` asks every part of the house."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from opskit.core.context import AppContext
from opskit.core.intents import Intent


class Condition(StrEnum):
    """How a part is doing; only `broken` makes the doctor exit 8."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of the doctor's report; the hint says what to type."""

    part: str
    condition: Condition
    message: str
    hint: str = ""


Examination = Callable[[AppContext], Iterable[Diagnosis]]
"""Looks at one part and changes nothing."""

Repair = Callable[[AppContext, Intent], str]
"""Finishes or undoes an action that was interrupted; says in words what became of it."""
