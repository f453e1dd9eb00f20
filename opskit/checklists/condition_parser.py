"""From the text of a condition to its tree: words, then a parser of one function a level."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from opskit.checklists.condition_values import NONE, Value
from opskit.core.errors import InvalidError
from opskit.core.i18n import _

LONGEST = 500
DEEPEST = 20
ANSWERS = "answers"

_CONSTANTS: Mapping[str, Value] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "none": NONE,
    "None": NONE,
}
_WORDS = frozenset({"and", "or", "not", "in"})
_SIGNS = ("==", "!=", "<=", ">=", "<", ">", "in")
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<text>"[^"\r\n]*"|'[^'\r\n]*')
    |(?P<number>-?[0-9]{1,12}(?:[.][0-9]{1,12})?(?![0-9A-Za-z_.]))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>==|!=|<=|>=|[<>()\[\],.])""",
    re.VERBOSE,
)


class ConditionInvalidError(InvalidError):
    """The condition of a step cannot be read; the message says at which character."""

    reference = "condition-invalid"

    def __init__(self, reason: str, column: int) -> None:
        super().__init__(
            _("character {column}: {reason}").format(column=column, reason=reason),
            hint=_("write it like {example}").format(example='client.canton == "BE"'),
        )
        self.reason = reason
        self.column = column


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the text: "BE", 3, true."""

    value: Value


@dataclass(frozen=True, slots=True)
class Fact:
    """A name: a fact of a group, such as client.canton."""

    group: str
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Values in brackets."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values and the sign between them; `in` and `not in` are signs too."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts that hold all (and) or of which one holds (or)."""

    word: str
    parts: "tuple[Node, ...]"


Node = Constant | Fact | Listed | Comparison | Not | Joined


def parse(text: str) -> Node:
    """The tree.

    Raises:
        ConditionInvalidError: it is too long, nested too deeply, or says something else.
    """
    if len(text) > LONGEST:
        too_long = _("it is longer than {most} characters").format(most=LONGEST)
        raise ConditionInvalidError(too_long, LONGEST + 1)
    return _Parser(text).whole()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ConditionInvalidError(_meaningless(text[at]), at + 1)
        if (kind := str(found.lastgroup)) != "space":
            yield _Token(kind, found[0], at + 1)
        at = found.end()
    yield _Token("end", "", len(text) + 1)


def _meaningless(character: str) -> str:
    match character:
        case '"' | "'":
            return _("the text in quotes does not end")
        case "=":
            return _("one = is not enough, write ==")
        case _:
            return _("{text} has no meaning here").format(text=repr(character))


class _Parser:
    """One way through the text, from `or`, which binds least, to single values."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        if self.next.kind == "end":
            raise ConditionInvalidError(_("there is nothing to read"), 1)
        node = self.either()
        if self.next.kind != "end":
            raise self.unexpected()
        return node

    def either(self) -> Node:
        return self.joined("or", self.both)

    def both(self) -> Node:
        return self.joined("and", self.contrary)

    def joined(self, word: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def contrary(self) -> Node:
        if self.take("not"):
            return Not(self.deeper(self.contrary))
        return self.comparison()

    def comparison(self) -> Node:
        left = self.value()
        sign = self.sign()
        if not sign:
            return left
        comparison = Comparison(sign, left, self.value())
        if self.next.text in _SIGNS:
            raise ConditionInvalidError(
                _("two values compare at a time, join comparisons with and"), self.next.column
            )
        return comparison

    def sign(self) -> str:
        if self.next.text == "not" and self.tokens[self.at + 1].text == "in":
            self.at += 2
            return "not in"
        found = self.take(*_SIGNS)
        return found.text if found else ""

    def value(self) -> Node:
        if self.take("("):
            inner = self.deeper(self.either)
            self.expect(")")
            return inner
        if self.take("["):
            return self.items()
        token = self.next
        match token.kind:
            case "text":
                self.at += 1
                return Constant(token.text[1:-1])
            case "number":
                self.at += 1
                return Constant(float(token.text) if "." in token.text else int(token.text))
            case "name" if token.text not in _WORDS:
                self.at += 1
                return self.name(token)
            case _:
                raise self.unexpected()

    def items(self) -> Node:
        found: list[Node] = []
        while not self.take("]"):
            if found:
                self.expect(",")
            found.append(self.deeper(self.value))
        return Listed(tuple(found))

    def name(self, token: _Token) -> Node:
        if token.text in _CONSTANTS:
            return Constant(_CONSTANTS[token.text])
        if self.take("."):
            fact = self.any_of("name")
        elif self.take("["):
            fact = self.any_of("text")[1:-1]
            self.expect("]")
        else:
            reason = _("{name} is no fact such as client.canton; a text stands in quotes")
            raise ConditionInvalidError(reason.format(name=token.text), token.column)
        return Fact(token.text, fact.replace("_", "-") if token.text == ANSWERS else fact)

    @property
    def next(self) -> _Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> _Token | None:
        """The next word or sign, if it is one of these."""
        token = self.next
        if token.kind not in ("name", "sign") or token.text not in texts:
            return None
        self.at += 1
        return token

    def any_of(self, kind: str) -> str:
        """The next token's text, which must be of that kind."""
        if self.next.kind != kind:
            raise self.unexpected()
        self.at += 1
        return self.tokens[self.at - 1].text

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise self.unexpected()

    def deeper(self, part: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ConditionInvalidError(_("nested too deeply"), self.next.column)
        node = part()
        self.depth -= 1
        return node

    def unexpected(self) -> ConditionInvalidError:
        token = self.next
        if token.kind == "end":
            return ConditionInvalidError(_("something is missing at the end"), token.column)
        reason = _("{text} does not belong here").format(text=token.text)
        return ConditionInvalidError(reason, token.column)
