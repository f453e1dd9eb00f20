"""The signatures that this machine asked for and the server holds back: asked anew, redeemed."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from opskit.core.second_signer import SecondSignerNeededError
from opskit.core.secret import Secret
from vault.breakglass.errors import NotApprovedError
from vault.breakglass.held import HeldRequests
from vault.ports import TokenStore

KEPT = "signature"


class Attempt:
    """The requests of one call. Where one of them still waits, the others are redeemed again.

    Each waits under its own digest, and its token is kept like a login: it gives the signature to
    whoever holds it.
    """

    def __init__(
        self,
        held: HeldRequests,
        store_of: Callable[[str], TokenStore],
        now: Callable[[], datetime],
    ) -> None:
        self._held = held
        self._store_of = store_of
        self._now = now
        self._redeemed: list[tuple[Secret, TokenStore]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_more: object) -> None:
        """All that was asked for is there: let the tokens be good for nothing any more."""
        if failure is not None:
            return
        for token, store in self._redeemed:
            self._held.end(token)
            store.forget()

    def settle(
        self, path: str, body: Mapping[str, Any], wrapped: Mapping[str, Any], what: str
    ) -> Mapping[str, Any]:
        """The server's answer, where somebody agreed to the same request before.

        `wrapped` is how it holds this one back, `what` could not be done.

        Raises:
            SecondSignerNeededError: nobody did yet. DeniedError, UnavailableError.
        """
        store = self._store_of(f"{KEPT} {_digest(path, body)}")
        fresh, kept = _fresh(wrapped, self._now()), _parsed(store.load())
        if kept is not None:
            try:
                answer = self._held.redeem(kept.token, what)
            except NotApprovedError:
                if self._held.look(kept.accessor) is not None:
                    self._held.end(fresh.token)
                    raise _needed(kept) from None
            else:
                self._held.end(fresh.token)
                self._redeemed.append((kept.token, store))
                return answer
        store.save(fresh.as_text())
        raise _needed(fresh)


@dataclass(frozen=True, slots=True)
class _Waiting:
    token: Secret
    accessor: str
    ends_at: datetime

    def as_text(self) -> Secret:
        return Secret(f"{self.token.reveal()} {self.accessor} {int(self.ends_at.timestamp())}")


def _fresh(wrapped: Mapping[str, Any], now: datetime) -> _Waiting:
    ends_at = now + timedelta(seconds=int(wrapped["ttl"]))
    return _Waiting(Secret(wrapped["token"]), wrapped["accessor"], ends_at)


def _parsed(kept: Secret | None) -> _Waiting | None:
    """None where nothing was kept, or something that another opskit wrote."""
    if kept is None:
        return None
    try:
        token, accessor, ends = kept.reveal().split(" ")
        return _Waiting(Secret(token), accessor, datetime.fromtimestamp(int(ends), UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _digest(path: str, body: Mapping[str, Any]) -> str:
    text = json.dumps([path, dict(body)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _needed(waiting: _Waiting) -> SecondSignerNeededError:
    return SecondSignerNeededError([waiting.accessor], waiting.ends_at)
