"""The language of a run: the variable, the setting, the system; English for every other."""

import subprocess
import sys
from pathlib import Path

import pytest

from opskit.core.i18n import _, colon, language, speaking
from tests.support.home import sealed_environment

VARIABLES = ("OPSKIT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
TELL = """
from opskit.wiring import build_context
build_context()
from opskit.core.i18n import language
print(language())
"""


def language_of(folder: Path, **environment: str) -> str:
    """What a command in that home speaks."""
    done = subprocess.run(
        [sys.executable, "-c", TELL],
        env={**sealed_environment(), "OPSKIT_HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "fr_CH.UTF-8"}, "fr"),
        ({"LANG": "FR"}, "fr"),
        ({"LANG": "de_CH.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "fr_CH.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "fr_CH.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "fr_CH.UTF-8", "LC_ALL": ""}, "fr"),
        ({"LANG": "C", "OPSKIT_LANGUAGE": "fr"}, "fr"),
        ({"LC_ALL": "fr_CH.UTF-8", "OPSKIT_LANGUAGE": "en"}, "en"),
    ],
    ids=str,
)
def test_the_environment_chooses(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], spoken: str
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language.__wrapped__() == spoken  # what a new process would find


def test_the_setting_goes_before_the_system_and_the_variable_before_both(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('language = "fr"\n', encoding="utf-8")
    assert language_of(tmp_path, LANG="en_US.UTF-8") == "fr"
    assert language_of(tmp_path, LANG="en_US.UTF-8", OPSKIT_LANGUAGE="en") == "en"


def test_a_message_that_nobody_translated_stands_as_it_is() -> None:
    assert _("no such message, {name}") == "no such message, {name}"


def test_for_somebody_else_in_their_language_and_then_as_before() -> None:
    mine = language(), _("to renew"), colon("Client")
    with speaking("fr"):
        assert (language(), _("to renew"), colon("Client")) == (
            *("fr", "à renouveler"),
            "Client\u00a0:",
        )
        with speaking("de"):  # which has no catalogue
            assert (language(), _("to renew"), colon("Client")) == ("de", "to renew", "Client:")
        assert language() == "fr"
    assert (language(), _("to renew"), colon("Client")) == mine
