"""What stands instead of a person: pure, from the number of the row."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from opskit.core.text import fold

MARK = "erased-"
GONE = "[erased]"  # instead of a text, in every language
SHORTEST_LOGIN = 4  # letters; a shorter one may be a word of any text


@dataclass(frozen=True, slots=True)
class Traits:
    """How a person is named. `has_namesake`: the name alone may mean somebody else."""

    name: str
    login: str
    email: str
    pseudonym: str
    has_namesake: bool = False

    def names(self) -> list[str]:
        """What in a text surely means this person."""
        found = [self.email]
        if len(self.login) >= SHORTEST_LOGIN:
            found.append(self.login)
        if not self.has_namesake:
            found.append(self.name)
        return [each for each in found if each.strip()]

    def replaced(self, text: str) -> str:
        """The text with the pseudonym where the person was named, accents and case aside."""
        for name in self.names():
            text = _replaced(text, name, self.pseudonym)
        return text

    def are_in(self, value: object) -> bool:
        """Whether a value, or anything in it, names this person."""
        return any(self._is_named_in(text) for text in _texts(value))

    def _is_named_in(self, text: str) -> bool:
        return text == self.login or self.replaced(text) != text


def pseudonym(person_id: int) -> str:
    return f"{MARK}{person_id}"


def is_pseudonym(login: str) -> bool:
    return login.startswith(MARK) and login.removeprefix(MARK).isdecimal()


def _replaced(text: str, name: str, by: str) -> str:
    """In whole words. Folding may change a text's length; then it is compared as it stands."""
    folded = fold(text)
    wanted = re.compile(rf"(?<!\w){re.escape(fold(name))}(?!\w)")
    if len(folded) != len(text):
        return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", by, text, flags=re.IGNORECASE)
    result, last = [], 0
    for found in wanted.finditer(folded):
        result += [text[last : found.start()], by]
        last = found.end()
    return "".join([*result, text[last:]])


def _texts(value: object) -> Iterable[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for each in value.values():
                yield from _texts(each)
        case list() | tuple():
            for each in value:
                yield from _texts(each)


def replaced_in(traits: Traits, value: Any) -> Any:  # noqa: ANN401 (whatever JSON can hold)
    """The same value with the pseudonym in all of its texts."""
    match value:
        case str():
            return traits.pseudonym if value == traits.login else traits.replaced(value)
        case dict():
            return {key: replaced_in(traits, each) for key, each in value.items()}
        case list():
            return [replaced_in(traits, each) for each in value]
        case _:
            return value
