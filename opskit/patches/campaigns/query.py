"""Which clients: `pole:logistics canton:BE,JU version<12.3 contract:gold delemont`.

A word is looked for in code, name, city and contact, as `opskit client list` does; a filter names
a field and one value or several. All of them have to fit.
"""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from opskit.clients.importing import CONTRACTS
from opskit.core.business_days import CANTONS
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.team import CLIENT_LANGUAGES, POLES
from opskit.core.text import did_you_mean
from opskit.patches.services import levels

CHOICES = {
    "pole": POLES,
    "canton": CANTONS,
    "language": CLIENT_LANGUAGES,
    "contract": CONTRACTS,
}
FIELDS = (*CHOICES, "module", "version")
COMPARISONS: dict[str, Callable[[list[int], list[int]], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    ":": operator.eq,
    "=": operator.eq,
}
_FILTER = re.compile(r"([a-z_]+)(<=|>=|[:=<>])(.*)", re.IGNORECASE)
_VERSION = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}")


class Asked(Protocol):
    """As much of a client as a filter looks at."""

    @property
    def canton(self) -> str | None: ...
    @property
    def language(self) -> str: ...
    @property
    def contract(self) -> str: ...
    @property
    def pole(self) -> str: ...
    @property
    def modules(self) -> Sequence[str]: ...
    @property
    def erp_version(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Query:
    """Words to look for, and filters that all have to hold."""

    words: Sequence[str]
    filters: Sequence[Callable[[Asked], bool]]

    def takes(self, client: Asked) -> bool:
        return all(each(client) for each in self.filters)


def parse_query(text: str) -> Query:
    """The words and filters of a query; an empty one takes everybody.

    Raises:
        InvalidError: there is no such field, or the field never has that value.
    """
    words: list[str] = []
    filters: list[Callable[[Asked], bool]] = []
    for word in text.split():
        typed = _FILTER.fullmatch(word)
        if typed is None:
            words.append(word)
        else:
            filters.append(_filter(typed[1].lower(), typed[2], typed[3]))
    return Query(tuple(words), tuple(filters))


def _filter(field: str, comparison: str, value: str) -> Callable[[Asked], bool]:
    if field not in FIELDS:
        raise InvalidError(
            _("clients have no field {field}").format(field=repr(field)),
            hint=did_you_mean(field, FIELDS, otherwise=", ".join(FIELDS)),
        )
    if field == "version":
        return _version_filter(comparison, value)
    if comparison not in {":", "="}:
        raise InvalidError(
            _("{field} cannot be compared by {sign}").format(field=field, sign=comparison),
            hint=f"{field}:{CHOICES.get(field, ('PAY',))[0]}",
        )
    values = [each for each in value.split(",") if each]
    if field == "module":
        wanted = {each.upper() for each in values}
        return lambda client: not wanted.isdisjoint(client.modules)
    allowed = {_known(field, each) for each in values}
    return lambda client: getattr(client, field) in allowed


def _version_filter(comparison: str, value: str) -> Callable[[Asked], bool]:
    if not _VERSION.fullmatch(value):
        raise InvalidError(_("{text} is no version").format(text=repr(value)), hint="version<12.4")
    compare, wanted = COMPARISONS[comparison], levels(value)
    return lambda client: compare(levels(client.erp_version), wanted)


def _known(field: str, value: str) -> str:
    choices = CHOICES[field]
    for choice in choices:
        if choice.lower() == value.lower():
            return choice
    raise InvalidError(
        _("{text} is no {field} of a client").format(text=repr(value), field=field),
        hint=did_you_mean(value, choices, otherwise=", ".join(choices)),
    )
