"""Secrets in the output of a program: each is replaced, also where it comes in pieces.

What might be the beginning of a secret is held back until the next bytes decide. On a terminal a
short beginning is shown once nothing follows (a prompt that happens to end like one must be
seen); should the rest follow after all, the rest is masked.
"""

import re
from collections.abc import Iterable

from opskit.core.secret import Secret

STARS = b"***"
FEW = 4  # bytes: that much of a beginning may be seen
SHORTEST_LINE = 8  # characters: shorter lines of a key are no secret by themselves


class Masker:
    """One stream's bytes in, the same without the secrets out."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._secrets = sorted(_forms(secrets), key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, self._secrets)) or rb"(?!)")
        self._held = b""
        self._shown = 0  # how much of what is held is on the screen already

    def feed(self, chunk: bytes) -> bytes:
        """What can be shown by now."""
        return self._take(self._held + chunk, is_all=False)

    def release(self) -> bytes:
        """Nothing follows for the moment: show a short beginning."""
        if len(self._held) >= FEW:
            return b""
        beginning = self._held[self._shown :]
        self._shown = len(self._held)
        return beginning

    def finish(self) -> bytes:
        """Nothing follows any more."""
        return self._take(self._held, is_all=True)

    def _take(self, text: bytes, *, is_all: bool) -> bytes:
        masked, at, shown = bytearray(), 0, self._shown
        while True:
            doubtful = len(text) if is_all else self._doubtful_from(text, at)
            match = self._pattern.search(text, at)
            if match is None or match.start() >= doubtful:
                break
            masked += text[max(at, shown) : match.start()] + STARS
            at = match.end()
        masked += text[max(at, shown) : doubtful]
        self._held = text[doubtful:]
        self._shown = max(0, shown - doubtful)
        return bytes(masked)

    def _doubtful_from(self, text: bytes, at: int) -> int:
        """Where the first secret that is not whole yet may begin; else the end."""
        longest = 0
        for secret in self._secrets:
            for length in range(min(len(secret) - 1, len(text) - at), longest, -1):
                if text.endswith(secret[:length]):
                    longest = length
                    break
        return len(text) - longest


def _forms(secrets: Iterable[Secret]) -> set[bytes]:
    """As they may stand in an output: whole, by lines, and with a terminal's ends of lines."""
    forms = set()
    for secret in secrets:
        text = secret.reveal()
        lines = [line for line in text.splitlines() if len(line) >= SHORTEST_LINE]
        forms |= {text, text.replace("\n", "\r\n"), *(lines if len(lines) > 1 else [])}
    return {form.encode() for form in forms if form}
