"""The licences of a client, as a part of the client's page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from licenses.presenting import record_row, request_row
from licenses.services import register, requests
from opskit.clients.ports import PanelRow
from opskit.core.i18n import _
from opskit.core.refs import format_number


class LicensePanel:
    """A client's licences and open requests."""

    key = "licenses"

    def title(self) -> str:
        return _("Licences")

    def rows(self, session: Session, code: str) -> Sequence[PanelRow]:
        waiting = [
            PanelRow(
                f"{format_number('R', each.number)}  {each.state}  {' '.join(each.modules)}",
                request_row(each),
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
                record_row(each),
            )
            for each in register.records(session, client=code)
        ]
        return [*waiting, *issued]
