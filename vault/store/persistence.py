"""Keep trying while a cluster chooses its next leader, and find out what became of a write.

Seen with three nodes of OpenBao 2.7 behind a balancer, the leader killed: connections break, the
others first answer 307 with the dead leader's address, then 500; after some seconds one leads.
A repeated read does no harm. Neither does a repeated write with check-and-set: where the first
one was done after all, the repetition is refused, and what stands there is compared.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

import requests
from hvac import exceptions as refused

from opskit.core.i18n import _
from opskit.core.output import say

Answer = TypeVar("Answer")

PAUSE = 0.2  # seconds between two tries
TOLD_AFTER = 2.0  # seconds until the person hears why nothing happens
STARTING = "will resume service"  # of an engine, on a node that has only now heard of it
LEADERLESS = ("active cluster node", "not the leader", "leadership", "forwarding", "rpc error")


class StandbyError(requests.RequestException):
    """The answer names another server, as a standby does that cannot pass on what it was asked."""


class Persistence:
    """Tries again for some seconds; without patience, once."""

    def __init__(self, patience: float) -> None:
        """`patience` is in seconds: how long after the first try there are others."""
        self._patience = patience
        self._told = False
        self._lock = Lock()

    def repeat(self, ask: Callable[[], Answer]) -> Answer:
        """Ask until there is an answer; for what does no harm when it is done twice.

        Raises:
            as `ask`: what waiting does not change, or the patience is at its end.
        """
        began_at = time.monotonic()
        while True:
            try:
                return ask()
            except (refused.VaultError, requests.RequestException) as err:
                if not (is_passing(err) and self._waits(began_at)):
                    raise

    def write(self, send: Callable[[], Answer], landed: Callable[[], Answer | None]) -> Answer:
        """Send a write with check-and-set until it is done.

        Args:
            send: sends it; InvalidRequest where another version came between.
            landed: what `send` would have returned, where the version that came between is ours;
                None where it is another's, InvalidPath where it cannot be seen yet.

        Raises:
            as `send`.
        """
        began_at = time.monotonic()
        lost = False
        while True:
            try:
                return send()
            except (refused.VaultError, requests.RequestException) as err:
                if is_passing(err) and self._waits(began_at):
                    lost = True
                    continue
                is_there = lost and isinstance(err, refused.InvalidRequest)
                ours = self._look(landed, began_at) if is_there else None
                if ours is None:
                    raise
                return ours

    def _look(self, landed: Callable[[], Answer | None], began_at: float) -> Answer | None:
        while True:
            try:
                return landed()
            except refused.InvalidPath:
                if not self._waits(began_at):
                    return None

    def _waits(self, began_at: float) -> bool:
        """Pause, and tell once why; False where the patience is at its end."""
        waited = time.monotonic() - began_at
        if waited >= self._patience:
            return False
        if waited >= TOLD_AFTER and self._may_tell():
            rest = round(self._patience - waited)
            say(_("the safe has no leader just now; trying for {count} s more").format(count=rest))
        time.sleep(PAUSE)
        return True

    def _may_tell(self) -> bool:
        """Once, however many threads wait."""
        with self._lock:
            told, self._told = self._told, True
        return not told


def is_passing(err: Exception) -> bool:
    """Whether a cluster answers so between two leaders, and not for longer."""
    match err:
        case requests.exceptions.SSLError():
            return False
        case (
            StandbyError() | requests.ConnectionError() | requests.Timeout() | refused.BadGateway()
        ):
            return True
        case refused.VaultDown():
            return not _says(err, "sealed")
        case refused.InternalServerError():
            return _says(err, *LEADERLESS)
        case refused.InvalidRequest():
            return _says(err, STARTING)
        case _:
            return False


def _says(err: refused.VaultError, *words: str) -> bool:
    text = " ".join(map(str, err.errors or ()))
    return any(word in text for word in words)
