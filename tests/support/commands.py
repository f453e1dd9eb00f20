"""Every command that the front door reaches, and what a line of documentation types."""

import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any

from opskit.cli import FrontDoor
from opskit.core.cliapp import load


@cache
def commands() -> dict[str, Any]:
    """`opskit client import` -> its command; groups themselves are left out."""
    return {
        path: command
        for name, ref in FrontDoor.table.items()
        for path, command in _walk(f"opskit {name}", load(ref))
    }


def shown(group: str, verb: str) -> list[list[str]]:
    """What each example in the help of a verb types after the run."""
    lines = commands()[f"opskit {group} {verb}"].epilog.splitlines()
    return [shlex.split(line)[4:] for line in lines]


def typed(line: str) -> list[str] | None:
    """The words after `opskit` on a shell line, None where the line starts no opskit."""
    words = shlex.split(line, comments=True)
    for position, word in enumerate(words):
        if word.rpartition("/")[2] == "opskit" and words[position - 1 : position] != ["install"]:
            rest = words[position + 1 :]
            stop = next((i for i, each in enumerate(rest) if each in {"|", ">", "&&"}), len(rest))
            return rest[:stop]
    return None


def fault_of(words: list[str]) -> str | None:
    """Why `opskit WORDS` could not be typed like that; None where it could."""
    if not words or words[0].startswith("-"):
        return None
    path = "opskit"
    while words and path not in commands():
        path, words = f"{path} {words[0]}", words[1:]
    if path not in commands():
        is_group = any(each.startswith(f"{path} ") for each in commands())
        return None if is_group else f"there is no command {path}"
    known = {name for each in commands()[path].params for name in (*each.opts, *_off(each))}
    ours = words[: words.index("--")] if "--" in words else words  # the rest is another program's
    used = [word.partition("=")[0] for word in ours if word.startswith("--")]
    unknown = [name for name in used if name not in known | {"--help"}]
    return f"{path} has no option {', '.join(unknown)}" if unknown else None


def _off(param: Any) -> list[str]:
    return list(getattr(param, "secondary_opts", []))


def _walk(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name, child in children.items():
        yield from _walk(f"{path} {name}", child)
