"""New passwords: of signs or of French words, every possible one as likely as any other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from math import log2
from random import Random, SystemRandom
from string import ascii_lowercase, ascii_uppercase, digits

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.facts import EntryFacts

CLASSES: Mapping[str, str] = {
    "lower": ascii_lowercase,
    "upper": ascii_uppercase,
    "digits": digits,
    "signs": "!#%*+-.:=?@_",  # on every Swiss keyboard, none a dead key, no quote or backslash
}
LOOK_ALIKE = "l1IO0o"
SHORTEST, LONGEST = 4, 128
FEWEST_WORDS, MOST_WORDS = 3, 20
BETWEEN_WORDS = "-"


def _less(signs: str, without: str) -> str:
    return "".join(sign for sign in signs if sign not in without)


def _require_between(number: int, least: int, most: int, said: str) -> None:
    if not least <= number <= most:
        raise InvalidError(
            said.format(number=number), hint=_("{least} to {most}").format(least=least, most=most)
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """Which passwords are possible: at least one character of each class, or `words` words."""

    length: int = 20
    classes: tuple[str, ...] = tuple(CLASSES)
    without: str = ""
    letter_first: bool = False
    words: int = 0

    def __post_init__(self) -> None:
        if self.words:
            said = _("a password of {number} words is not made")
            _require_between(self.words, FEWEST_WORDS, MOST_WORDS, said)
            return
        said = _("a password of {number} characters is not made")
        _require_between(self.length, SHORTEST, LONGEST, said)
        for name in self.classes:
            if name not in CLASSES:
                raise InvalidError(
                    _("{name} is no class of characters").format(name=repr(name)),
                    hint=_("the classes are {names}").format(names=",".join(CLASSES)),
                )
        if not self.classes or len(set(self.classes)) > self.length:
            raise InvalidError(
                _("no password can have such classes"),
                hint=_("the classes are {names}").format(names=",".join(CLASSES)),
            )
        if not all(self.alphabets()) or not self.first():
            raise InvalidError(
                _("a class of characters has none left"), hint=_("leave out fewer characters")
            )

    def alphabets(self) -> list[str]:
        """What each class has left."""
        return [_less(CLASSES[name], self.without) for name in dict.fromkeys(self.classes)]

    def first(self, *, among: str | None = None) -> str:
        """What the password may begin with."""
        signs = "".join(self.alphabets()) if among is None else among
        return "".join(filter(str.isalpha, signs)) if self.letter_first else signs


STRONG = Policy()
PRESETS: Mapping[str, Policy] = {
    # Oracle: up to 30 bytes, a letter first; @ / and quotes end it in a connect string.
    "oracle": Policy(length=30, without="!%*+-.:=?@", letter_first=True),
    # Connection strings, URLs and .ini files read : @ / ? # % = ; as something else.
    "database": Policy(length=30, without="!#%*:=?@", letter_first=True),
    "windows": Policy(length=20, without=LOOK_ALIKE),
    "spoken": Policy(length=16, classes=("lower", "upper", "digits"), without=LOOK_ALIKE),
    "pin": Policy(length=6, classes=("digits",)),
}
_SYSTEM = SystemRandom()


def generate_password(policy: Policy = STRONG, *, random: Random = _SYSTEM) -> Secret:
    """A new password; only the system's own randomness is fit for a real one."""
    if policy.words:
        words = french_words()
        return Secret(BETWEEN_WORDS.join(random.choice(words) for _n in range(policy.words)))
    alphabets = policy.alphabets()
    every, first = "".join(alphabets), policy.first()
    while True:  # what lacks a class is thrown away whole, else some would be likelier
        rest = "".join(random.choice(every) for _n in range(policy.length - 1))
        password = random.choice(first) + rest
        if all(set(password) & set(alphabet) for alphabet in alphabets):
            return Secret(password)


def bits(policy: Policy) -> float:
    """The entropy: log2 of how many passwords the policy allows, all equally likely."""
    if policy.words:
        return policy.words * log2(len(french_words()))
    return log2(sum(_signed_counts(policy)))


def policy_for(facts: EntryFacts) -> Policy:
    """What suits an entry: its engine's preset, else its kind's."""
    if facts.engine == "oracle":
        return PRESETS["oracle"]
    return PRESETS.get({"database": "database", "rdp": "windows"}.get(facts.kind, ""), STRONG)


def preset(name: str) -> Policy:
    """Raises InvalidError: there is none of that name."""
    if name not in PRESETS:
        raise InvalidError(
            _("there are no passwords for {name}").format(name=repr(name)),
            hint=_("one of: {names}").format(names=" ".join(PRESETS)),
        )
    return PRESETS[name]


def changed(
    policy: Policy,
    *,
    length: int | None = None,
    classes: str | None = None,
    without: str | None = None,
) -> Policy:
    """The policy, but for what is given; `classes` separated by commas. Raises InvalidError."""
    return replace(
        policy,
        length=policy.length if length is None else length,
        classes=policy.classes if classes is None else tuple(classes.split(",")),
        without=policy.without if without is None else policy.without + without,
    )


@cache
def french_words() -> tuple[str, ...]:
    """The list that is shipped, its remarks aside."""
    from importlib.resources import files

    lines = files("vault.using").joinpath("words_fr.txt").read_text(encoding="ascii").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


def _signed_counts(policy: Policy) -> Iterator[int]:
    """Inclusion and exclusion over the classes that a password might lack."""
    alphabets = policy.alphabets()
    for lacking in range(len(alphabets) + 1):
        for left in combinations(alphabets, len(alphabets) - lacking):
            every = "".join(left)
            first = len(policy.first(among=every))
            yield (-1) ** lacking * first * len(every) ** (policy.length - 1)
