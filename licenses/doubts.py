"""What the approver should ask about before signing; nothing here refuses."""

from collections.abc import Iterator
from datetime import date

from licenses.differences import cuts_short
from licenses.terms import Terms
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


def too_early(before: Terms | None, after: Terms, *, today: date) -> Iterator[str]:
    """Where the ERP would obey the new licence instead of one that is in force."""
    if cuts_short(before, after, today=today):
        yield _("entered before {day} it stops the product, whose licence is in force").format(
            day=after.valid_from
        )
