"""Licence files: how they may reach a verifier, and what is no longer one."""

from collections.abc import Iterator

from licenses import armour
from licenses.refusals import Reason
from tests.licenses.samples import SAMPLE, sign
from tests.licenses.vector_case import FULL_FACTS, Case, accepted, file_text, refused

TEXT = file_text(SAMPLE)
HEADERS, CODE = TEXT.split("\n\n")
BLOCK = CODE.splitlines()[0]
BARE = armour.wrap(sign(SAMPLE), {})
LAST_HEADER = HEADERS.splitlines()[-1]


def file_cases() -> Iterator[Case]:
    yield from _accepted()
    yield from _accepted_headers()
    yield from _length()
    yield from _markers()
    yield from _headers()
    yield from _characters()
    yield from _base64()


def _accepted() -> Iterator[Case]:
    one_line = "".join(CODE.splitlines()[:-1])
    forms = {
        "file": ("an armoured file, every fact known", TEXT),
        "file-crlf": ("lines end in CR LF", TEXT.replace("\n", "\r\n")),
        "file-cr": ("lines end in CR", TEXT.replace("\n", "\r")),
        "file-no-final-newline": ("the last line has no end", TEXT.removesuffix("\n")),
        "file-byte-order-mark": ("a byte order mark, as Notepad writes it", "\ufeff" + TEXT),
        "file-indented": ("every line is indented and padded", _each_line("\t  {} ")),
        "file-blank-lines": ("empty lines everywhere", "\n\n" + _each_line("{}\n \n")),
        "file-no-blank-line": ("nothing separates headers and block", TEXT.replace("\n\n", "\n")),
        "file-no-headers": ("no headers", BARE),
        "file-one-line-block": (
            "the block is one line",
            f"{armour.BEGIN}\n{one_line}\n{armour.END}",
        ),
        "file-largest-text": ("8192 bytes of text", TEXT + "\n" * (8192 - len(TEXT.encode()))),
    }
    for name, (description, form) in forms.items():
        yield accepted(name, description, SAMPLE, form, **FULL_FACTS)


def _accepted_headers() -> Iterator[Case]:
    false = {"Client": "Somebody else", "Last usable day": "2099-12-31"}
    smiles = "\U0001f600" * 40
    forms = {
        "false-headers": ("headers lie and are not read", armour.wrap(sign(SAMPLE), false)),
        "accents": (
            "headers are UTF-8 and may be empty",
            armour.wrap(sign(SAMPLE), {"Société": "Délèze & Fils: Sàrl", "Remarque": ""}),
        ),
        "header-longest": ("a name of 40 code points", _with_header(f"\t {smiles}  : long")),
        "header-colon": ("the first colon ends the name", _with_header(f"A: {'a' * 41}: b")),
        "header-case": ("two names, one in lower case", _with_header("A: 1\na: 2")),
        "header-code-points": (
            "two names that look the same",
            _with_header("\u00e9: 1\ne\u0301: 2"),
        ),
        "header-no-break-space": ("a name of U+00A0", _with_header("\u00a0: a")),
        "line-separator": ("U+2028 in a header ends no line", _with_header("A: b\u2028c")),
    }
    for name, (description, form) in forms.items():
        yield accepted(f"file-{name}", description, SAMPLE, form, **FULL_FACTS)


def _length() -> Iterator[Case]:
    text = TEXT + "\n" * (8193 - len(TEXT.encode()))
    yield refused(Reason.TOO_LONG, "text", "8193 bytes of text", text)
    accents = armour.BEGIN + "\nNote: " + "é" * 4200
    yield refused(Reason.TOO_LONG, "text-bytes", "fewer characters than bytes", accents)
    noise = {"file_hex": "ff" * 8193}
    yield refused(Reason.TOO_LONG, "not-utf-8", "measured before it is decoded", noise)
    empty = f"{armour.BEGIN}\n{armour.END}\n"
    yield refused(Reason.TRUNCATED, "empty-file", "an empty block", empty)


