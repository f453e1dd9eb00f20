"""What finding knows of the safe: when it asks, and how much, and what it never keeps."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from opskit.core.context import AppContext
from opskit.core.refs import ClientCode
from opskit.core.secret import Secret
from opskit.wiring import context_of
from tests.support.home import House, copy_of
from tests.vault.samples import put
from vault.entries import EntryRef, EntryValue, Stamps
from vault.errors import LoginNeededError
from vault.facts import EntryFacts
from vault.finding.index import FEW, forget_client, forget_index, known_refs, open_index
from vault.finding.index_file import IndexFile
from vault.ports import EntryStore, Login
from vault.store.hvac_store import HvacStore
from vault.store.metadata import GUARDED

SECRET, NOTE = "s3cret-that-is-never-kept", "a note that is never kept"
ALL = "clients/detailed-metadata/"


@pytest.fixture(scope="module")
def kept_house(house_pattern: House) -> Iterator[House]:
    """A home with two entries; its server is shared by this file."""
    with copy_of(house_pattern) as house:
        house.login("alice")
        for path in ("DELEZE/prod/erp-db", "BETSCH/common/vpn"):
            house.done(
                *("vault", "add", path, "--kind", "generic", "--host", "h.example"),
                *("--password-file", "-"),
                stdin=SECRET,
            )
        yield house


@pytest.fixture
def run(kept_house: House) -> AppContext:
    """Alice before her home, which knows nothing yet."""
    kept_house.login("alice")
    run = kept_house.context()
    forget_index(run)
    return run


@pytest.fixture
def audit(kept_house: House) -> "Audit":
    return Audit(kept_house.folder / "safe" / "audit.log")


class Audit:
    """What the server is asked from now on."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._seen = len(log.read_text())

    def scans(self) -> list[str]:
        """What was scanned of the clients' engine since the last call."""
        text = self._log.read_text()
        lines = [json.loads(line) for line in text[self._seen :].splitlines()]
        self._seen = len(text)
        return [
            line["request"]["path"]
            for line in lines
            if line["type"] == "request"
            and line["request"]["operation"] == "scan"
            and line["request"]["path"].startswith(ALL)
        ]


def refs(run: AppContext, **how: object) -> list[str]:
    return open_index(run, **how).refs()  # type: ignore[arg-type] # as open_index has it


def later(run: AppContext, minutes: float) -> AppContext:
    def now() -> datetime:
        return run.now() + timedelta(minutes=minutes)

    return replace(run, now=now)


def test_the_safe_is_asked_once_and_not_again(run: AppContext, audit: Audit) -> None:
    assert refs(run) == ["BETSCH/common/vpn", "DELEZE/prod/erp-db"]
    assert audit.scans() == [ALL]
    assert refs(run) == ["BETSCH/common/vpn", "DELEZE/prod/erp-db"]
    assert audit.scans() == []


def test_it_is_asked_again_once_what_is_known_is_old(run: AppContext, audit: Audit) -> None:
    refs(run)
    audit.scans()
    refs(later(run, run.settings.index_minutes - 0.1))
    assert audit.scans() == []
    refs(later(run, run.settings.index_minutes))
    assert audit.scans() == [ALL]
    refs(later(run, -1))  # the clock was set back: nobody can tell how old it is
    assert audit.scans() == [ALL]


def test_fresh_asks_whatever_is_known(run: AppContext, audit: Audit) -> None:
    refs(run)
    refs(run, fresh=True)
    assert audit.scans() == [ALL, ALL]


def test_zero_minutes_always_ask(run: AppContext, audit: Audit) -> None:
    always = replace(run, settings=replace(run.settings, index_minutes=0))
    refs(always)
    refs(always)
    assert audit.scans() == [ALL, ALL]


def test_the_clients_names_come_with_it_and_no_secret(run: AppContext) -> None:
    ref, store = EntryRef.parse("BERNAS/prod/noted"), run.plug(EntryStore)
    secrets = {"password": SECRET, "note": NOTE, "file:a.ovpn": "RklMRQ=="}
    kept = EntryValue(EntryFacts("vpn", "h.example"), {k: Secret(v) for k, v in secrets.items()})
    store.write(ref, kept)
    store.mirror(ref, kept.facts, Stamps(holds=tuple(secrets), version=1))
    (row,) = open_index(run).rows("BERNAS")
    store.purge(ref)
    assert (row["client_name"], row["host"]) == ("Bernasconi Mécanique SA", "h.example")
    assert row["holds"] == list(secrets)
    files = [path.read_text() for path in run.home.index_folder.iterdir()]
    assert "h.example" in files[0]
    assert [secret for secret in secrets.values() if any(secret in text for text in files)] == []


def test_after_a_change_of_ones_own_that_client_alone_is_asked_for(
    kept_house: House, run: AppContext, audit: Audit
) -> None:
    refs(run)
    audit.scans()
    kept_house.done(
        *("vault", "add", "DELEZE/test/web", "--kind", "web", "--password-file", "-"),
        stdin=SECRET,
    )
    audit.scans()
    assert "DELEZE/test/web" in refs(run)
    assert audit.scans() == [f"{ALL}DELEZE/"]
    assert "DELEZE/test/web" in refs(run)
    assert audit.scans() == []


