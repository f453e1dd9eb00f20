"""The report of who read what: which reads are wanted, how each looks, what there is in all.

Nothing is collected on the way, so that a report may be longer than the memory.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from opskit.core.context import AppContext
from opskit.core.i18n import _
from vault.accounting.audit_log import Outcome, Read, Tally, each_once
from vault.accounting.logs import read_logs
from vault.accounting.people import WATCHERS, called, logins, require_right, someone
from vault.store.metadata import GUARDED

OWN = "opskit vault access-report --person {name}"
NO_TICKET = "no-ticket"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which reads are wanted; None and "" leave everything in. `until` is exclusive."""

    client: str = ""
    entity_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    denied: bool = False

    def takes(self, read: Read) -> bool:
        return (
            (self.denied or read.outcome is not Outcome.DENIED)
            and (not self.client or read.client == self.client)
            and (not self.entity_id or read.entity_id == self.entity_id)
            and (self.since is None or read.at >= self.since)
            and (self.until is None or read.at < self.until)
        )


@dataclass(slots=True)
class Summary:
    """What there was in all; grows while the reads go by."""

    reads: int = 0
    denied: int = 0
    without_ticket: int = 0
    entries: set[tuple[str, str]] = field(default_factory=set)
    people: set[str] = field(default_factory=set)

    def watch(self, reads: Iterable[Read]) -> Iterator[Read]:
        """The same reads, counted."""
        for read in reads:
            if read.outcome is Outcome.DENIED:
                self.denied += 1
            else:
                self.reads += 1
                self.without_ticket += not read.ticket
                self.entries.add(read.place)
                self.people.add(read.entity_id or read.display_name)
            yield read

    def __str__(self) -> str:
        said = _("reads: {reads}, entries: {entries}, people: {people}").format(
            reads=self.reads, entries=len(self.entries), people=len(self.people)
        )
        if self.without_ticket:
            said += ", " + _("without a ticket: {count}").format(count=self.without_ticket)
        if self.denied:
            said += ", " + _("refused: {count}").format(count=self.denied)
        return said


@dataclass(frozen=True, slots=True)
class Report:
    """`rows` reads the logs while it is walked; only then do the others know everything."""

    rows: Iterator[dict[str, Any]]
    summary: Summary
    tallies: Mapping[str, Tally]


def open_report(
    run: AppContext, logs: Sequence[str], scope: Scope, *, person: str | None, bar: bool
) -> Report:
    """The reads in the logs that are wanted, of one person or of everybody, in order of time.

    `bar`: a bar of progress would be in nobody's way.

    Raises:
        DeniedError: the reads of others take one of the roles `WATCHERS`.
        NotFoundError, ConflictError: nobody is called that, or several are.
        And while the rows are walked, as `read_logs`.
    """
    actor = run.identity()
    with run.snapshot() as session:
        who = None if person is None else someone(session, person)
        known = logins(session)
    require_right(actor, who, *WATCHERS, own=OWN.format(name=actor.name))
    if who is not None:
        scope = replace(scope, entity_id=who.entity_id)
    summary, tallies = Summary(), dict[str, Tally]()
    space = run.settings.vault_namespace
    reads = each_once(read_logs(logs, tallies, namespace=space, bar=bar))
    wanted = summary.watch(read for read in reads if scope.takes(read))
    return Report((row_of(read, known) for read in wanted), summary, tallies)


def row_of(read: Read, known: Mapping[str, str]) -> dict[str, Any]:
    """The keys that `--json` promises; `known` maps entities to logins."""
    return {
        "at": read.at.isoformat(timespec="seconds"),
        "who": called(read, known),
        "entity_id": read.entity_id,
        "ref": read.entry,
        "guarded": read.mount == GUARDED,
        "version": read.version or None,
        "address": read.address,
        "ticket": read.ticket,
        "outcome": _flagged(read),
    }


def _flagged(read: Read) -> str:
    if read.outcome is Outcome.READ and not read.ticket:
        return NO_TICKET
    return read.outcome.value
