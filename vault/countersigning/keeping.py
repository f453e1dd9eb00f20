"""Requests for a signature that wait, kept between two commands: like logins, each for itself.

Its token gives the signature to whoever holds it. A keyring cannot list what it holds, so a list
stands beside: with the next one that is kept, those go whose time is over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from opskit.core.secret import Secret
from vault.ports import TokenStore

KEPT, LIST = "signature", "signatures"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that the server holds back."""

    token: Secret
    accessor: str
    ends_at: datetime


class KeptRequests:
    """Each under the digest of what was asked for."""

    def __init__(self, store_of: Callable[[str], TokenStore], now: Callable[[], datetime]) -> None:
        self._store_of = store_of
        self._now = now

    def load(self, digest: str) -> Waiting | None:
        """None where nothing is kept, or something that another opskit wrote."""
        kept = self._store(digest).load()
        if kept is None:
            return None
        try:
            token, accessor, ends = kept.reveal().split(" ")
            return Waiting(Secret(token), accessor, _moment(ends))
        except (ValueError, OverflowError, OSError):
            return None

    def keep(self, digest: str, waiting: Waiting) -> None:
        """The list first: what is on no list would stay for ever."""
        now, listed = self._now(), self._listed()
        for each, ends_at in listed.items():
            if ends_at <= now and each != digest:
                self._store(each).forget()
        going_on = {each: ends_at for each, ends_at in listed.items() if ends_at > now}
        self._list({**going_on, digest: waiting.ends_at})
        words = (waiting.token.reveal(), waiting.accessor, _seconds(waiting.ends_at))
        self._store(digest).save(Secret(" ".join(words)))

    def forget(self, digest: str) -> None:
        self._store(digest).forget()
        self._list({each: ends for each, ends in self._listed().items() if each != digest})

    def _store(self, digest: str) -> TokenStore:
        return self._store_of(f"{KEPT} {digest}")

    def _listed(self) -> Mapping[str, datetime]:
        """Until when each is kept."""
        kept = self._store_of(LIST).load()
        if kept is None:
            return {}
        words = kept.reveal().split(" ")
        try:
            return {
                digest: _moment(ends) for digest, ends in zip(words[::2], words[1::2], strict=True)
            }
        except (ValueError, OverflowError, OSError):
            return {}

    def _list(self, kept: Mapping[str, datetime]) -> None:
        if not kept:
            self._store_of(LIST).forget()
            return
        words = [word for each, ends in kept.items() for word in (each, _seconds(ends))]
        self._store_of(LIST).save(Secret(" ".join(words)))


def _seconds(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