def test_after_many_changes_all_is_asked_for_at_once(run: AppContext, audit: Audit) -> None:
    refs(run)
    for number in range(FEW + 1):
        forget_client(run, ClientCode(f"C{number}"))
    audit.scans()
    refs(run)
    assert audit.scans() == [ALL]
    refs(run)
    assert audit.scans() == []


def test_a_client_that_lost_its_entries_loses_them_here(run: AppContext) -> None:
    ref = EntryRef.parse("BERNAS/prod/short-lived")
    store = run.plug(EntryStore)
    put(store, ref.path, SECRET)
    assert ref.path in refs(run)
    store.purge(ref)
    forget_client(run, ref.client)
    assert ref.path not in refs(run)
    assert refs(run, client=ref.client) == refs(run)


def test_a_client_asked_for_is_as_it_is_now(run: AppContext, audit: Audit) -> None:
    """Somebody else, on another machine, added an entry."""
    refs(run)
    audit.scans()
    put(run.plug(EntryStore), "BLUMCO/prod/by-another", SECRET)
    assert "BLUMCO/prod/by-another" not in refs(run)
    index = open_index(run, client=ClientCode("BLUMCO"))
    assert [row["client_name"] for row in index.rows("BLUMCO")] == ["Blum & Co. Käserei"]
    assert audit.scans() == [f"{ALL}BLUMCO/"]
    assert "BLUMCO/prod/by-another" in refs(run)
    assert audit.scans() == []


def test_another_login_is_another_index(kept_house: House, run: AppContext, audit: Audit) -> None:
    refs(run)
    kept_house.login("bob")
    audit.scans()
    assert known_refs(kept_house.context()) is None
    refs(kept_house.context())
    assert audit.scans() == [ALL]


def test_without_a_login_nothing_is_told(run: AppContext) -> None:
    refs(run)
    run.plug(Login).tokens.forget()
    with pytest.raises(LoginNeededError):
        open_index(run)


def test_a_damaged_index_is_made_anew(run: AppContext, audit: Audit) -> None:
    whole = refs(run)
    (path,) = run.home.index_folder.iterdir()
    path.write_bytes(path.read_bytes()[:-20])
    audit.scans()
    assert known_refs(run) is None
    assert refs(run) == whole
    assert audit.scans() == [ALL]
    assert refs(run) == whole
    assert audit.scans() == []


def test_a_damaged_journal_makes_it_anew_once(run: AppContext, audit: Audit) -> None:
    refs(run)
    forget_client(run, ClientCode("DELEZE"))
    (journal,) = run.home.index_folder.glob("*.changed")
    journal.write_text("DELEZE")
    audit.scans()
    refs(run)
    refs(run)
    assert audit.scans() == [ALL]


def test_what_is_known_is_known_without_asking(run: AppContext, audit: Audit) -> None:
    assert known_refs(run) is None
    everything = refs(run)
    audit.scans()
    assert known_refs(run) == everything
    forget_client(run, ClientCode("DELEZE"))
    assert known_refs(run) is None
    assert audit.scans() == []


def test_where_the_home_cannot_be_written_finding_and_changing_go_on(run: AppContext) -> None:
    folder = run.home.index_folder
    whole = refs(run)
    forget_index(run)
    folder.rmdir()
    folder.write_text("in the way")
    try:
        forget_client(run, ClientCode("DELEZE"))
        forget_index(run)
        assert refs(run) == whole
        assert refs(run) == whole
    finally:
        folder.unlink()


def test_where_the_database_cannot_be_asked_the_codes_stand_alone(run: AppContext) -> None:
    away = replace(run.settings, database_url="postgresql+psycopg://nobody@127.0.0.1:1/opskit")
    rows = list(open_index(context_of(run.home, away)).rows("DELEZE"))
    assert rows
    assert {row["client_name"] for row in rows} == {""}


def test_guarded_entries_are_found_among_the_others(run: AppContext, kept_house: House) -> None:
    store = run.plug(EntryStore)
    assert isinstance(store, HvacStore)
    guarded = HvacStore(store._safe, mount=GUARDED)
    put(guarded, "DELEZE/prod/root", SECRET, EntryFacts("ssh", "root.deleze.example"))
    forget_index(run)
    rows = {row["ref"]: row for row in open_index(run).rows("DELEZE")}
    assert rows["DELEZE/prod/root"]["guarded"] is True
    assert rows["DELEZE/prod/erp-db"]["guarded"] is False
    assert rows["DELEZE/prod/root"]["client_name"] == "Délèze Outillage SA"


def test_logging_in_and_out_forgets(own_house: House) -> None:
    run = own_house.context()
    file = IndexFile(run.home, run.settings)
    own_house.login("alice")
    own_house.done("vault", "list")
    assert file.load() is not None
    own_house.done("login", "bob", "--password-file", "-", stdin="pass of bob")
    assert file.load() is None
    own_house.done("vault", "list")
    own_house.done("logout")
    assert file.load() is None
