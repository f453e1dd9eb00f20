"""The clipboard of the terminal a person sits at, however far away: the escape sequence OSC 52.

It can be written and not read: terminals rightly refuse to tell a remote machine what somebody
has copied. So it is emptied blindly, whatever has come there since.
"""

from base64 import b64encode
from dataclasses import dataclass

from opskit.core.i18n import _
from vault.using.clipboards.ports import NoClipboardError

TERMINAL = "/dev/tty"
LONGEST = 74_994  # bytes of base64; more than that, xterm and others drop silently


@dataclass(frozen=True, slots=True)
class TerminalClipboard:
    """A Clipboard."""

    name: str = "terminal"

    def put(self, text: bytes) -> None:
        encoded = b64encode(text)
        if len(encoded) > LONGEST:
            raise NoClipboardError(
                _("this is too long for the clipboard of a terminal"),
                hint=_("print it into a file of yours: leave --clip away"),
            )
        self._send(encoded)

    def read(self) -> bytes | None:
        return None

    def clear(self) -> None:
        self._send(b"")

    def _send(self, encoded: bytes) -> None:
        """In one write, so that no other program's output comes in between."""
        try:
            with open(TERMINAL, "wb", buffering=0) as terminal:  # noqa: PTH123 (a device)
                terminal.write(b"\033]52;c;" + encoded + b"\007")
        except OSError:
            raise NoClipboardError(
                _("there is no terminal whose clipboard could be reached"),
                hint=_("type it at a terminal; or print the secret: leave --clip away"),
            ) from None
