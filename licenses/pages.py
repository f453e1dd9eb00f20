"""A title with aligned facts below; and the page of a verified licence, which needs no database."""

from collections.abc import Sequence

from licenses.emergency import days_granted
from licenses.terms import describe, from_payload
from licenses.verifier import VerifiedLicense
from licenses.wording import rule_in_words, standing_in_words
from opskit.core.catalog import Catalog
from opskit.core.i18n import _
from opskit.core.refs import format_number


def page(title: str, facts: Sequence[tuple[str, str]]) -> list[str]:
    width = max(len(label) for label, _value in facts)
    return [title, *(f"  {label:<{width}}  {value}" for label, value in facts)]


def payload_lines(accepted: VerifiedLicense, reference: str, catalog: Catalog) -> list[str]:
    """What a verified licence says, and which rules nobody gave the facts for."""
    payload = accepted.payload
    head = [
        (_("Licence"), format_number("L", payload.serial)),
        (_("Reference"), reference),
        (_("Client number"), str(payload.client_number)),
    ]
    skipped = ", ".join(map(rule_in_words, accepted.unchecked))
    return page(
        standing_in_words(accepted.standing),
        [
            *head,
            *describe(from_payload(payload, catalog)),
            (_("Emergency codes"), _days(days_granted(payload))),
            (_("Not checked"), skipped),
        ],
    )


def _days(days: int | None) -> str:
    return _("none") if days is None else _("days each: {days}").format(days=days)
