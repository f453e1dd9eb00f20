"""Entries whose metadata lags behind their value, since another tool wrote or a write was cut off.

Finding reads the metadata alone, and so would tell what is no longer true.
"""

from collections.abc import Iterator
from dataclasses import replace

from opskit.core.context import AppContext
from opskit.core.errors import InvalidError
from opskit.core.health import Condition, Diagnosis
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.refs import TicketKey
from vault.entries import NEXT_PREFIX, Entry, EntryValue, Stamps
from vault.finding.index import forget_client
from vault.ports import EntryStore
from vault.services import WRITERS


def examine_lagging(run: AppContext) -> Iterator[Diagnosis]:
    """How many of them there are, where there are any."""
    if lagging := find_lagging(run.plug(EntryStore)):
        yield Diagnosis(
            "vault",
            Condition.WARNING,
            _("entries written past opskit, so that find shows what is old: {count}").format(
                count=len(lagging)
            ),
            "opskit vault refresh",
        )


def find_lagging(store: EntryStore) -> list[Entry]:
    return [each for each in store.list_entries() if each.stamps.version != each.version]


def refresh(
    run: AppContext, store: EntryStore, entry: Entry, *, ticket: TicketKey | None
) -> str | None:
    """Bring the metadata of one entry in line with its value; why not, where that cannot be.

    The date of the last rotation stays: nobody says whether the other tool changed a secret.

    Raises:
        DeniedError: the person may not write. EntryNotFoundError, UnavailableError.
    """
    require_role(run.identity(), *WRITERS)
    try:
        value = store.read(entry.ref, ticket)
        store.mirror(entry.ref, value.facts, _stamps(value, entry))
    except InvalidError as err:
        return err.message
    forget_client(run, entry.ref.client)
    return None


def _stamps(value: EntryValue, entry: Entry) -> Stamps:
    since = value.stamps.pending or entry.updated_at
    return replace(
        value.stamps,
        pending=since if value.pending else "",
        holds=tuple(name for name in value.secrets if not name.startswith(NEXT_PREFIX)),
        version=value.version,
    )
