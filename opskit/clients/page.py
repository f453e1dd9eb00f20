"""All that is known of one client, on one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opskit.clients.freezes import Freeze, as_freeze, freezes_of
from opskit.clients.maintenance import maintenance
from opskit.clients.models import Client
from opskit.clients.ports import ClientPanel, PanelRow
from opskit.core.errors import OpsError
from opskit.core.events import Event
from opskit.core.i18n import _

LAST_TICKETS = 5


@dataclass(frozen=True, slots=True)
class FilledPanel:
    """A panel with its rows, or with the reason why there are none."""

    key: str
    title: str
    rows: tuple[PanelRow, ...]
    error: str | None


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket, and when it last was the reason for something."""

    ticket: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ClientPage:
    client: Client
    on: date
    freezes: tuple[Freeze, ...]
    panels: tuple[FilledPanel, ...]
    tickets: tuple[TicketLine, ...]


def build_page(
    session: Session, client: Client, *, panels: Sequence[ClientPanel], on: date
) -> ClientPage:
    """Ask every panel; one that fails says why, and the page still comes."""
    return ClientPage(
        client=client,
        on=on,
        freezes=tuple(
            freeze
            for freeze in map(as_freeze, freezes_of(session, client.code))
            if not freeze.is_over(on=on)
        ),
        panels=tuple(_fill(session, panel, client.code) for panel in panels),
        tickets=tuple(_last_tickets(session, client.code)),
    )


def page_facts(page: ClientPage) -> dict[str, Any]:
    """The page for scripts.

    Keys: `code`, `number`, `name`, `city`, `canton`, `language`, `contact`, `email`, `contract`,
    `maintenance` (`until`, `state`: active, lapsed or none, `days`), `erp_version`, `modules`,
    `named_users`, `pole`; `freezes`, those that are not over, with the keys of `Freeze.facts`;
    for each panel its key, a list; `unavailable`, from a panel's key to the reason why its list is
    empty; `tickets` (`ticket`, `last_at`).
    """
    return {
        **client_facts(page.client, on=page.on),
        "freezes": [each.facts() for each in page.freezes],
        **{panel.key: [dict(row.facts) for row in panel.rows] for panel in page.panels},
        "unavailable": {panel.key: panel.error for panel in page.panels if panel.error},
        "tickets": [
            {"ticket": each.ticket, "last_at": each.last_at.isoformat()} for each in page.tickets
        ],
    }


def client_facts(client: Client, *, on: date) -> dict[str, Any]:
    """One client for scripts; the first keys of `page_facts`."""
    contract = maintenance(client.maintenance_until, on=on)
    return {
        "code": client.code,
        "number": client.number,
        "name": client.name,
        "city": client.city,
        "canton": client.canton,
        "language": client.language,
        "contact": client.contact,
        "email": client.email,
        "contract": client.contract,
        "maintenance": {
            "until": None if contract.until is None else contract.until.isoformat(),
            "state": contract.state.value,
            "days": contract.days,
        },
        "erp_version": client.erp_version,
        "modules": list(client.modules),
        "named_users": client.named_users,
        "pole": client.pole,
    }


def page_lines(page: ClientPage) -> list[str]:
    """The page for a person."""
    lines = [f"{page.client.code}  {page.client.name}", *_about(page)]
    for panel in page.panels:
        lines += ["", panel.title, *_panel_lines(panel)]
    tickets = [f"{each.ticket}  {each.last_at.astimezone().date()}" for each in page.tickets]
    return [*lines, "", _("Last tickets"), *_indented(tickets)]


def _fill(session: Session, panel: ClientPanel, code: str) -> FilledPanel:
    try:
        rows, error = tuple(panel.rows(session, code)), None
    except OpsError as err:
        rows, error = (), f"{err.message} ({err.hint})"
    return FilledPanel(panel.key, panel.title(), rows, error)


def _last_tickets(session: Session, code: str) -> list[TicketLine]:
    newest = func.max(Event.id)
    query = (
        select(Event.ticket, func.max(Event.at))
        .where(Event.client == code, Event.ticket.is_not(None))
        .group_by(Event.ticket)
        .order_by(newest.desc())
        .limit(LAST_TICKETS)
    )
    return [TicketLine(str(ticket), at) for ticket, at in session.execute(query)]


def _about(page: ClientPage) -> list[str]:
    client = page.client
    facts = {
        _("place"): " ".join(part for part in (client.city, client.canton) if part),
        _("client number"): str(client.number),
        _("language"): client.language,
        _("pole"): client.pole,
        _("contact"): " ".join(
            part for part in (client.contact, client.email and f"<{client.email}>") if part
        ),
        _("contract"): client.contract,
        _("maintenance"): maintenance(client.maintenance_until, on=page.on).in_words(),
        _("ERP version"): client.erp_version,
        _("modules"): " ".join(client.modules),
        _("named users"): str(client.named_users),
    }
    if client.canton is None:
        facts[_("canton")] = _("unknown: only the holidays that all cantons have count")
    if page.freezes:
        facts[_("frozen")] = "; ".join(each.in_words() for each in page.freezes)
    width = max(len(label) for label in facts)
    return [f"  {label:<{width}}  {value}".rstrip() for label, value in facts.items()]


def _panel_lines(panel: FilledPanel) -> list[str]:
    if panel.error is not None:
        return _indented([_("not available: {reason}").format(reason=panel.error)])
    return _indented([row.text for row in panel.rows])


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines or [_("none")]]
