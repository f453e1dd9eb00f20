"""Keys that a person copied: how they may be written, and which lines a reader has to name."""

from collections.abc import Iterator

from licenses import crockford, typedform
from licenses.keyformat import Extension
from licenses.reference import reference_of
from licenses.refusals import Reason
from licenses.typedform import BEGIN, END, check_symbols, qr_text
from tests.licenses.samples import ANCHORED, SAMPLE, sample, sign
from tests.licenses.vector_case import FULL_FACTS, Case, accepted, refused

LARGEST = sample(extensions=(Extension(112, bytes(255)), Extension(113, bytes(144))))
SEVEN = typedform.wrap(sign(SAMPLE)).splitlines()
EIGHT = typedform.wrap(sign(ANCHORED)).splitlines()
THIRTY_THREE = typedform.wrap(sign(LARGEST)).splitlines()
REFERENCE = str(reference_of(sign(SAMPLE)))
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212 \t\u00a0\u202f"


def typed_cases() -> Iterator[Case]:
    yield from _accepted()
    yield from _accepted_pages()
    yield from _wrong_symbols()
    yield from _wrong_numbers()
    yield from _wrong_places()
    yield from _wrong_counts()
    yield from _foreign_characters()
    yield from _references()


def _accepted() -> Iterator[Case]:
    plain = "\n".join(map(_unnumbered, SEVEN))
    forms = {
        "typed": ("seven numbered lines", _text(SEVEN)),
        "typed-no-numbers": ("the numbers are not needed", plain),
        "typed-sloppy": (
            "lower case, O for 0, L for 1, spaces for dashes",
            plain.lower().replace("0", "o").replace("1", "l").replace("-", "  "),
        ),
        "typed-sloppy-i": ("I for 1, in either case", _text([*SEVEN[:1], *_with_i(SEVEN[1:])])),
        "typed-numbers-folded": (
            "numbers are folded too",
            _text([f"- l -{SEVEN[0][1:]}", *SEVEN[1:]]),
        ),
        "typed-dashes": ("every dash and space that is removed", _with_every_dash(plain)),
        "typed-blank-lines": ("empty lines between", _text(SEVEN).replace("\n", "\r\n\r\n")),
        "typed-rules": (
            "lines of dashes or spaces only do not count",
            "---\n" + _text([*SEVEN[:3], "- - - -", "\u00a0", "\u2014", *SEVEN[3:], "----"]),
        ),
        "typed-byte-order-mark": ("a byte order mark", "\ufeff" + _text(SEVEN)),
        "typed-qr": ("in one piece, as a QR code holds it", qr_text(sign(SAMPLE))),
        "typed-qr-rule": ("in one piece, under a rule", "---\n" + qr_text(sign(SAMPLE))),
    }
    for name, (description, text) in forms.items():
        yield accepted(name, description, SAMPLE, text, **FULL_FACTS)
    for name, description, payload, lines in (
        ("typed-anchored", "eight lines, with an anchor", ANCHORED, EIGHT),
        ("typed-largest", "33 lines", LARGEST, THIRTY_THREE),
    ):
        yield accepted(name, description, payload, _text(lines), **FULL_FACTS)


def _accepted_pages() -> Iterator[Case]:
    key = _text(SEVEN)
    pages = {
        "typed-page": ("a page that says more", f"Deleze SA: L1042\n{BEGIN}\n{key}{END}\n-----\n"),
        "typed-page-open": ("no end marker", f"Deleze SA\n{BEGIN}\n{key}"),
        "typed-page-first": (
            "the first page of two counts",
            f"{BEGIN}\n{key}{END}\n{BEGIN}\nno key\n{END}\n",
        ),
        "typed-page-end-before": (
            "an end marker before the begin marker is nothing",
            f"{END}\n{BEGIN}\n{key}{END}\n",
        ),
    }
    for name, (description, text) in pages.items():
        yield accepted(name, description, SAMPLE, text, **FULL_FACTS)
    broken = {
        "typed-rule": ("a line of five dashes", _text([*SEVEN[:3], "-----", *SEVEN[3:]])),
        "typed-end-only": ("an end marker without a begin marker", f"{key}{END}\n"),
        "typed-begin-twice": ("a begin marker within", f"{BEGIN}\n{BEGIN}\n{key}{END}\n"),
    }
    for suffix, (description, text) in broken.items():
        yield refused(Reason.BAD_ARMOUR, suffix, description, text)


