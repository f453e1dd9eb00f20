"""The clipboards by name, and how their clearing knows a secret without knowing it."""

import hashlib
from collections.abc import Mapping

from vault.using.clipboards import programs
from vault.using.clipboards.ports import Clipboard
from vault.using.clipboards.terminal import TerminalClipboard

CLIPBOARDS: Mapping[str, Clipboard] = {
    each.name: each
    for each in (
        *(programs.WAYLAND, programs.XCLIP, programs.XSEL, programs.MACOS, programs.WINDOWS),
        TerminalClipboard(),
    )
}


def digest(text: bytes, salt: bytes) -> str:
    return hashlib.blake2b(text, key=salt).hexdigest()
