"""The house stands: every name resolves, arrows point one way, a start loads little."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from opskit.cli import FrontDoor
from opskit.core.cliapp import load

ROOT = Path(__file__).parent.parent
PACKAGES = ("opskit", "vault", "licenses", "onboarding")
LONGEST_MODULE = 300
HEAVY = ("sqlalchemy", "alembic", "hvac", "rich", "cryptography", "msgspec", "yaml", "keyring")
FEATURES = (
    "vault",
    "licenses",
    "onboarding",
    "opskit.audit",
    "opskit.calendar",
    "opskit.checklists",
    "opskit.clients",
    "opskit.local",
    "opskit.patches",
    "opskit.setup",
    "opskit.staff",
    "opskit.todo",
)
SHOW_LOADED = """
import sys
from opskit.__main__ import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    print("\\n".join(["--loaded--", *sys.modules]))
    sys.exit(end.code)
"""


@pytest.mark.parametrize("name", FrontDoor.table)
def test_every_name_of_the_front_door_leads_somewhere(name: str) -> None:
    ref = FrontDoor.table[name]
    assert ref.help()
    assert load(ref).help


@pytest.mark.skipif(find_spec("importlinter") is None, reason="`make check` runs lint-imports")
def test_imports_point_one_way() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_help_loads_no_feature() -> None:
    assert _loaded("--help") == []


@pytest.mark.parametrize("name", FrontDoor.table)
def test_the_help_of_a_group_loads_no_heavy_library(name: str) -> None:
    assert [each for each in _loaded(name, "--help") if each in HEAVY] == []


def test_no_module_is_too_long() -> None:
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for package in (*PACKAGES, "tools", "benchmarks")
        for file in (ROOT / package).rglob("*.py")
        if file.parent.name != "versions"  # a migration is one list of tables, never edited again
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def _loaded(*args: str) -> list[str]:
    """Which features and heavy libraries one command line imports."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW_LOADED, *args],
        env={**os.environ, "LANG": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = done.stdout.partition("--loaded--\n")[2].split()
    assert "opskit.core.cliapp" in loaded
    return [each for each in loaded if each in (*FEATURES, *HEAVY)]
