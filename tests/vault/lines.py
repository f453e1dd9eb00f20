"""Every command of the safe as somebody may type it, in a home that is stocked for it.

`{n}` is another number each time, `{place}` a folder for files.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.commands import commands
from tests.support.home import House, Result, copy_of

REF = "DELEZE/prod/erp-db"
VPN = "DELEZE/common/vpn"
GUARDED = "DELEZE/prod/guarded"
ROWS = "client,name,password\nDELEZE,i{n}a,one\nDELEZE,i{n}b,two\n"
MAP = "--map client=client,name=name,password=password"
NEW = "--kind generic --password-file -"


@dataclass(frozen=True)
class Line:
    """What is typed after `opskit vault`; `before` is typed first, by those people."""

    words: str
    stdin: str = ""
    before: tuple[str, ...] = ()
    by: str = "alice"

    @property
    def command(self) -> str:
        path = f"opskit vault {self.words}"
        return next(known for known in commands() if f"{path} ".startswith(f"{known} "))


@dataclass
class Typist:
    """Types lines in a stocked home."""

    house: House
    place: Path
    _number: int = field(default=0)

    def prepare(self, line: Line) -> "Ready":
        """Do what has to be done before the line can be typed."""
        self._number += 1
        said = ""
        for each in line.before:
            who, _, words = each.partition(": ")
            self.house.login(who)
            before = self.as_it_stands(Line(words, stdin="kept {n}"))
            said = self.house.done("vault", *before.words, stdin=before.stdin).out.strip()
        self.house.login(line.by)
        return self.as_it_stands(line, said=said)

    def as_it_stands(self, line: Line, *, said: str = "") -> "Ready":
        """The line, whatever is there; `said` is what the one before it answered."""
        n = str(self._number)
        (self.place / f"rows{n}.csv").write_text(ROWS.replace("{n}", n), encoding="utf-8")
        marks = {"{n}": n, "{place}": str(self.place), "{said}": said}
        words, stdin = line.words, line.stdin
        for mark, text in marks.items():
            words, stdin = words.replace(mark, text), stdin.replace(mark, text)
        return Ready(self, words.split(), stdin, n)

    def type(self, words: Iterable[str], stdin: str, n: str) -> Result:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("EDITOR", f"sed -i 's/^host:.*/host: h{n}.example/'")
            return self.house.opskit("vault", *words, stdin=stdin)


@dataclass(frozen=True)
class Ready:
    """A line that can be typed."""

    typist: Typist
    words: list[str]
    stdin: str
    n: str

    def type(self) -> Result:
        return self.typist.type(self.words, self.stdin, self.n)


@contextmanager
def stocked(pattern: House, place: Path) -> Iterator[Typist]:
    """Somebody in a home of their own that holds what the lines name."""
    with copy_of(pattern) as house:
        house.login("alice")
        stock(house)
        yield Typist(house, place)


def stock(house: House) -> None:
    """What the lines name."""
    put = ("vault", "add")
    facts = ["--kind", "database", "--host", "127.0.0.1", "--port", "1", "--username", "SYSTEM"]
    for ref in (REF, "DELEZE/prod/versions", GUARDED):
        house.done(*put, ref, *facts, "--password-file", "-", stdin=f"secret of {ref}")
    house.done("vault", "set", "DELEZE/prod/versions", "--host", "h2.example")
    seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    words = ("--kind", "vpn", "--field", "totp-seed", "--password-file", "-")
    house.done(*put, VPN, *words, stdin=seed)
    house.done("vault", "note", VPN, "--file", "-", stdin="how to get in")
    house.done("vault", "break-glass", "guard", GUARDED, "--yes")


READING = (
    Line("find erp --fresh"),
    Line("list DELEZE"),
    Line("tree DELEZE"),
    Line("sheet DELEZE"),
    Line(f"show {REF}"),
    Line(f"get {REF} --ticket CS-1"),
    Line(f"get {REF} --json"),
    Line(f"totp {VPN}"),
    Line(f"connect {REF}"),
    Line(f"run {REF} -- true"),
    Line(f"note {VPN}"),
    Line(
        f"save {REF} kept{{n}} --out {{place}}/out{{n}}",
        before=(f"alice: attach {REF} {{place}}/rows{{n}}.csv --name kept{{n}}",),
    ),
    Line(f"history {REF}"),
    Line("diff DELEZE/prod/versions"),
    Line(f"share {REF}"),
    Line("receive --token-file -", stdin="{said}", before=(f"alice: share {REF}",)),
    Line("access-report"),
    Line("exposure alice"),
    Line("health DELEZE"),
    Line(f"check {REF}"),
    Line("break-glass list"),
    Line("export DELEZE --out {place}/x{n}.kdbx --password-file -", stdin="of the file"),
    Line("provision --check"),
)
WRITING = (
    Line(f"add DELEZE/prod/a{{n}} {NEW}", stdin="new"),
    Line(f"set {REF} --host h{{n}}.example"),
    Line(f"rotate {REF} --yes --password-file -", stdin="new {n}"),
    Line(f"edit {REF}"),
    Line(f"note {REF} --file -", stdin="note {n}"),
    Line(f"attach {REF} {{place}}/rows{{n}}.csv"),
    Line("restore DELEZE/prod/versions --version 1"),
    Line("refresh"),
    Line(
        "move DELEZE/prod/m{n} DELEZE/prod/moved{n}",
        before=(f"alice: add DELEZE/prod/m{{n}} {NEW}",),
    ),
    Line("remove DELEZE/prod/r{n} --yes", before=(f"alice: add DELEZE/prod/r{{n}} {NEW}",)),
    Line(
        "undelete DELEZE/prod/u{n}",
        before=(f"alice: add DELEZE/prod/u{{n}} {NEW}", "alice: remove DELEZE/prod/u{n} --yes"),
    ),
    Line("purge DELEZE/prod/p{n} --yes", before=(f"alice: add DELEZE/prod/p{{n}} {NEW}",)),
    Line(f"intake {REF} --out {{place}}/form{{n}}.html"),
    Line(f"break-glass request {GUARDED} --ticket CS-2"),
    Line(
        "break-glass approve {said}", before=(f"bob: break-glass request {GUARDED} --ticket CS-3",)
    ),
    Line(
        "break-glass read {said}", before=(f"alice: break-glass request {GUARDED} --ticket CS-4",)
    ),
    Line(
        "break-glass guard DELEZE/prod/g{n} --yes", before=(f"alice: add DELEZE/prod/g{{n}} {NEW}",)
    ),
    Line(f"import {{place}}/rows{{n}}.csv --yes {MAP}"),
)
LINES = (*READING, *WRITING)
ELSEWHERE = {
    "opskit vault generate",  # asks neither the safe nor the database
    "opskit vault database",  # is for a team's home alone
}


def ids(lines: Iterable[Line]) -> list[str]:
    return [line.words for line in lines]
