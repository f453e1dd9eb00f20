"""An entry under another name, whatever comes between."""

from dataclasses import replace

import pytest

from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.secret import Secret
from tests.vault.changing.conftest import FACTS, REF, Office
from tests.vault.samples import put
from vault.changing.moving import led_through, move_entry
from vault.changing.rotating import begin_rotation
from vault.changing.writing import write_entry
from vault.entries import EntryRef, EntryValue
from vault.errors import EntryExistsError, EntryRemovedError
from vault.facts import EntryFacts
from vault.store.hvac_store import HvacStore

NEW = EntryRef.parse("DELEZE/prod/erp")


def move(office: Office, ref: EntryRef = REF, to: EntryRef = NEW) -> int:
    return move_entry(office.run, office.store, ref, to, ticket=None)


def test_all_but_the_history_goes_along(office: Office) -> None:
    office.add(note="n", **{"file:a.ovpn": "YQ=="})
    office.store.mark(REF, checked="2026-01-01T00:00:00+00:00", check="ok")
    read = office.store.read(REF, None)
    new = Secret("next")
    write = begin_rotation(REF, read, field="password", new=new, ticket=None)
    write_entry(office.run, office.store, write)
    before = office.entry()
    secrets = office.secrets()
    assert move(office) == 1
    after = office.entry(NEW)
    assert before is not None
    assert after is not None
    assert office.secrets(NEW) == secrets
    assert after.facts == before.facts
    assert replace(after.stamps, version=0) == replace(before.stamps, version=0)
    assert after.stamps.pending
    assert len(office.store.history(REF)) == 2
    with pytest.raises(EntryRemovedError):
        office.store.read(REF, None)
    assert office.actions(NEW) == ["vault.added"]
    assert office.actions()[-1] == "vault.moved"


def test_a_taken_name_is_refused_also_when_its_entry_was_removed(office: Office) -> None:
    office.add()
    office.add(NEW, password="theirs")
    with pytest.raises(EntryExistsError, match="exists already"):
        move(office)
    office.store.remove(NEW)
    with pytest.raises(EntryExistsError, match="still taken"):
        move(office)
    assert office.secrets() == {"password": "old"}


def test_neither_nowhere_nor_to_itself(office: Office) -> None:
    office.add()
    with pytest.raises(InvalidError):
        move(office, to=REF)
    with pytest.raises(NotFoundError):
        move(office, to=EntryRef.parse("DELESE/prod/erp-db"))
    assert office.secrets() == {"password": "old"}


def test_the_entries_that_it_leads_to_are_named(office: Office) -> None:
    vpn = EntryRef.parse("DELEZE/common/vpn")
    put(office.store, "DELEZE/prod/a", "p", EntryFacts("rdp", "h", via="common/vpn"))
    put(office.store, "DELEZE/prod/b", "p", EntryFacts("rdp", "h", via="DELEZE/common/vpn"))
    put(office.store, "DELEZE/prod/c", "p", EntryFacts("rdp", "h", via="common/vpn2"))
    assert [ref.name for ref in led_through(office.store, vpn)] == ["a", "b"]


def test_a_version_written_meanwhile_comes_along(office: Office) -> None:
    office.add()

    class Meddled(HvacStore):
        """Somebody writes just before the old name is removed."""

        def remove(self, ref: EntryRef) -> None:
            if office.secrets(REF)["password"] == "old":
                office.change(password="theirs")
            super().remove(ref)

    store = office.store
    assert isinstance(store, HvacStore)
    meddled = Meddled(store._safe, mount=store._mount)
    assert move_entry(office.run, meddled, REF, NEW, ticket=None) == 2
    assert office.secrets(NEW) == {"password": "theirs"}
    assert office.entry() is None


def test_a_move_cut_off_anywhere_leaves_the_entry_whole_under_one_name(office: Office) -> None:
    def to(ref: EntryRef) -> EntryRef:
        return replace(ref, name=f"moved-{ref.name}")

    def cut(office: Office, ref: EntryRef) -> None:
        move(office, ref, to(ref))

    moved = 0
    for ref in office.each_cut(cut):
        there = [each for each in (ref, to(ref)) if office.entry(each) is not None]
        assert len(there) == 1, there
        entry = office.entry(there[0])
        assert entry is not None
        assert office.secrets(there[0]) == {"password": "old", "note": "kept"}
        assert (entry.facts, set(entry.stamps.holds)) == (FACTS, {"password", "note"})
        came_about = there[0] == to(ref)
        assert (office.actions(ref)[-1] == "vault.moved") == came_about
        assert (office.actions(to(ref)) == ["vault.added"]) == came_about
        moved += came_about
    assert moved > 5


def test_a_repair_leaves_the_entry_that_somebody_else_gave_that_name(office: Office) -> None:
    def interrupted(office: Office, ref: EntryRef) -> None:
        to = replace(ref, name=f"moved-{ref.name}")
        try:
            move(office, ref, to)
        finally:
            if office.entry(to) is None:
                theirs = EntryValue(FACTS, {"password": Secret("theirs")})
                HvacStore.write(office.store, to, theirs)  # type: ignore[arg-type]

    for ref in office.each_cut(interrupted):
        to = replace(ref, name=f"moved-{ref.name}")
        if office.secrets(to) == {"password": "theirs"}:
            assert office.secrets(ref) == {"password": "old", "note": "kept"}
        else:
            assert office.entry(ref) is None