def _wrong_symbols() -> Iterator[Case]:
    wrong = _instead(SEVEN, {4: _mistyped(SEVEN[3])})
    yield _bad("", "one symbol of line 4", wrong, 4)
    yield _bad("short", "one symbol less", _instead(SEVEN, {4: SEVEN[3][:-1]}), 4)
    several = _instead(SEVEN, {2: _mistyped(SEVEN[1]), 5: _mistyped(SEVEN[4])})
    yield _bad("several", "lines 2 and 5", several, 2, 5)
    first = _instead(SEVEN[:-1], {3: _mistyped(SEVEN[2])})
    yield _bad("first", "line 3, and the last is missing: line 6 is excused", first, 3)
    yield _bad("added", "a line after the last", [*SEVEN, "Regards"], 8)
    two_symbols = crockford.symbols(check_symbols([2, 8]))
    yield _bad("two-symbols", "a last line of check symbols alone", _and_last(two_symbols), 8)
    longer = typedform.wrap(sign(sample(extensions=(Extension(112, bytes(40)),)))).splitlines()
    joined = [*SEVEN, longer[7]]
    yield _bad("all-excused", "line 7 would be right as the last, line 8 not", joined, 7, 8)


def _wrong_numbers() -> Iterator[Case]:
    third = _unnumbered(SEVEN[2])
    broken = {
        "number": ("line 3 is numbered 4", f"4: {third}"),
        "number-empty": ("a colon without a number", f": {third}"),
        "number-leading-zero": ("numbers have no zero in front", f"03: {third}"),
        "number-word": ("a word before the number", f"Line 3: {third}"),
        "number-sign": ("a sign before the number", f"#3: {third}"),
        "number-colon": ("what stands before the last colon is no number", f"3:3: {third}"),
        "number-wide": ("a digit, but no decimal one of ASCII", f"\uff13: {third}"),
    }
    for suffix, (description, line) in broken.items():
        yield _bad(suffix, description, _instead(SEVEN, {3: line}), 3)
    sixth = f"9: {_unnumbered(SEVEN[5])}"
    yield _bad(
        "number-last", "line 6 of 6 is numbered 9: not excused", [*SEVEN[:5], sixth], 6
    )  # fmt: skip


def _wrong_places() -> Iterator[Case]:
    plain = [_unnumbered(line) for line in SEVEN]
    swapped = _instead(plain, {2: plain[2], 3: plain[1]})
    numbered = _instead(SEVEN, {2: SEVEN[2], 3: SEVEN[1]})
    as_typed = _instead(SEVEN, {2: f"2: {plain[2]}", 3: f"3: {plain[1]}"})
    colons = _instead(numbered, {2: f"2:{SEVEN[2]}"})
    for suffix, description, lines in (
        ("", "lines 2 and 3 are swapped", swapped),
        ("numbered", "swapped with their numbers", numbered),
        ("as-typed", "swapped and numbered from 1 to 7", as_typed),
        ("colons", "a written number of any kind does not matter", colons),
    ):
        yield _named(Reason.MISPLACED_TYPED_LINE, suffix, description, lines, 2)
    for number in (1, 4):
        left_out = [*plain[: number - 1], *plain[number:]]
        yield _named(
            Reason.MISPLACED_TYPED_LINE, f"left-out-{number}", f"line {number} is left out",
            left_out, number,
        )  # fmt: skip
    two = [*map(_unnumbered, EIGHT[:5]), _unnumbered(EIGHT[6])]
    yield _named(Reason.MISPLACED_TYPED_LINE, "two-left-out", "lines 6 and 8 of 8", two, 6)
    before_last = [*plain[:5], plain[6]]
    yield _bad("left-out", "line 6 of 7: what follows is a last line", before_last, 6)


def _wrong_counts() -> Iterator[Case]:
    last = "the last line is missing"
    yield _named(Reason.MISSING_TYPED_LINE, "", last, SEVEN[:-1], 7)
    yield refused(Reason.NOT_A_KEY, "empty", "no text", "")
    yield refused(Reason.NOT_A_KEY, "rules", "no line that counts", "---\n\u00a0\n")
    yield refused(Reason.NOT_A_KEY, "prose", "a sentence", "Please find your licence attached.")
    one = "1: " + qr_text(sign(SAMPLE))
    yield refused(Reason.NOT_A_KEY, "one-line-colon", "a line with a colon is not cut", one)
    yield refused(Reason.TOO_LONG, "typed", "34 lines", "\n".join(["0" * 27] * 34))
    short = "\n".join(["0" * 26] * 34)
    yield refused(Reason.NOT_A_KEY, "many-lines", "34 lines, none of 27 symbols", short)
    yield refused(Reason.TRUNCATED, "typed", "20 bytes in two true lines", _lines_of([0] * 7))
    yield refused(Reason.BAD_TYPED_LENGTH, "", "a symbol that no byte needs", _lines_of([0, 0]))
    both = _lines_of([0, 1])
    yield refused(Reason.BAD_TYPED_LENGTH, "padding", "and its bits are not zero", both)
    yield refused(Reason.NON_ZERO_PADDING, "", "the unused bits are not zero", _lines_of([1]))


