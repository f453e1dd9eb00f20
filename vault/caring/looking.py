"""Looking after the safe: every entry judged, one login tried."""

import secrets as randomness
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from opskit.core.errors import DeniedError, NotFoundError
from opskit.core.i18n import _
from opskit.core.progress import counted
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.caring.breached import BreachedList
from vault.caring.checking import Result, check_login
from vault.caring.judging import Finding, Fingerprints, Flaw, judge_facts, judge_strength
from vault.entries import Entry, EntryRef
from vault.errors import LoginNeededError
from vault.kinds import PASSWORD
from vault.ports import EntryStore

READERS = 8


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and of how many entries the secret was not seen."""

    findings: tuple[Finding, ...]
    entries: int
    unseen: int


def look_at(
    store: EntryStore,
    entries: Sequence[Entry],
    *,
    at: datetime,
    longest: timedelta,
    ticket: TicketKey | None,
    breached: BreachedList | None = None,
    read_secrets: bool = True,
) -> Look:
    """Judge the entries; unless told otherwise each password is read, which the server audits.

    Passwords are judged one after the other and forgotten; at most a few are held at a time.

    Raises:
        UnavailableError: the safe fell silent. LoginNeededError: the login ended.
    """
    findings = [
        finding for entry in entries for finding in judge_facts(entry, at=at, longest=longest)
    ]
    fingerprints = Fingerprints(randomness.token_bytes(32))
    unseen = 0 if read_secrets else len(entries)
    for entry, password in _passwords(store, entries if read_secrets else (), ticket):
        if password is None:
            unseen += 1
            continue
        fingerprints.take(entry.ref, password)
        findings += judge_strength(entry, password)
        if breached is not None and (times := breached.times_seen(password)):
            why = _("times in known breaches: {times}").format(times=times)
            findings.append(Finding(entry.ref, Flaw.BREACHED, why))
    findings += fingerprints.findings()
    return Look(tuple(sorted(findings, key=lambda each: each.rank)), len(entries), unseen)


def _passwords(
    store: EntryStore, entries: Sequence[Entry], ticket: TicketKey | None
) -> Iterator[tuple[Entry, Secret | None]]:
    """Each entry with its password; None where there is none or one may not read it."""

    def read(entry: Entry) -> tuple[Entry, Secret | None]:
        try:
            return entry, store.read_secret(entry.ref, PASSWORD, ticket)
        except LoginNeededError:
            raise
        except (DeniedError, NotFoundError):
            return entry, None

    with ThreadPoolExecutor(READERS) as pool:
        batches = (entries[at : at + READERS] for at in range(0, len(entries), READERS))
        read_ones = (each for batch in batches for each in pool.map(read, batch))
        yield from counted(_("Reading"), read_ones, len(entries))


def try_login(
    store: EntryStore, ref: EntryRef, *, at: datetime, ticket: TicketKey | None, host_key: str
) -> Result:
    """Try the login of an entry once, and note the outcome and the time in its metadata.

    Raises:
        EntryNotFoundError: no such entry. DeniedError, UnavailableError.
    """
    value = store.read(ref, ticket)
    result = check_login(value.facts, value.secrets, host_key=host_key)
    moment = at.astimezone(UTC).isoformat(timespec="seconds")
    store.mark(ref, checked=moment, check=result.outcome.value)
    return result
