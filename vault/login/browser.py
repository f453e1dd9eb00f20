"""Showing a page to the person, where there is a screen."""

import sys
from collections.abc import Mapping
from threading import Thread


def open_page(url: str, environ: Mapping[str, str]) -> bool:
    """Open it in the person's browser; False where none would open, or not before this person.

    Some browsers only return when they are closed, so nobody waits for that.
    """
    if not _has_screen(environ):
        return False
    import webbrowser

    Thread(target=webbrowser.open, args=(url,), daemon=True).start()
    return True


def _has_screen(environ: Mapping[str, str]) -> bool:
    """Over ssh a browser would open on the far machine; on a bare console, inside the terminal."""
    if "BROWSER" in environ:
        return True
    if sys.platform in {"darwin", "win32"}:
        return "SSH_CONNECTION" not in environ
    return not {"DISPLAY", "WAYLAND_DISPLAY"}.isdisjoint(environ)
