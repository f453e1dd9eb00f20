"""What the safe says about a client's productive system: names and dates, never a secret.

Whoever may not look into the safe does not know; that turns nothing red.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from opskit.checklists.checks import Finding, Verdict
from opskit.core.errors import DeniedError
from opskit.core.i18n import _
from opskit.core.words import in_words
from opskit.patches.ports import Safe, SafeEntry
from opskit.patches.verdicts import failed, ok

PRODUCTION = "prod"
REFUSED = "refused"  # what `opskit vault check` notes where a login was not let in


def entry_exists(safe: Safe, client: str) -> Finding:
    """Somebody has to be able to connect to the productive system, as far as it was ever tried."""
    return _judged(safe, client, _not_refused)


def checked_within(safe: Safe, client: str, *, days: int, on: date) -> Finding:
    """Every login was tried, with success, at most so many days ago."""

    def judge(entries: Sequence[SafeEntry]) -> Finding:
        untried = [each for each in entries if each.check == REFUSED or _is_older(each.checked_on)]
        if untried:
            return failed(
                _("not tried with success in {days} days: {names}").format(
                    days=days, names=_named(untried)
                )
            )
        return _fresh(entries, [each.checked_on for each in entries], days)

    def _is_older(day: date | None) -> bool:
        return day is None or day < on - timedelta(days=days)

    return _judged(safe, client, judge)


def rotated_within(safe: Safe, client: str, *, days: int, on: date) -> Finding:
    """No secret is older than so many days."""

    def judge(entries: Sequence[SafeEntry]) -> Finding:
        limit = on - timedelta(days=days)
        old = [each for each in entries if each.rotated_on is None or each.rotated_on < limit]
        if old:
            names = ", ".join(each.name for each in old)
            return failed(_("not rotated in {days} days: {names}").format(days=days, names=names))
        return _fresh(entries, [each.rotated_on for each in entries], days)

    return _judged(safe, client, judge)


def _judged(safe: Safe, client: str, judge: Callable[[Sequence[SafeEntry]], Finding]) -> Finding:
    try:
        entries = safe.entries(client, PRODUCTION)
    except DeniedError as err:
        return Finding(Verdict.UNKNOWN, err.message)
    if not entries:
        return failed(_("the safe has no entry {client}/prod").format(client=client))
    return judge(entries)


def _not_refused(entries: Sequence[SafeEntry]) -> Finding:
    refused = [each for each in entries if each.check == REFUSED]
    proof = _("in the safe: {names}").format(names=_named(refused or entries))
    return failed(proof) if refused else ok(proof)


def _fresh(entries: Sequence[SafeEntry], days: Sequence[date | None], within: int) -> Finding:
    oldest = min(day for day in days if day is not None)
    proof = _("in the safe: {names}").format(names=_named(entries))
    return ok(proof, oldest + timedelta(days=within))


def _named(entries: Sequence[SafeEntry]) -> str:
    return ", ".join(map(_with_check, entries))


def _with_check(entry: SafeEntry) -> str:
    if not entry.check:
        return entry.name
    return f"{entry.name} ({in_words(entry.check)}, {entry.checked_on})"
