"""What somebody who leaves knows of the safe: the server's log and the entries of today."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from onboarding.ports import Known, SecretRead
from opskit.wiring.house import House
from vault.accounting.audit_log import Outcome, Read, Tally
from vault.accounting.exposure import Exposed, expose, last_reads
from vault.accounting.logs import logs_or_own, read_logs
from vault.accounting.past import past_in
from vault.accounting.people import KEEPERS
from vault.accounting.ports import Inventory

LEAVE = "opskit onboarding leave LOGIN --log"


class KnowledgeOfTheSafe:
    """The Knowledge of onboarding, by the same rules as `vault exposure`."""

    def __init__(self, house: House) -> None:
        self._house = house

    def reads(self, session: Session, *, entity_id: str, logs: Sequence[str]) -> list[SecretRead]:
        house = self._house
        names = logs_or_own(house.home, house.settings, logs, command=LEAVE)
        tallies = dict[str, Tally]()
        found = read_logs(names, tallies, namespace=house.settings.vault_namespace)
        past = past_in(session)
        latest = last_reads(past.followed(each) for each in found if each.entity_id == entity_id)
        return [
            SecretRead(each.mount, each.entry, each.at, each.version, each.ticket)
            for each in latest.values()
        ]

    def judge(self, session: Session, reads: Iterable[SecretRead]) -> list[Known]:
        from opskit.core.identity import require_role

        require_role(self._house.identity, *KEEPERS)
        past = past_in(session)
        by_read = {_as_read(each): each for each in reads}
        followed = {past.followed(read): given for read, given in by_read.items()}
        latest = last_reads(followed)
        inventory = self._house.plug(Inventory)
        entries = {
            (mount, entry.ref.path): entry
            for mount in {place[0] for place in latest}
            for entry in inventory.entries(mount)
        }
        return [_known(each, followed[each.read]) for each in expose(latest, entries, past.waits)]


def _as_read(given: SecretRead) -> Read:
    return Read(
        at=given.at,
        mount=given.mount,
        entry=given.entry,
        outcome=Outcome.READ,
        request_id="",
        version=given.version,
        ticket=given.ticket,
    )


def _known(exposed: Exposed, given: SecretRead) -> Known:
    entry, read = exposed.entry, exposed.read
    return Known(
        read=given,
        entry=read.entry,
        kind=entry.facts.kind if entry else "",
        state=exposed.state.value,
        rotated=entry.stamps.rotated if entry else "",
    )
