"""What the shell is offered: accents and case do not count."""

import subprocess
import sys

import pytest

from tests.support.home import House


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("client show del", ["DELEZE"]),
        ("client show DEL", ["DELEZE"]),
        ("user grant bob --role sa", ["sales", "safe-keeper"]),
        ("user add bob --role L", ["license-issuer"]),
        ("vault add DELEZE/prod/x --kind d", ["database"]),
        ("license request DELEZE --kind te", ["test", "temporary"]),
        ("onboarding start X --path b", ["back-office"]),
        ("user show AL", ["alice"]),
        ("onboarding start X --mentor bo", ["bob"]),
        ("client show nobody", [""]),
    ],
)
def test_offers(house: House, typed: str, offered: list[str]) -> None:
    words = f"opskit {typed}"
    asked = subprocess.run(
        [sys.executable, "-c", "from opskit.__main__ import main; main()"],
        env={
            **house.environment(),
            "_OPSKIT_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (asked.stdout.splitlines(), asked.stderr) == (offered, "")
