"""Which client a folder's name means: surely, or only perhaps."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opskit.core.text import fold

NEAR_ENOUGH = 80.0
_CODE_FIRST = re.compile(r"\s*(\S+?)(?:\s+[-–—]\s|\s*:\s)")
_CODE_LAST = re.compile(r".*\((\S+)\)\s*")


@dataclass(frozen=True, slots=True)
class Guess:
    """A folder's name, and the client that it resembles most."""

    folder: str
    code: str
    name: str


class Directory:
    """The clients by code, and by name where no two share it."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """From code to name."""
        self._names = dict(names)
        self._by_name: dict[str, list[str]] = {}
        for code, name in names.items():
            self._by_name.setdefault(_plain(name), []).append(code)

    def exact(self, folder: str) -> str | None:
        """The code of `DELEZE`, `DELEZE - Délèze Outillage SA`, or the name alone."""
        for form in (_CODE_FIRST.match(folder), _CODE_LAST.fullmatch(folder)):
            if form and form[1].upper() in self._names:
                return form[1].upper()
        if (code := folder.strip().upper()) in self._names:
            return code
        found = self._by_name.get(_plain(folder), [])
        return found[0] if len(found) == 1 else None

    def guess(self, folders: Iterable[str]) -> Guess | None:
        """The one of the folders that resembles a client most; None where none does."""
        from rapidfuzz import fuzz, process

        best: tuple[float, Guess | None] = (0.0, None)
        for folder in folders:
            found = process.extractOne(
                _plain(folder),
                {code: f"{_plain(name)}" for code, name in self._names.items()},
                scorer=fuzz.WRatio,
                score_cutoff=NEAR_ENOUGH,
            )
            if found and found[1] > best[0]:
                best = (found[1], Guess(folder, found[2], self._names[found[2]]))
        return best[1]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))
