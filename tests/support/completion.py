"""What the shell is offered for a line that somebody has begun to type."""

import subprocess
import sys

from tests.support.home import House


def offers(house: House, typed: str) -> list[str]:
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
    assert asked.stderr == ""
    return asked.stdout.splitlines()
