"""What an entry was, what differs, and bringing it back."""

from dataclasses import replace

import pytest

from opskit.core.errors import ExitCode, NotFoundError
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from tests.support.home import House
from tests.vault.changing.conftest import FACTS, KEEPER, REF, Office
from vault.changing.changes import differences
from vault.changing.rotating import begin_rotation
from vault.changing.versions import history, read_version, restoring
from vault.changing.writing import write_entry
from vault.entries import EntryValue
from vault.errors import EntryNotFoundError, RotationPendingError


def restore(office: Office, number: int) -> int:
    read = office.store.read(REF, None)
    old = read_version(office.store, REF, number, None)
    write = restoring(office.run, REF, read, old, ticket=TicketKey("CS-3"))
    return write_entry(office.run, office.store, write)


def rows(office: Office) -> list[dict[str, object]]:
    return history(office.run, office.store, REF)


def test_the_history_says_who_did_what_newest_first(office: Office) -> None:
    office.add()
    kim = replace(office, actor=KEEPER)
    kim.change(password="new", pin="1")
    office.store.remove(REF)
    newest, oldest = rows(office)
    assert (newest["version"], newest["state"], newest["actor"]) == (2, "removed", "kim")
    assert (newest["action"], newest["changed"]) == ("vault.changed", ["password", "pin"])
    assert newest["removed_at"]
    assert (oldest["version"], oldest["state"], oldest["actor"]) == (1, "kept", "bob")


def test_a_version_of_another_tool_has_nobody(office: Office) -> None:
    office.add()
    office.store.write(REF, EntryValue(FACTS, {"password": Secret("by hand")}, 1))
    newest, _oldest = rows(office)
    assert (newest["state"], newest["actor"], newest["action"]) == ("current", "", "")


def test_after_a_purge_the_history_is_that_of_the_new_entry(office: Office) -> None:
    from vault.changing.removing import purge_entry

    office.add()
    office.change(password="new")
    kim = replace(office, actor=KEEPER)
    purge_entry(kim.run, kim.store, REF, ticket=None)
    kim.add()
    (only,) = rows(office)
    assert (only["actor"], only["action"]) == ("kim", "vault.added")
    with pytest.raises(EntryNotFoundError):
        history(office.run, office.store, replace(REF, name="never"))


def test_differences_tell_what_and_never_show_it() -> None:
    before = EntryValue(FACTS, {"password": Secret("p1"), "pin": Secret("1")})
    after = EntryValue(replace(FACTS, host=""), {"password": Secret("p2"), "note": Secret("n")})
    found = list(differences(before, after))
    assert [(each.field, each.what, each.is_secret) for each in found] == [
        ("host", "removed", False),
        ("note", "added", True),
        ("password", "changed", True),
        ("pin", "removed", True),
    ]
    assert "p2" not in repr(found)


def test_an_old_version_comes_back_as_the_newest(office: Office) -> None:
    office.add(pin="1", note="n")
    office.change(password="new")
    assert restore(office, 1) == 3
    assert office.secrets() == {"password": "old", "pin": "1", "note": "n"}
    event = office.last_event()
    assert (event.action, event.ticket) == ("vault.restored", "CS-3")
    assert event.after is not None
    assert event.after["changed"] == ["password"]


def test_whoever_knew_the_old_password_knows_the_restored_one(office: Office) -> None:
    office.add()
    office.change(password="new")
    entry = office.entry()
    assert entry is not None
    assert entry.stamps.rotated
    restore(office, 1)
    entry = office.entry()
    assert entry is not None
    assert entry.stamps.rotated == ""


def test_restoring_facts_alone_is_no_rotation(office: Office) -> None:
    office.add()
    read = office.store.read(REF, None)
    facts = replace(read.facts, host="wrong")
    office.store.write(REF, EntryValue(facts, read.secrets, 1))
    office.store.mirror(REF, facts, replace(read.stamps, version=2))
    restore(office, 1)
    entry = office.entry()
    assert entry is not None
    assert (entry.facts, entry.stamps.rotated) == (FACTS, read.stamps.rotated)


def test_what_waits_is_neither_lost_nor_brought_back(office: Office) -> None:
    office.add()
    read = office.store.read(REF, None)
    new = Secret("new")
    write = begin_rotation(REF, read, field="password", new=new, ticket=None)
    write_entry(office.run, office.store, write)
    with pytest.raises(RotationPendingError):
        restore(office, 1)
    read = office.store.read(REF, None)
    secrets = {"password": Secret("third")}
    write_entry(office.run, office.store, replace(write, secrets=secrets, previous=read))
    restore(office, 2)
    assert office.secrets() == {"password": "old"}


def test_a_version_that_is_not_there_points_to_the_history(office: Office) -> None:
    office.add()
    with pytest.raises(NotFoundError) as caught:
        read_version(office.store, REF, 7, None)
    assert caught.value.hint == f"opskit vault history {REF}"


def test_at_the_command_line(house: House) -> None:
    ref = "DELEZE/test/versions"
    add = ("vault", "add", ref, "--kind", "ssh", "--host", "h1", "--password-file", "-")
    house.done(*add, stdin="s3cret-one")
    first = house.opskit("vault", "diff", ref)
    assert (first.code, "before the first" in first.err) == (ExitCode.NOT_FOUND, True)
    change = ("vault", "set", ref, "--host", "h2", "--password-file", "-", "--ticket", "CS-5")
    house.done(*change, stdin="s3cret-two")
    plain = house.done("vault", "diff", ref)
    assert plain.out == "host\tchanged\npassword\tchanged\n"
    assert house.done("vault", "diff", ref, "--json").json == [
        {"field": "host", "change": "changed"},
        {"field": "password", "change": "changed"},
    ]
    revealed = house.done("vault", "diff", ref, "--from", "2", "--to", "1", "--reveal").out
    assert revealed == "host\tchanged\th2\th1\npassword\tchanged\ts3cret-two\ts3cret-one\n"
    same = house.done("vault", "diff", ref, "--from", "2", "--to", "2")
    assert (same.out, same.err) == ("", "versions 2 and 2 are the same\n")
    back = house.done("vault", "restore", ref, "--version", "1")
    assert back.err == f"host: h2 -> h1\npassword: changed\n{ref} is in the safe, version 3\n"
    newest = house.done("vault", "history", ref, "--json").json[0]
    assert (newest["version"], newest["state"], newest["action"]) == (
        3,
        "current",
        "vault.restored",
    )
    assert "\tCS-5\thost password\n" in house.done("vault", "history", ref).out
    again = house.done("vault", "restore", ref, "--version", "1")
    assert again.err == f"nothing changed in {ref}\n"
