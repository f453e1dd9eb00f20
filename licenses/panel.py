"""The licences of a client, as a part of the client's page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from licenses.directory import Directory
from licenses.models import LicenseRecord
from licenses.presenting import record_row, request_row
from licenses.services import emergencies
from licenses.services.paging import Wanted, page
from licenses.states import RequestState
from opskit.clients.ports import PanelRow
from opskit.core.i18n import _
from opskit.core.refs import format_number

SHOWN = 20


class LicensePanel:
    """A client's open requests, and the newest of its licences."""

    key = "licenses"

    def title(self) -> str:
        return _("Licences")

    def rows(self, session: Session, code: str) -> Sequence[PanelRow]:
        found = page(session, Wanted(limit=SHOWN, client=code))
        known = Directory(session)
        waiting = [
            PanelRow(
                "  ".join(
                    (
                        format_number("R", each.number),
                        RequestState(each.state).in_words(),
                        " ".join(each.modules),
                    )
                ),
                request_row(each, known),
            )
            for each in found.requests
        ]
        codes = emergencies.counts(session, client=code)
        issued = [
            PanelRow(
                _license_line(each, codes.get(each.serial, 0)),
                {
                    **record_row(each, known, state=state),
                    "emergency_codes_given": codes.get(each.serial, 0),
                },
            )
            for each, state in found.licenses
        ]
        if found.more_licenses:
            issued[-1] = _with_older(issued[-1], code)
        return [*waiting, *issued]


def _with_older(last: PanelRow, client: str) -> PanelRow:
    """The last that is shown, and what to type for those before it."""
    command = f"opskit license list --client {client} --before {last.facts['number']}"
    older = _("there are older ones: {command}").format(command=command)
    return PanelRow(f"{last.text}; {older}", last.facts)


def _license_line(record: LicenseRecord, codes: int) -> str:
    line = _("{number}  {kind}, maintenance until {until}: {modules}").format(
        number=format_number("L", record.serial),
        kind=record.kind,
        until=record.maintenance_until or _("without end"),
        modules=" ".join(record.modules),
    )
    if not codes:
        return line
    return _("{line}; emergency codes given: {count}").format(line=line, count=codes)
