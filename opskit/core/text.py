"""Words compared as people compare them: accents and case do not count."""

import unicodedata
from collections.abc import Iterable

NEAR_ENOUGH = 60.0


def fold(text: str) -> str:
    """`Délèze` and `DELEZE` become the same `deleze`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def nearest(text: str, names: Iterable[str], *, limit: int = 3) -> list[str]:
    """The names that someone who typed `text` most likely meant, best first."""
    from rapidfuzz import fuzz, process

    found = process.extract(
        text, list(names), scorer=fuzz.WRatio, processor=fold, limit=limit, score_cutoff=NEAR_ENOUGH
    )
    return [name for name, _score, _position in found]


def did_you_mean(text: str, names: Iterable[str], *, otherwise: str) -> str:
    """A hint that lists the nearest names, or says what to type to see them all."""
    from opskit.core.i18n import _

    near = nearest(text, names)
    return _("did you mean {names}?").format(names=", ".join(near)) if near else otherwise
