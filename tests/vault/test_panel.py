"""The safe on a client's page."""

from typing import Any, cast

from tests.vault.samples import put
from vault.facts import EntryFacts
from vault.panel import EntryPanel
from vault.store.hvac_client import SafeClient
from vault.store.hvac_store import HvacStore


def test_the_entries_of_the_client_and_of_no_other(root: SafeClient, mount: str) -> None:
    store = HvacStore(root, mount=mount)
    facts = EntryFacts("database", "db.deleze.example", 1521, "SYSTEM")
    for path in ("DELEZE/prod/erp-db", "PERRET/prod/erp-db"):
        put(store, path, "s3cret", facts)
    (row,) = EntryPanel(lambda: store).rows(cast("Any", None), "DELEZE")
    assert row.text.split()[:2] == ["DELEZE/prod/erp-db", "database"]
    assert row.facts["kind"] == "database"
    assert "s3cret" not in repr(row)


def test_the_safe_is_not_opened_before_the_rows_are_asked_for() -> None:
    def unavailable() -> HvacStore:
        raise AssertionError

    assert EntryPanel(unavailable).title()
