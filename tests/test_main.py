"""Where a command begins: the bytes that it writes, and `python -m opskit`."""

import subprocess
import sys

from tests.support.home import House

SECRET = "été-Zürich-日本"
ENTRY = "DELEZE/prod/x"


def test_a_pipe_gets_utf8_whatever_the_system_speaks(own_house: House) -> None:
    words = ("vault", "add", ENTRY, "--kind", "web", "--password-file", "-")
    own_house.done(*words, stdin=SECRET)
    assert written(own_house, "vault", "get", ENTRY) == f"{SECRET}\n"
    assert written(own_house, "client", "show", "DELEZE").startswith("DELEZE  Délèze Outillage SA")


def written(house: House, *words: str) -> str:
    shown = subprocess.run(
        [sys.executable, "-m", "opskit", *words],
        env=house.environment(PYTHONIOENCODING="ascii"),
        capture_output=True,
        check=True,
    )
    return shown.stdout.decode()
