"""How many patches the team takes on: `6/week`, `2/day`."""

import re
from dataclasses import dataclass
from enum import StrEnum

from opskit.core.errors import InvalidError
from opskit.core.i18n import _

MOST = 999
_TYPED = re.compile(r"([0-9]{1,9})\s*/\s*([a-z]+)")


class Span(StrEnum):
    """What the number counts for."""

    WEEK = "week"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Capacity:
    """So many patches in a full week, or on a full day."""

    count: int
    span: Span

    def __str__(self) -> str:
        return f"{self.count}/{self.span}"


def parse_capacity(text: str) -> Capacity:
    """`6/week` or `2/day`.

    Raises:
        InvalidError: it is neither, or nothing could ever be planned with it.
    """
    typed = _TYPED.fullmatch(text.strip().lower())
    if typed is None or typed[2] not in set(Span):
        raise InvalidError(
            _("{text} is no capacity").format(text=repr(text)), hint=_("write 6/week or 2/day")
        )
    count = int(typed[1])
    if not 1 <= count <= MOST:
        raise InvalidError(
            _("a capacity of {count} plans nothing").format(count=count)
            if count == 0
            else _("{count} is more than {most}").format(count=count, most=MOST),
            hint=_("write 6/week or 2/day"),
        )
    return Capacity(count, Span(typed[2]))
