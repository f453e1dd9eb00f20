"""The clipboards by name, and how their clearing knows a secret without knowing it."""

import hashlib
from collections.abc import Mapping

from vault.clipboards import programs
from vault.clipboards.ports import Clipboard
from vault.clipboards.terminal import TerminalClipboard

CLIPBOARDS: Mapping[str, Clipboard] = {
    each.name: each
    for each in (
        *(programs.WAYLAND, programs.XCLIP, programs.XSEL, programs.MACOS, programs.WINDOWS),
        TerminalClipboard(),
    )
}


def digest(text: bytes, salt: bytes) -> str:
    return hashlib.blake2b(text, key=salt).hexdigest()