def _markers() -> Iterator[Case]:
    quoted = "\n".join(f"> {line}" for line in TEXT.splitlines())
    broken = {
        "no-begin": ("the first line is missing", TEXT.split("\n", 1)[1]),
        "no-end": ("the last line is missing", TEXT.replace(armour.END, "")),
        "one-line": ("begin and end are one line", f"{armour.BEGIN} {armour.END}"),
        "end-cut": ("the last line is cut", TEXT.rstrip()[:-1]),
        "begin-lower-case": ("markers are exact", TEXT.replace("BEGIN", "begin")),
        "text-before": ("a greeting before it", "Hello,\n" + TEXT),
        "text-after": ("a signature after it", TEXT + "Regards\n"),
        "two": ("two licences in one file", TEXT + TEXT),
        "begin-twice": (
            "a begin marker before the block",
            TEXT.replace("\n\n", f"\n{armour.BEGIN}\n"),
        ),
        "mail-quoting": ("quoted as in mail", quoted),
        "two-byte-order-marks": ("only one is taken away", "\ufeff\ufeff" + TEXT),
        "no-break-space": (
            "U+00A0 at the end of a line stays",
            TEXT.replace(armour.BEGIN, armour.BEGIN + "\u00a0"),
        ),
    }
    for suffix, (description, text) in broken.items():
        yield refused(Reason.BAD_ARMOUR, suffix, description, text)


def _headers() -> Iterator[Case]:
    no_base64 = TEXT.replace(BLOCK, BLOCK[1:])
    broken = {
        "twice": ("a name comes twice", TEXT.replace("Client number", "Client")),
        "no-name": ("a header without a name", TEXT.replace("Client:", " :")),
        "long-name": ("a name of 41 characters", TEXT.replace("Client:", "C" * 41 + ":")),
        "first": (
            "a name that comes twice, and a block that is no base64",
            no_base64.replace("Client number", "Client"),
        ),
        "late": ("a header after the block", TEXT.replace(armour.END, f"A: b\n{armour.END}")),
        "late-first": (
            "a header after a block that is no base64",
            no_base64.replace(armour.END, f"A: b\n{armour.END}"),
        ),
    }
    for suffix, (description, text) in broken.items():
        yield refused(Reason.BAD_ARMOUR, f"header-{suffix}", description, text)


def _characters() -> Iterator[Case]:
    control = {
        "control-character": ("an escape sequence", TEXT.replace("Deleze", "\x1b[31mDeleze")),
        "tab": ("a tab within a line", TEXT.replace("Deleze SA", "Deleze\tSA")),
        "next-line": (
            "U+0085 is a control character and ends no line",
            TEXT.replace(LAST_HEADER, LAST_HEADER + "\u0085"),
        ),
        "form-feed": ("a form feed at the end", TEXT + "\f\n"),
    }
    for suffix, (description, text) in control.items():
        yield refused(Reason.BAD_ARMOUR, suffix, description, text)
    latin = {"file_hex": TEXT.replace("Deleze", "Délèze").encode("cp1252").hex()}
    yield refused(Reason.NOT_A_KEY, "not-utf-8", "saved as Windows-1252", latin)
    wide = {"file_hex": TEXT.encode("utf-16").hex()}
    yield refused(Reason.NOT_A_KEY, "utf-16", "saved as UTF-16", wide)


def _base64() -> Iterator[Case]:
    padded = TEXT.replace(f"\n{armour.END}", f"=\n{armour.END}")
    broken = {
        "character": ("a character outside the alphabet", TEXT.replace(BLOCK, BLOCK[:-1] + "!")),
        "url-alphabet": ("the URL alphabet", TEXT.replace(BLOCK, BLOCK[:-1] + "_")),
        "space-inside": ("a space within a line", TEXT.replace(BLOCK, BLOCK[:9] + " " + BLOCK[9:])),
        "missing-character": ("one character is missing", TEXT.replace(BLOCK, BLOCK[1:])),
        "no-padding": ("the padding is missing", TEXT.replace("=", "")),
        "too-much-padding": ("three padding characters", padded),
        "padding-inside": ("padding within the block", TEXT.replace(BLOCK, BLOCK[:-1] + "=")),
    }
    for suffix, (description, text) in broken.items():
        yield refused(Reason.BAD_BASE64, suffix, description, text)
    loose = _with_unused_bits(TEXT)
    yield refused(Reason.NON_CANONICAL_BASE64, "", "the unused bits are not zero", loose)


def _with_header(header: str) -> str:
    return BARE.replace("\n\n", f"\n{header}\n\n")


def _each_line(pattern: str) -> str:
    return "\n".join(pattern.format(line) for line in TEXT.splitlines())


def _with_unused_bits(text: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = text.index("=") - 1
    return text[:last] + alphabet[alphabet.index(text[last]) + 1] + text[last + 1 :]