def _foreign_characters() -> Iterator[Case]:
    """Characters that upper case, white space or the length of a text treat in many ways."""
    foreign = {
        "dotless-i": (1, "1", "\u0131"),
        "long-s": (3, "S", "\u017f"),
        "kelvin": (3, "K", "\u212a"),
        "wide-zero": (1, "0", "\uff10"),
        "u": (1, "0", "U"),
        "zero-width-space": (2, "-", "\u200b"),
        "thin-space": (2, "-", "\u2009"),
    }
    for suffix, (number, symbol, other) in foreign.items():
        line = _unnumbered(SEVEN[number - 1]).replace(symbol, other, 1)
        description = f"U+{ord(other):04X} instead of {symbol} in line {number}"
        yield _bad(suffix, description, _instead(SEVEN, {number: line}), number)
    code = qr_text(sign(SAMPLE))
    smile = f"{code[:85]}\U0001f600{code[86:]}"
    yield _bad("code-points", "a character outside the BMP is one of 27", [smile], 4)
    separated = "\u2028".join(map(_bare, SEVEN))
    ends_no_line = "U+2028 ends no line: what stands there is cut after 27 characters"
    yield _bad("line-separator", ends_no_line, [separated], *range(2, 9))


def _references() -> Iterator[Case]:
    yes = {
        "": ("the number for the phone", REFERENCE),
        "sloppy": ("in lower case", REFERENCE.lower()),
        "no-dash": ("the dash is not needed", REFERENCE.replace("-", "")),
        "spaces": ("in groups", f"L 10 42 - {REFERENCE[-4:]}"),
        "letter-o": ("O for 0", REFERENCE.replace("0", "O")),
        "rules": ("between rules", f"---\n{REFERENCE}\n---\n"),
        "zero": ("serial 0", "L0-0000"),
        "highest": ("serial 4294967295", "L4294967295-0000"),
    }
    for suffix, (description, text) in yes.items():
        yield refused(Reason.REFERENCE_NOT_A_KEY, suffix, description, text)
    no = {
        "reference-zero": ("a serial with a zero in front", REFERENCE.replace("L", "L0")),
        "reference-too-high": ("serial 4294967296", "L4294967296-0000"),
        "reference-letter": ("another letter", REFERENCE.replace("L", "R")),
        "reference-symbols": ("U is no symbol", REFERENCE[:-2] + "U0"),
        "reference-digits": ("no four symbols", "L-PEKW"),
        "reference-twice": ("two of them", f"{REFERENCE}\n{REFERENCE}\n"),
    }
    for suffix, (description, text) in no.items():
        yield refused(Reason.NOT_A_KEY, suffix, description, text)
    above = "a reference number above the key counts as line 1"
    yield _bad("reference", above, [REFERENCE, *map(_unnumbered, SEVEN)], *range(1, 9))


def _bad(suffix: str, description: str, lines: list[str], *numbers: int) -> Case:
    return _named(Reason.BAD_TYPED_LINE, suffix, description, lines, *numbers)


def _named(reason: Reason, suffix: str, description: str, lines: list[str], *numbers: int) -> Case:
    """A typed key of which the reader has to name some lines."""
    return {**refused(reason, suffix, description, "\n".join(lines)), "lines": list(numbers)}


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _instead(lines: list[str], changes: dict[int, str]) -> list[str]:
    """The lines with some replaced, by their number."""
    return [changes.get(number, line) for number, line in enumerate(lines, start=1)]


def _unnumbered(line: str) -> str:
    return line.partition(": ")[2]


def _bare(line: str) -> str:
    return _unnumbered(line).replace("-", "")


def _mistyped(line: str) -> str:
    return line[:5] + ("2" if line[5] != "2" else "3") + line[6:]


def _with_i(lines: list[str]) -> list[str]:
    return [
        _unnumbered(line).replace("1", "iI"[number % 2]) for number, line in enumerate(lines)
    ]  # fmt: skip


def _with_every_dash(plain: str) -> str:
    """Each dash between two groups replaced by the next of those that are removed."""
    first, *groups = plain.split("-")
    parted = (DASHES[number % len(DASHES)] + group for number, group in enumerate(groups))
    return first + "".join(parted)


def _and_last(line: str) -> list[str]:
    """The sample's lines, the seventh no longer marked as the last one, and one more."""
    data = crockford.values(_bare(SEVEN[6])[:-2])
    seventh = crockford.symbols([*data, *check_symbols([0, 7, *data])])
    return [*SEVEN[:6], seventh, line]


def _lines_of(last: list[int]) -> str:
    """A full first line of zeros and a second with these values, both with true check symbols."""
    first = [0] * typedform.DATA_SYMBOLS
    places = ([0, 1], first), ([2, 2], last)
    return "\n".join(
        crockford.symbols([*data, *check_symbols([*place, *data])]) for place, data in places
    )
