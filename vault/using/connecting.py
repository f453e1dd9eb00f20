"""The way to an entry: what it goes by way of, in order, and how each is opened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from vault.entries import Entry, EntryRef
from vault.errors import EntryNotFoundError, EntryRemovedError
from vault.using.fetching import commands_for, way_leads_to
from vault.using.ways import database, rdp, ssh, web
from vault.using.ways.way import Reach, Way

SHOWN = ("host", "port", "username", "domain", "url", "service")


@dataclass(frozen=True, slots=True)
class Step:
    """One of the things to open, in their order; `on` is the machine on which it is opened."""

    number: int
    entry: Entry
    way: Way
    on: EntryRef | None = None

    @property
    def secrets(self) -> Mapping[str, str]:
        """The command that gives each secret."""
        entry = self.entry
        return commands_for(entry.ref.path, entry.facts.kind, entry.stamps.holds)

    def to_row(self) -> dict[str, Any]:
        """The keys that `--json` promises."""
        facts = self.entry.facts
        return {
            "number": self.number,
            "ref": self.entry.ref.path,
            "kind": facts.kind,
            **{name: getattr(facts, name) for name in SHOWN},
            "on": "" if self.on is None else self.on.path,
            "command": list(self.way.command),
            "open": self.way.url,
            "rdp": self.way.rdp,
            "remark": self.way.remark,
            "secrets": dict(self.secrets),
        }


class BrokenWayError(EntryNotFoundError):
    """Something on the way is not there; `chain` is what comes after it, the entry last."""

    def __init__(self, message: str, *, hint: str, chain: Sequence[Entry]) -> None:
        super().__init__(message, hint=hint)
        self.chain = chain


def find_chain(describe: Callable[[EntryRef], Entry], ref: EntryRef) -> list[Entry]:
    """The entry and what it goes by way of, the first to be opened first.

    Raises:
        EntryNotFoundError: the entry is not there. BrokenWayError: one of the others is not, and
        what was found comes with it. InvalidError: they go round in a circle.
        OpsError: as `describe`.
    """
    chain = [describe(ref)]
    while via := chain[0].facts.via:
        nearer = chain[0].ref
        following = EntryRef.parse(way_leads_to(via, nearer.client.value), environments=None)
        if following in [entry.ref for entry in chain]:
            said = _("{entry} goes by way of {via}, which leads back to it")
            raise InvalidError(said.format(entry=nearer, via=following), hint=_another(nearer))
        try:
            chain.insert(0, describe(following))
        except EntryRemovedError as err:
            said = _("{entry} goes by way of {via}, which was removed")
            said = said.format(entry=nearer, via=following)
            raise BrokenWayError(said, hint=err.hint, chain=chain) from err
        except EntryNotFoundError as err:
            said = _("{entry} goes by way of {via}, which the safe does not hold")
            said = said.format(entry=nearer, via=following)
            raise BrokenWayError(said, hint=_another(nearer), chain=chain) from err
    return chain


def steps_of(chain: Sequence[Entry]) -> list[Step]:
    """How to open each, through what was opened before.

    Raises:
        InvalidError: an entry lacks what its way needs, or has a host that is none.
    """
    walk = _Walk()
    pairs = zip(chain, [*chain[1:], None], strict=True)
    return [walk.step(number, *pair) for number, pair in enumerate(pairs, start=1)]


class _Walk:
    """Along a chain: the jump hosts and the door that stand open for the next entry."""

    def __init__(self) -> None:
        self._jumps: list[Entry] = []
        self._reach = Reach()
        self._on: EntryRef | None = None

    def step(self, number: int, entry: Entry, following: Entry | None) -> Step:
        on, reach = self._on, self._reach
        self._reach = Reach()
        return Step(number, entry, self._way(entry, following, reach), on)

    def _way(self, entry: Entry, following: Entry | None, reach: Reach) -> Way:
        match entry.facts.kind:
            case "ssh":
                return self._ssh(entry, following)
            case "rdp" if following is not None and rdp.is_gateway(entry):
                self._reach = Reach(gateway=entry)
                return Way(remark=_("the next step goes through this gateway"))
            case "rdp":
                self._on = self._on if following is None else entry.ref
                return rdp.way(entry, reach)
            case "database":
                return database.way(entry, reach)
            case _:
                return web.way(entry, reach)

    def _ssh(self, entry: Entry, following: Entry | None) -> Way:
        if following is None:
            return ssh.login(entry, self._jumps)
        if following.facts.kind == "ssh":
            self._jumps.append(entry)
            return ssh.passed()
        way, self._reach = ssh.tunnel(entry, self._jumps, following)
        self._jumps = []
        return way


def _another(nearer: EntryRef) -> str:
    return _("name another: {command}").format(command=f"opskit vault set {nearer} --via ENTRY")
