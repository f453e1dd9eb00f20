"""The licences of a client, as a part of the client's page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from licenses.directory import Directory
from licenses.presenting import record_row, request_row
from licenses.services import register, requests
from licenses.states import RequestState
from opskit.clients.ports import PanelRow
from opskit.core.i18n import _
from opskit.core.refs import format_number


class LicensePanel:
    """A client's licences and open requests."""

    key = "licenses"

    def title(self) -> str:
        return _("Licences")

    def rows(self, session: Session, code: str) -> Sequence[PanelRow]:
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
            for each in requests.open_requests(session, client=code)
        ]
        issued = [
            PanelRow(
                _("{number}  {kind}, maintenance until {until}: {modules}").format(
                    number=format_number("L", each.serial),
                    kind=each.kind,
                    until=each.maintenance_until or _("without end"),
                    modules=" ".join(each.modules),
                ),
                record_row(each, known),
            )
            for each in register.records(session, client=code)
        ]
        return [*waiting, *issued]
