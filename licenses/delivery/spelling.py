"""An emergency code as it is read out over the phone, in the client's language."""

from typing import Final

from licenses import crockford
from licenses.delivery.wording import Wording

# The alphabet of aviation, which every language knows; a code has no I, L, O and U.
_ALPHABET: Final = (
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel Juliett Kilo Mike November Papa Quebec Romeo "
    "Sierra Tango Victor Whiskey X-ray Yankee Zulu"
)
_WORDS: Final = {word[0]: word for word in _ALPHABET.split()}


def spelt(code: str, words: Wording) -> list[str]:
    """A line a group: `7K3QM   sept, K comme Kilo, trois, Q comme Quebec, M comme Mike`."""
    return [
        f"{group}   {', '.join(_symbol(each, words) for each in group)}"
        for group in code.split("-")
    ]


def _symbol(symbol: str, words: Wording) -> str:
    if symbol.isdecimal():
        return words.digits[crockford.read(symbol)]
    return words.spelt.format(letter=symbol, word=_WORDS[symbol])
