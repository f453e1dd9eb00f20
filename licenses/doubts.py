"""What the approver should ask about before signing; nothing here refuses."""

from collections.abc import Iterator
from datetime import date

from opskit.core.i18n import _


def doubts(wanted: date | None, *, contract: date | None, today: date) -> Iterator[str]:
    """Where the maintenance of a licence disagrees with the calendar or the client's contract."""
    if wanted is not None and wanted < today:
        yield _("maintenance until {day} is over already").format(day=wanted)
    if contract is None:
        yield _("the client has no maintenance contract")
    elif wanted is None:
        yield _("maintenance without end, but the client's contract ends on {contract}").format(
            contract=contract
        )
    elif wanted > contract:
        yield _("maintenance until {day}, but the client's contract ends on {contract}").format(
            day=wanted, contract=contract
        )
