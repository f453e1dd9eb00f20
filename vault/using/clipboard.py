"""A secret on the clipboard, for some seconds: then it is cleared, if it is still there.

The clearing is a process of its own (`clearing`), which is told a salted hash, never the
secret, and that through its stdin. It stands before the secret is put anywhere.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress

from opskit.core.i18n import _
from opskit.core.output import say
from opskit.core.secret import Secret
from vault.using.clipboards import programs
from vault.using.clipboards.known import digest
from vault.using.clipboards.ports import SECONDS, Clipboard, NoClipboardError
from vault.using.clipboards.terminal import TerminalClipboard


def clip(secret: Secret, what: str, seconds: int = SECONDS) -> None:
    """Put it on the clipboard and tell the person; `what` names it. Raises as `copy_for`."""
    say(told(copy_for(secret, seconds), what, seconds))


def copy_for(secret: Secret, seconds: int) -> Clipboard:
    """Put it on the clipboard, and have that cleared later.

    Raises:
        NoClipboardError: there is none, or nobody could clear it; then nothing stays there.
    """
    clipboard = find_clipboard(os.environ, sys.platform)
    text, salt = secret.reveal().encode(), os.urandom(32)
    if not _is_swept(f"{clipboard.name} {seconds} {salt.hex()} {digest(text, salt)}\n"):
        raise NoClipboardError(
            _("nothing could clear the clipboard later, so nothing is on it"),
            hint=_("print the secret: leave --clip away"),
        )
    clipboard.put(text)
    return clipboard


def told(clipboard: Clipboard, what: str, seconds: int) -> str:
    """What a person should know about it."""
    if isinstance(clipboard, TerminalClipboard):
        words = _(
            "{what}: sent to the terminal's clipboard, which is emptied in {seconds} s, "
            "whatever it holds then"
        )
    else:
        words = _("{what}: on the clipboard for {seconds} s")
    return words.format(what=what, seconds=seconds)


def find_clipboard(environment: Mapping[str, str], platform: str) -> Clipboard:
    """The clipboard of whoever sits there: over SSH the terminal's, not the far machine's.

    Raises:
        NoClipboardError: a desktop without a program that reaches its clipboard.
    """
    is_far_away = any(environment.get(name) for name in ("SSH_TTY", "SSH_CONNECTION"))
    desktop = None if is_far_away else _of_desktop(environment, platform)
    return TerminalClipboard() if desktop is None else desktop


def _of_desktop(environment: Mapping[str, str], platform: str) -> Clipboard | None:
    """None where there is no desktop."""
    if platform == "darwin":
        return programs.MACOS
    if platform == "win32":
        return programs.WINDOWS
    if environment.get("WAYLAND_DISPLAY") and shutil.which("wl-copy"):
        return programs.WAYLAND
    if environment.get("DISPLAY"):
        for each in (programs.XCLIP, programs.XSEL):
            if shutil.which(each.name):
                return each
    if environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY"):
        raise NoClipboardError(
            _("no program here reaches the desktop's clipboard"),
            hint=_("install wl-clipboard (Wayland) or xclip (X11)"),
        )
    return None


def _is_swept(orders: str) -> bool:
    """Whether somebody stands ready to clear it, who outlives this command and its Ctrl-C.

    It stays in the session of the terminal, to find `/dev/tty`.
    """
    sweeper = subprocess.Popen(
        [sys.executable, "-m", "vault.using.clearing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",  # else a folder called vault might be taken for ours
        process_group=None if sys.platform == "win32" else 0,
        creationflags=getattr(subprocess, "DETACHED_PROCESS", 0),
    )
    if sweeper.stdin is None or sweeper.stdout is None:
        return False
    with suppress(OSError):  # it has ended: then it is not ready either
        sweeper.stdin.write(orders.encode())
        sweeper.stdin.close()
    with sweeper.stdout as answer:
        is_ready = answer.readline() == b"ready\n"
    if sys.platform != "win32":  # elsewhere it has gone on by itself
        sweeper.wait()
    return is_ready
