"""The stories that the documentation tells run as written.

A block of the language `console` is a shell: `$ ` begins a command, `> ` goes on with it, and what
follows has to be said by it, line by line in that order. `...` stands for lines that are left out,
at the end of a line for the rest of it. A last line `(exit code 6)` is the one expected. The blocks
of a page are one sitting, in a folder of the clone.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from opskit.core.config import Home
from tests.support.home import Result, place_for_homes, run_opskit
from tests.test_architecture import ROOT

BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXIT_CODE = re.compile(r"\(exit code (\d)\)")
PAGES = ["docs/licenses.md", "docs/patches.md", "docs/onboarding.md"]


@dataclass(frozen=True)
class Step:
    """A command, and what the page says that it says."""

    line: str
    told: tuple[str, ...]
    code: int


def steps_of(text: str) -> Iterator[Step]:
    for block in BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *rest = part.rstrip("\n").split("\n")
            while rest and rest[0].startswith("> "):
                command = command.removesuffix("\\") + rest.pop(0)[2:]
            wanted = EXIT_CODE.fullmatch(rest[-1]) if rest else None
            told = rest[:-1] if wanted else rest
            yield Step(command, tuple(told), int(wanted[1]) if wanted else 0)


def run(folder: Path, line: str) -> Result:
    """Do what a shell would do with the line."""
    words = shlex.split(line, comments=True)
    typed = ""
    if words[0] == "printf":
        typed, words = words[1], words[3:]
    if words[0] == "cp":
        for source in words[1:-1]:
            shutil.copy(ROOT / source.removeprefix("../"), words[-1])
    if words[0] in {"cp", "mkdir", "export"}:
        return Result(0, "", "")
    assert words[0] == "opskit", f"no story types {line}"
    return run_opskit(folder, *words[1:], stdin=typed)


def missing_from(said: str, told: tuple[str, ...]) -> str | None:
    """The first line told that was not said, in its place."""
    lines = iter(said.splitlines())
    for each in told:
        if each.strip() != "..." and not any(is_said(each, line) for line in lines):
            return each
    return None


def is_said(told: str, line: str) -> bool:
    if told.endswith("..."):
        return line.startswith(told.removesuffix("..."))
    return line.rstrip() == told.rstrip()


@pytest.mark.parametrize("page", PAGES)
def test_the_story_of_a_page_runs_as_written(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with place_for_homes() as place:
        home = Home(place / "story").folder
        steps = list(steps_of((ROOT / page).read_text(encoding="utf-8")))
        assert steps
        for step in steps:
            done = run(home, step.line)
            said = done.out + done.err
            assert done.code == step.code, f"$ {step.line}\n{said}"
            assert missing_from(said, step.told) is None, f"$ {step.line}\n{said}"


def test_a_line_that_is_not_said_is_found() -> None:
    assert missing_from("a\nb\nc\n", ("a", "...", "c")) is None
    assert missing_from("a\nb\n", ("b", "a")) == "a"
    assert missing_from("a\n", ("A",)) == "A"
    assert missing_from("abc\n", ("ab...",)) is None
    assert missing_from("abc\n", ("b...",)) == "b..."
