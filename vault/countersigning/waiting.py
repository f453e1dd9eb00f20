"""The signatures that this machine asked for and the server holds back: asked anew, redeemed."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from opskit.core.second_signer import SecondSignerNeededError
from opskit.core.secret import Secret
from vault.breakglass.errors import NotApprovedError
from vault.breakglass.held import HeldRequests
from vault.countersigning.keeping import KeptRequests, Waiting
from vault.ports import TokenStore


class Attempt:
    """The requests of one call. Where one of them still waits, the others are redeemed again."""

    def __init__(
        self,
        held: HeldRequests,
        store_of: Callable[[str], TokenStore],
        now: Callable[[], datetime],
    ) -> None:
        self._held = held
        self._kept = KeptRequests(store_of, now)
        self._now = now
        self._redeemed: list[tuple[str, Secret]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_more: object) -> None:
        """All that was asked for is there: let the tokens be good for nothing any more."""
        if failure is not None:
            return
        for digest, token in self._redeemed:
            self._held.end(token)
            self._kept.forget(digest)

    def settle(
        self, path: str, body: Mapping[str, Any], wrapped: Mapping[str, Any], what: str
    ) -> Mapping[str, Any]:
        """The server's answer, where somebody agreed to the same request before.

        `wrapped` is how it holds this one back, `what` could not be done.

        Raises:
            SecondSignerNeededError: nobody did yet. DeniedError, UnavailableError.
        """
        digest = _digest(path, body)
        fresh, kept = _fresh(wrapped, self._now()), self._kept.load(digest)
        if kept is not None:
            try:
                answer = self._held.redeem(kept.token, what)
            except NotApprovedError:
                if self._held.look(kept.accessor) is not None:
                    self._held.end(fresh.token)
                    raise _needed(kept) from None
            else:
                self._held.end(fresh.token)
                self._redeemed.append((digest, kept.token))
                return answer
        self._kept.keep(digest, fresh)
        raise _needed(fresh)


def _fresh(wrapped: Mapping[str, Any], now: datetime) -> Waiting:
    ends_at = now + timedelta(seconds=int(wrapped["ttl"]))
    return Waiting(Secret(wrapped["token"]), wrapped["accessor"], ends_at)


def _digest(path: str, body: Mapping[str, Any]) -> str:
    text = json.dumps([path, dict(body)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _needed(waiting: Waiting) -> SecondSignerNeededError:
    return SecondSignerNeededError([waiting.accessor], waiting.ends_at)
