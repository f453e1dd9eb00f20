"""The documentation is true: what it names exists, and what exists it names."""

import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from opskit.core.config import Settings
from opskit.core.errors import ExitCode, OpsError
from tests.support.commands import commands, fault_of, typed
from tests.test_architecture import PACKAGES, ROOT

PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(r"^```(?:\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(opskit [^`]+)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
OTHER_MACHINES = re.compile(r"(?<![\w.])/(?:work|farm|root|home|tmp)/")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_walk_finds_commands() -> None:
    assert "opskit vault get" in commands()
    assert fault_of(["vault", "get", "A/b/c", "--ticket", "CS-1"]) is None
    assert fault_of(["vault", "got", "A/b/c"]) == "there is no command opskit vault got A/b/c"
    assert (
        fault_of(["vault", "get", "--tickets=CS-1"]) == "opskit vault get has no option --tickets"
    )


@pytest.mark.parametrize("path", commands())
def test_every_command_explains_itself(path: str) -> None:
    command = commands()[path]
    assert command.help
    lines = (command.epilog or "").splitlines()
    assert any((typed(line) or [])[: len(path.split()) - 1] == path.split()[1:] for line in lines)
    assert [fault for line in lines if (fault := fault_of(typed(line) or []))] == []
    assert [each.name for each in command.params if not getattr(each, "help", None)] == []


SILENT = {  # what neither reads nor creates, or shows a secret that belongs on paper
    "opskit local stop",
    "opskit local recovery-key",
    "opskit local recover",
    "opskit checklist calendar",
    "opskit checklist export",
    "opskit checklist print",
    "opskit license chart",
    "opskit license export",
    "opskit logout",
    "opskit onboarding calendar",
    "opskit onboarding chart",
    "opskit onboarding export",
    "opskit onboarding export-my-data",  # JSON is all it speaks
    "opskit onboarding report",
    "opskit patch calendar",
    "opskit patch export",
    "opskit patch print",
    "opskit vault database",
    "opskit vault run",
    "opskit user reset",
}


def test_every_command_that_reads_or_creates_speaks_json() -> None:
    without = {
        path
        for path, command in commands().items()
        if not any("--json" in param.opts for param in command.params)
    }
    assert without == SILENT


@pytest.mark.parametrize("path", commands())
def test_every_command_stands_on_the_page_of_its_group(path: str) -> None:
    group = path.split()[1]
    page = ROOT / "docs" / f"{PAGE_OF.get(group, group)}.md"
    assert path in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_every_command_that_a_page_shows_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = [block.replace("\\\n", " ") for block in BLOCK.findall(text)]
    lines = [line for block in blocks for line in block.splitlines()]
    shown = [words for line in [*lines, *INLINE.findall(text)] if (words := _typed(line))]
    assert [fault for words in shown if (fault := fault_of(words))] == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_no_page_speaks_of_one_machine(page: Path) -> None:
    assert OTHER_MACHINES.findall(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_is_documented(code: ExitCode) -> None:
    row = rf"^\| {code.value} \| {code.name.lower().replace('_', ' ')} \|"
    assert re.search(row, _page("exit-codes.md"), re.MULTILINE)


def test_every_error_reference_is_documented_with_its_code() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d) \|", _page("exit-codes.md"), re.MULTILINE)
    documented = {reference: int(code) for reference, code in rows}
    assert documented == {each.reference: each.exit_code.value for each in _errors()}


def test_every_setting_is_documented() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", _page("settings.md"), re.MULTILINE)
    assert rows == [each.name for each in fields(Settings)]


def test_every_page_that_the_program_names_exists() -> None:
    named = {
        name
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for name in re.findall(r"docs/[a-z0-9/-]+\.md", file.read_text(encoding="utf-8"))
    }
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


PAGE_OF = {
    "checklist": "checklists",
    "license": "licenses",
    "patch": "patches",
    "remind": "todo",
    "init": "setup",
    "doctor": "setup",
    "upgrade": "setup",
    "backup": "setup",
    "login": "vault",
    "logout": "vault",
    "whoami": "vault",
    "user": "staff",
}


def _typed(line: str) -> list[str] | None:
    try:
        return typed(line)
    except ValueError:  # prose or another language, with an apostrophe
        return None


def _page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def _errors() -> list[type[OpsError]]:
    """Every kind of error that any module can raise."""
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            if file.name != "env.py":  # Alembic's, which runs only inside a migration
                parts = file.relative_to(ROOT).with_suffix("").parts
                import_module(".".join(parts).removesuffix(".__init__"))
    found, waiting = [], [OpsError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found
