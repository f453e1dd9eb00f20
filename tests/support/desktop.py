"""A desktop of one's own: an X server that shows nothing (`apt-get install xvfb xclip xsel`)."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

PROGRAMS = ("Xvfb", "xclip", "xsel")
MISSING = [each for each in PROGRAMS if shutil.which(each) is None]
TARGET = ("-selection", "clipboard")


class Desktop:
    """Its clipboard as another program sees it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment

    def copy(self, text: str) -> None:
        subprocess.run(
            ["xclip", *TARGET, "-in"],
            input=text.encode(),
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )

    def paste(self) -> str:
        """Empty, too, where nobody offers anything."""
        done = subprocess.run(
            ["xclip", *TARGET, "-out"],
            env={**os.environ, **self.environment},
            capture_output=True,
            check=False,
        )
        return done.stdout.decode()


@contextmanager
def running_desktop() -> Iterator[Desktop]:
    """The server ends with the block, and with it whoever served its clipboard."""
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "320x240x8", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as server:
        assert server.stdout is not None
        try:
            number = server.stdout.readline().decode().strip()
            yield Desktop({"DISPLAY": f":{number}"})
        finally:
            server.terminate()
