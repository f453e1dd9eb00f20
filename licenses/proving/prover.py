"""Whoever works on the proof: reads a page and judges it."""

from sqlalchemy.orm import Session

from licenses.proving import chain, pages
from licenses.proving.chain import PageOfEvents
from licenses.proving.flaws import Tally
from licenses.proving.lines import Flawed, LineProver
from licenses.proving.pages import Extent
from licenses.proving.trust import Trust
from opskit.core.catalog import Catalog


class Prover:
    """Has the keys, the catalogue, and a snapshot to read from."""

    def __init__(self, session: Session, trust: Trust, catalog: Catalog) -> None:
        self._session = session
        self._lines = LineProver(trust, catalog)

    def lines(self, extent: Extent) -> tuple[list[Flawed], Tally]:
        return self._lines.page(pages.lines(self._session, extent))

    def events(self, extent: Extent) -> PageOfEvents:
        return chain.judge(pages.logged(self._session, extent))
