"""French is complete, and the committed catalogue is what the tool would write."""

import os
import subprocess
import sys

import pytest

from tests.support.commands import commands
from tools import catalogue


@pytest.fixture(scope="module")
def french() -> catalogue.FrenchCatalogue:
    return catalogue.update(catalogue.PO_FILE.read_bytes())


def test_the_committed_files_are_what_the_tool_writes(french: catalogue.FrenchCatalogue) -> None:
    assert catalogue.PO_FILE.read_bytes() == catalogue.render(french)
    assert catalogue.MO_FILE.read_bytes() == catalogue.compile_mo(french)


def test_every_message_has_its_french(french: catalogue.FrenchCatalogue) -> None:
    assert len(french) > 100
    assert catalogue.faults(french) == []


def test_french_punctuation_never_stands_alone_on_a_line() -> None:
    assert catalogue.unbroken("tout : {count} !") == "tout\u00a0: {count}\u00a0!"


def test_a_missing_and_a_careless_translation_are_found() -> None:
    known = catalogue.update(b"")
    known.add("{count} events", "{nombre} evenements")
    known.add("{a}, then {b}", "{b} apres {a}")
    faults = catalogue.faults(known)
    assert "no French for 'Options'" in faults
    assert [each for each in faults if each.startswith("other placeholders")] == [
        "other placeholders in the French for '{count} events': '{nombre} evenements'"
    ]


def test_the_help_speaks_the_persons_language() -> None:
    english, french = _help("C"), _help("fr_CH.UTF-8")
    assert "Show this help and exit." in english
    assert "Show this help and exit." not in french
    assert english.splitlines()[0] != french.splitlines()[0]


def test_help_texts_are_whole_sentences() -> None:
    sloppy = [
        path
        for path, command in commands().items()
        if not command.help[0].isupper() or command.help.rstrip()[-1] not in ".:"
    ]
    assert sloppy == []


def _help(language: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from opskit.__main__ import main; main()", "--help"],
        env={**_without_language(), "LANG": language},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _without_language() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name not in {"OPSKIT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANGUAGE"}
    }
