"""The patch runs of a client, as a part of the client's page."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from opskit.checklists import services as checklists
from opskit.checklists.page import summary
from opskit.checklists.presenting import run_row
from opskit.clients.ports import PanelRow
from opskit.core.i18n import _
from opskit.patches.services import KIND


class PatchPanel:
    """A client's preparations, the newest first."""

    key = "patch_runs"

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def title(self) -> str:
        return _("Patch runs")

    def rows(self, session: Session, code: str) -> Sequence[PanelRow]:
        today = self._now().astimezone().date()
        runs = checklists.list_runs(session, kind=KIND, client=code)
        return [PanelRow(summary(run, on=today), run_row(run, on=today)) for run in reversed(runs)]
