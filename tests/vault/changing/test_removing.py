"""Removed, brought back, purged: and cut off at every step in between."""

from dataclasses import replace

import pytest

from opskit.core.errors import ConflictError, DeniedError
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from tests.vault.changing.conftest import KEEPER, REF, Office
from vault.changing.removing import purge_entry, remove_entry, undelete_entry
from vault.changing.writing import Write, write_entry
from vault.entries import EntryRef
from vault.errors import EntryNotFoundError, EntryRemovedError


def remove(office: Office, ref: EntryRef = REF) -> int:
    return remove_entry(office.run, office.store, ref, ticket=TicketKey("CS-7"))


def undelete(office: Office, ref: EntryRef = REF) -> int:
    return undelete_entry(office.run, office.store, ref, ticket=None)


def purge(office: Office, ref: EntryRef = REF) -> None:
    purge_entry(office.run, office.store, ref, ticket=None)


def test_what_is_removed_comes_back_with_all_its_versions(office: Office) -> None:
    office.add()
    office.change(password="new")
    assert remove(office) == 2
    event = office.last_event()
    assert (event.action, event.ticket, event.after) == ("vault.removed", "CS-7", {"version": 2})
    with pytest.raises(EntryRemovedError) as caught:
        office.store.read(REF, None)
    assert caught.value.hint == f"opskit vault undelete {REF}"
    assert undelete(office) == 2
    assert office.secrets() == {"password": "new"}
    assert office.secrets(version=1) == {"password": "old"}
    assert office.actions() == [
        *("vault.added", "vault.changed", "vault.removed", "vault.undeleted"),
    ]


def test_nothing_is_removed_or_brought_back_twice(office: Office) -> None:
    office.add()
    with pytest.raises(ConflictError, match="was not removed"):
        undelete(office)
    remove(office)
    with pytest.raises(EntryRemovedError):
        remove(office)


def test_what_never_was_names_the_nearest(office: Office) -> None:
    office.add()
    ref = EntryRef.parse("DELEZE/prod/erp-bd")
    for act in (remove, undelete):
        with pytest.raises(EntryNotFoundError) as caught:
            act(office, ref)
        assert "DELEZE/prod/erp-db" in caught.value.hint


def test_only_a_safe_keeper_purges(office: Office) -> None:
    office.add()
    with pytest.raises(DeniedError, match="safe-keeper"):
        purge(office)
    assert office.actions() == ["vault.added"]
    purge(replace(office, actor=KEEPER))
    with pytest.raises(EntryNotFoundError):
        office.store.history(REF)
    office.add(password="another")
    assert office.secrets() == {"password": "another"}


def test_a_reader_of_the_metadata_alone_removes_nothing(office: Office) -> None:
    office.add()
    manager = replace(office.actor, roles=frozenset({"manager"}))
    with pytest.raises(DeniedError, match="agent"):
        remove(replace(office, actor=manager))
    assert office.entry() is not None


def test_a_removal_cut_off_anywhere_is_done_and_told_or_neither(office: Office) -> None:
    for ref in office.each_cut(remove):
        is_removed = office.entry(ref) is None
        assert is_removed == (office.actions(ref)[-1] == "vault.removed"), ref
        if is_removed:
            undelete(office, ref)
        assert office.secrets(ref) == {"password": "old", "note": "kept"}


def test_bringing_back_cut_off_anywhere_is_done_and_told_or_neither(office: Office) -> None:
    def remove_and_undelete(office: Office, ref: EntryRef) -> None:
        steps, office.power.left = office.power.left, None
        remove(office, ref)
        office.power.left = steps
        undelete(office, ref)

    for ref in office.each_cut(remove_and_undelete):
        is_back = office.entry(ref) is not None
        assert is_back == (office.actions(ref)[-1] == "vault.undeleted"), ref


def test_a_purge_cut_off_anywhere_is_done_and_told_or_neither(office: Office) -> None:
    keeper = replace(office, actor=KEEPER)
    for ref in office.each_cut(lambda _bob, ref: purge(keeper, ref)):
        is_there = office.entry(ref) is not None
        assert is_there == (office.actions(ref)[-1] != "vault.purged"), ref


def test_a_name_used_again_after_an_interrupted_purge_is_left_alone(office: Office) -> None:
    keeper = replace(office, actor=KEEPER)
    for ref in office.each_cut(lambda _bob, ref: purge(keeper, ref)):
        if office.entry(ref) is None:
            office.add(ref, password="another")
            assert office.secrets(ref) == {"password": "another"}


def test_a_change_cut_off_anywhere_is_whole_or_never_was(office: Office) -> None:
    def change(office: Office, ref: EntryRef) -> None:
        read = office.store.read(ref, None)
        facts = replace(read.facts, host="new.example")
        secrets = {**read.secrets, "password": Secret("new")}
        write_entry(office.run, office.store, Write(ref, facts, secrets, read, "vault.changed"))

    for ref in office.each_cut(change):
        entry = office.entry(ref)
        assert entry is not None
        came_about = office.actions(ref)[-1] == "vault.changed"
        assert office.secrets(ref)["password"] == ("new" if came_about else "old")
        assert entry.facts == office.store.read(ref, None).facts
        assert (entry.version, entry.stamps.version) == ((2, 2) if came_about else (1, 1))
