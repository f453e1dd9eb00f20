"""What is wrong with a credential: too weak, used twice, too old, incomplete.

Nothing here talks to the safe, and nothing remembers a secret: to tell that two are the same,
each leaves a fingerprint under a key that is made anew for every look and thrown away with it.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.entries import Entry, EntryRef
from vault.kinds import PASSWORD, PRIVATE_KEY

STRONG_ENOUGH = 3  # of zxcvbn's 0 to 4: "safely unguessable: moderate protection from offline"
LONGEST_JUDGED = 72  # zxcvbn refuses more, and whatever is longer is no word of a person
PATIENCE = timedelta(days=14)
"""How long a new password may wait for somebody to put it into the client's system."""

REACHED_BY = {  # without one of these nobody can connect
    "vpn": ("host", "url"),
    "rdp": ("host",),
    "ssh": ("host",),
    "database": ("host", "url", "service"),
    "web": ("url", "host"),
    "erp": ("host", "url"),
}


class Flaw(StrEnum):
    """The worst first."""

    BREACHED = "breached"
    EXPIRED = "expired"
    WEAK = "weak"
    REUSED = "reused"
    PENDING = "pending"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with one entry, in words that hold no secret."""

    ref: EntryRef
    flaw: Flaw
    why: str

    @property
    def rank(self) -> tuple[str, int, str]:
        return (self.ref.client.value, list(Flaw).index(self.flaw), self.ref.path)


def judge_facts(entry: Entry, *, at: datetime, longest: timedelta) -> Iterator[Finding]:
    """What can be seen without the secrets; `longest` is how old a password may get."""
    facts, stamps = entry.facts, entry.stamps
    if facts.expires and date.fromisoformat(facts.expires) < at.date():
        yield Finding(entry.ref, Flaw.EXPIRED, _("since {date}").format(date=facts.expires))
    if stamps.pending and at - datetime.fromisoformat(stamps.pending) > PATIENCE:
        days = (at - datetime.fromisoformat(stamps.pending)).days
        why = _("a new password has waited for {days} days").format(days=days)
        yield Finding(entry.ref, Flaw.PENDING, why)
    age = at - datetime.fromisoformat(stamps.rotated or entry.updated_at)
    if age > longest:
        yield Finding(entry.ref, Flaw.STALE, _("unchanged for {days} days").format(days=age.days))
    missing = list(_missing(entry))
    if missing:
        yield Finding(entry.ref, Flaw.MISSING, _("no {fields}").format(fields=", ".join(missing)))


def _missing(entry: Entry) -> Iterator[str]:
    ways = REACHED_BY.get(entry.facts.kind, ())
    if ways and not any(getattr(entry.facts, way) for way in ways):
        yield _(" or ").join(ways)
    if entry.facts.kind in REACHED_BY and not entry.facts.username:
        yield "username"
    if entry.stamps.version and not {PASSWORD, PRIVATE_KEY} & set(entry.stamps.holds):
        yield PASSWORD


def judge_strength(entry: Entry, password: Secret) -> Iterator[Finding]:
    """By zxcvbn (https://github.com/dropbox/zxcvbn), which knows the words around the entry."""
    from zxcvbn import zxcvbn

    text = password.reveal()
    if not text:
        yield Finding(entry.ref, Flaw.WEAK, _("the password is empty"))
        return
    if len(text) > LONGEST_JUDGED:
        return
    facts = entry.facts
    around = [entry.ref.client.value, entry.ref.name, facts.username, facts.host, facts.service]
    judged = zxcvbn(text, user_inputs=[word for word in around if word])
    if judged["score"] < STRONG_ENOUGH:
        why = _("guessed after some {guesses} tries").format(guesses=_rounded(judged["guesses"]))
        yield Finding(entry.ref, Flaw.WEAK, why)


class Fingerprints:
    """Which entries have the same password; `key` is random and lives as long as the look."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._seen: dict[bytes, list[EntryRef]] = {}

    def take(self, ref: EntryRef, password: Secret) -> None:
        text = password.reveal()
        if text:
            print_ = hmac.digest(self._key, text.encode(), "sha256")
            self._seen.setdefault(print_, []).append(ref)

    def findings(self) -> Iterator[Finding]:
        """One for each entry whose password another one has too."""
        for refs in self._seen.values():
            for ref in refs if len(refs) > 1 else ():
                others = [each.path for each in refs if each != ref]
                yield Finding(ref, Flaw.REUSED, _("as in {entries}").format(entries=_few(others)))


def _few(paths: list[str]) -> str:
    shown = ", ".join(paths[:3])
    more = len(paths) - 3
    return shown if more <= 0 else _("{some} and {count} more").format(some=shown, count=more)


def _rounded(guesses: object) -> str:
    """`740000` is read as 10^6: nobody needs more of it."""
    return f"10^{len(str(int(str(guesses).partition('.')[0])))}"
