"""The French catalogue: collect the messages, keep the translations, compile.

Messages come from the source, and from the few of Typer that people see; translations from
`opskit.po`, which is edited by hand. Neither file holds a line number, a path or a date, so that
a change shows only what changed.
"""

import ast
import re
import sys
from collections.abc import Iterator
from inspect import getsourcefile
from io import BytesIO
from pathlib import Path
from string import Formatter

import typer.core
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PACKAGES = ("opskit", "vault", "licenses", "onboarding")
PO_FILE = ROOT / "opskit/locale/fr/LC_MESSAGES/opskit.po"
MO_FILE = PO_FILE.with_suffix(".mo")
WIDTH = 100
HEADERS = [
    ("Language", "fr"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=2; plural=(n > 1);"),
]


class FrenchCatalogue(Catalog):
    """A catalogue whose header says what gettext needs and not when it was made."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return HEADERS


def messages() -> frozenset[str]:
    """Every message that a person may read."""
    return frozenset(_collect())


def update(text: bytes) -> FrenchCatalogue:
    """The messages of today with the translations that the PO text has for them."""
    known = parse(text)
    catalogue = FrenchCatalogue(locale="fr", fuzzy=False)
    catalogue.header_comment = "# opskit in French. `make catalogue` adds what is new."
    for message in sorted(messages()):
        old = known.get(message)
        catalogue.add(message, string=unbroken(str(old.string)) if old is not None else "")
    return catalogue


def unbroken(french: str) -> str:
    """No line breaks before `:`, `;`, `?` and `!`: the space there becomes U+00A0."""
    return re.sub(" (?=[:;?!])", "\u00a0", french)


def parse(text: bytes) -> Catalog:
    return read_po(BytesIO(text), locale="fr", charset="utf-8")


def render(catalogue: FrenchCatalogue) -> bytes:
    """The PO text."""
    file = BytesIO()
    write_po(file, catalogue, width=WIDTH, no_location=True, sort_output=True)
    return file.getvalue().rstrip(b"\n") + b"\n"


def compile_mo(catalogue: FrenchCatalogue) -> bytes:
    """What gettext reads."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def faults(catalogue: FrenchCatalogue) -> list[str]:
    """What is wrong with the translations, one line each."""
    found = []
    for each in catalogue:
        message, french = str(each.id), str(each.string)
        if not message:
            continue
        if not french:
            found.append(f"no French for {message!r}")
        elif placeholders(message) != placeholders(french):
            found.append(f"other placeholders in the French for {message!r}: {french!r}")
    return found


def placeholders(message: str) -> list[str]:
    """`{count}`, `{name!r}`, ...: whatever order the language wants them in."""
    parts = Formatter().parse(message)
    return sorted(f"{name}!{conversion}" for _text, name, _spec, conversion in parts if name)


def main(arguments: list[str]) -> int:
    """Update both files, or with `--check` only say what an update would change."""
    checking = "--check" in arguments
    old = PO_FILE.read_bytes() if PO_FILE.exists() else b""
    catalogue = update(old)
    wanted = {PO_FILE: render(catalogue), MO_FILE: compile_mo(catalogue)}
    found = faults(catalogue)
    for file, content in wanted.items():
        if file.exists() and file.read_bytes() == content:
            continue
        if checking:
            found.append(f"{file.relative_to(ROOT)} is not up to date: make catalogue")
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    lines = [*found, f"{len(catalogue)} messages, {len(found)} faults"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found and checking else 0


def _collect() -> Iterator[str]:
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            yield from _messages_of(file)
    yield from _messages_of(Path(str(getsourcefile(typer.core))))


def _messages_of(file: Path) -> Iterator[str]:
    """Read the syntax tree: Babel's own reader overlooks an f-string before Python 3.12."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(message))]):
                yield message
            case ast.Call(func=ast.Name(id="_")):
                sys.exit(f"{file.relative_to(ROOT)}:{node.lineno}: _() takes one literal string")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
