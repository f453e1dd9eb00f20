"""Which milestones open what: the file that comes with opskit, and a team's own."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.access.errors import LevelsInvalidError
from onboarding.access.level import GROWING, Level
from onboarding.access.levels import OWN, Levels, load_levels, parse_level, read_levels
from onboarding.paths import PATHS, load_path
from opskit.core.config import Home
from opskit.core.errors import NotFoundError

GOOD = "sandbox: [a]\nread-only: [b, c]\npole: [d]\n"


def test_every_shipped_milestone_is_a_step_of_every_path(levels: Levels) -> None:
    for path in PATHS:
        assert levels.keys <= {step.key for step in load_path(path).steps}


def test_what_is_earned_step_by_step() -> None:
    found = read_levels(GOOD, "x")
    assert found.earned([]) is Level.NONE
    assert found.earned(["a"]) is Level.SANDBOX
    assert found.earned(["a", "b"]) is Level.SANDBOX
    assert found.earned(["a", "b", "c"]) is Level.READ_ONLY
    assert found.earned(["b", "c", "d"]) is Level.NONE  # nobody skips the sandbox
    assert found.earned("abcd") is Level.POLE


@given(st.frozensets(st.sampled_from("abcd")), st.frozensets(st.sampled_from("abcd")))
def test_one_more_signature_never_takes_a_level_away(
    some: frozenset[str], more: frozenset[str]
) -> None:
    found = read_levels(GOOD, "x")
    assert found.earned(some).rank <= found.earned(some | more).rank


@given(st.sampled_from(Level))
def test_below_is_one_less(level: Level) -> None:
    assert level.below.rank == max(level.rank - 1, 0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sandbox: [a]\nread-only: [b]\n", "missing required field `pole`"),
        (f"{GOOD}everything: [e]\n", "unknown field `everything`"),
        ("sandbox: []\nread-only: [b]\npole: [c]\n", "length >= 1"),
        ("sandbox: [a]\nread-only: [a]\npole: [c]\n", "the step a is named twice"),
        ("sandbox: [A b]\nread-only: [b]\npole: [c]\n", "matching regex"),
        ("sandbox: a\nread-only: [b]\npole: [c]\n", "Expected `array`"),
        ("sandbox: [a]\nsandbox: [b]\n", "the key sandbox is given twice"),
        ("- a", "Expected `object`"),
        ("", "Expected `object`"),
        ("sandbox: [", "yaml"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused(text: str, reason: str) -> None:
    with pytest.raises(LevelsInvalidError) as caught:
        read_levels(text, "mine.yaml")
    assert caught.value.message.startswith("mine.yaml: ")
    assert reason in caught.value.message or reason == "yaml"


def test_a_team_has_its_own_file(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert load_levels(home).steps[Level.SANDBOX] == ("safe-training",)
    (tmp_path / OWN).write_text(GOOD, encoding="utf-8")
    assert load_levels(home).steps[Level.READ_ONLY] == ("b", "c")
    (tmp_path / OWN).write_bytes(b"\xff\xfe")
    with pytest.raises(LevelsInvalidError, match="not UTF-8 text"):
        load_levels(home)
    (tmp_path / OWN).unlink()
    (tmp_path / OWN).mkdir()
    with pytest.raises(LevelsInvalidError, match=OWN):
        load_levels(home)


def test_a_level_as_typed() -> None:
    assert [parse_level(f" {each.upper()} ") for each in GROWING] == list(GROWING)
    for typed in ("none", "everything", ""):
        with pytest.raises(NotFoundError, match="there is no access level"):
            parse_level(typed)
