"""The day somebody leaves: their reads in the logs, held against what the safe has now."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opskit.core.context import AppContext
from opskit.core.i18n import _
from vault.accounting.audit_log import Tally
from vault.accounting.exposure import Exposed, Exposure, expose, last_reads
from vault.accounting.logs import read_logs
from vault.accounting.past import past_in
from vault.accounting.people import KEEPERS, require_right, someone
from vault.accounting.ports import Inventory

OWN = "opskit vault exposure {name}"


@dataclass(frozen=True, slots=True)
class Leaver:
    """What `login` read; the settled entries are only counted."""

    login: str
    exposed: Sequence[Exposed]
    settled: int
    tallies: Mapping[str, Tally]

    def __str__(self) -> str:
        states = Counter(each.state for each in self.exposed)
        said = _(
            "entries that {login} read: {count}; not rotated since: {open}, rotated: {settled}"
        ).format(
            login=self.login,
            count=len(self.exposed) + self.settled,
            open=states[Exposure.OPEN] + states[Exposure.EARLY],
            settled=self.settled,
        )
        if states[Exposure.PENDING]:
            said += ", " + _("to confirm: {count}").format(count=states[Exposure.PENDING])
        if states[Exposure.GONE]:
            said += ", " + _("no longer in the safe: {count}").format(count=states[Exposure.GONE])
        return said


def exposure_of(run: AppContext, logs: Sequence[str], *, person: str) -> Leaver:
    """Every entry that this person read and whose secrets are the same since.

    Raises:
        DeniedError: somebody else's takes one of the roles `KEEPERS`; anybody's, a role that may
            list the entries.
        NotFoundError, ConflictError: nobody is called that, or several are.
        UnavailableError: the safe does not answer. And as `read_logs`.
    """
    actor = run.identity()
    with run.snapshot() as session:
        who, past = someone(session, person), past_in(session)
    require_right(actor, who, *KEEPERS, own=OWN.format(name=actor.name))
    inventory, tallies = run.plug(Inventory), dict[str, Tally]()
    reads = read_logs(logs, tallies, namespace=run.settings.vault_namespace)
    latest = last_reads(past.followed(each) for each in reads if each.entity_id == who.entity_id)
    entries = {
        (mount, entry.ref.path): entry
        for mount in {place[0] for place in latest}
        for entry in inventory.entries(mount)
    }
    rows = expose(latest, entries, past.waits)
    exposed = [row for row in rows if row.state is not Exposure.SETTLED]
    return Leaver(who.login, exposed, len(rows) - len(exposed), tallies)
