"""`python -m vault.using.clearing`: waits, and clears the clipboard if the secret is still on it.

Its orders come through stdin: which clipboard, how many seconds, and a salted hash of the secret.
It says `ready` and goes on alone, so that whoever started it need not wait.
"""

import os
import sys
import time

from vault.using.clipboards.known import CLIPBOARDS, digest
from vault.using.clipboards.ports import Clipboard, NoClipboardError


def main() -> None:
    line = sys.stdin.readline()
    if not line:
        return
    name, seconds, salt, expected = line.split()
    if hasattr(os, "fork") and os.fork():
        os._exit(0)
    print("ready", flush=True)  # noqa: T201 (to the command that started it)
    _let_go(sys.stdin.fileno(), sys.stdout.fileno())
    time.sleep(int(seconds))
    try:
        clear_if_ours(CLIPBOARDS[name], expected, salt)
    except NoClipboardError:  # the desktop or the terminal has gone, and its clipboard with it
        return


def _let_go(*descriptors: int) -> None:
    """Of the pipes to the command."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for each in descriptors:
        os.dup2(nothing, each)


def clear_if_ours(clipboard: Clipboard, expected: str, salt: str) -> None:
    """Clear it, unless something else was copied meanwhile."""
    text = clipboard.read()
    if text is None or digest(text, bytes.fromhex(salt)) == expected:
        clipboard.clear()


if __name__ == "__main__":
    main()
