"""A new password waits until the client's system has it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from opskit.core.errors import ExitCode, InvalidError, NotFoundError
from opskit.core.secret import Secret
from tests.conftest import NOW
from tests.support.home import House
from tests.vault.changing.conftest import REF, Office
from vault.changing.changes import next_version
from vault.changing.moving import move_entry
from vault.changing.rotating import (
    abandon_rotation,
    begin_rotation,
    confirm_rotation,
    require_none_waits,
    rotate_at_once,
)
from vault.changing.writing import Write, write_entry
from vault.entries import EntryRef, Stamps
from vault.errors import EntryChangedError, RotationPendingError

MOMENT = NOW.isoformat(timespec="seconds")
LONG_AGO = "2020-01-01T00:00:00+00:00"


def begin(office: Office, new: str = "new", field: str = "password") -> Write:
    read = office.store.read(REF, None)
    return begin_rotation(REF, read, field=field, new=Secret(new), ticket=None)


def written(office: Office, write: Write) -> int:
    return write_entry(office.run, office.store, write)


def added_long_ago(office: Office, **secrets: str) -> None:
    office.add(**secrets)
    entry = office.entry()
    assert entry is not None
    office.store.mirror(REF, entry.facts, replace(entry.stamps, rotated=LONG_AGO))


def stamps(office: Office) -> Stamps:
    entry = office.entry()
    assert entry is not None
    return entry.stamps


def test_until_it_is_confirmed_the_old_one_is_read(office: Office) -> None:
    added_long_ago(office)
    written(office, begin(office))
    assert office.store.read_secret(REF, "password", None).reveal() == "old"
    assert office.store.read_secret(REF, "next:password", None).reveal() == "new"
    assert (stamps(office).rotated, stamps(office).pending) == (LONG_AGO, MOMENT)
    assert stamps(office).holds == ("password",)
    read = office.store.read(REF, None)
    written(office, confirm_rotation(REF, read, field=None, ticket=None))
    assert office.secrets() == {"password": "new"}
    assert (stamps(office).rotated, stamps(office).pending) == (MOMENT, "")
    assert office.actions()[1:] == ["vault.rotation-begun", "vault.rotated"]


def test_an_abandoned_one_leaves_the_old_one_and_its_date(office: Office) -> None:
    added_long_ago(office)
    written(office, begin(office))
    read = office.store.read(REF, None)
    written(office, abandon_rotation(REF, read, field=None, ticket=None))
    assert office.secrets() == {"password": "old"}
    assert (stamps(office).rotated, stamps(office).pending) == (LONG_AGO, "")
    assert office.actions()[-1] == "vault.rotation-abandoned"


def test_both_at_once(office: Office) -> None:
    added_long_ago(office)
    read = office.store.read(REF, None)
    new = Secret("new")
    written(office, rotate_at_once(REF, read, field="password", new=new, ticket=None))
    assert office.secrets() == {"password": "new"}
    assert stamps(office).rotated == MOMENT


def test_another_change_meanwhile_moves_neither_date(office: Office) -> None:
    added_long_ago(office)
    written(office, begin(office))
    entry = office.entry()
    assert entry is not None
    office.store.mirror(REF, entry.facts, replace(entry.stamps, pending=LONG_AGO))
    read = office.store.read(REF, None)
    write = next_version(REF, read, facts={"host": "h2"}, secrets={}, ticket=None)
    written(office, write)
    assert (stamps(office).rotated, stamps(office).pending) == (LONG_AGO, LONG_AGO)
    assert office.secrets() == {"password": "old", "next:password": "new"}


def test_a_second_person_hears_who_began_and_when(office: Office) -> None:
    office.add()
    written(office, begin(office))
    read = office.store.read(REF, None)
    with pytest.raises(RotationPendingError) as caught:
        require_none_waits(office.run, REF, read)
    assert caught.value.exit_code == ExitCode.CONFLICT
    assert NOW.astimezone().strftime("%Y-%m-%d %H:%M") in caught.value.message
    assert "bob" in caught.value.message


def test_under_another_name_it_waits_since_the_same_moment(office: Office) -> None:
    office.add()
    written(office, begin(office))
    to = EntryRef.parse("DELEZE/test/erp-db")
    move_entry(office.run, office.store, REF, to, ticket=None)
    later = replace(office.run, now=lambda: NOW + timedelta(days=3))
    with pytest.raises(RotationPendingError) as caught:
        require_none_waits(later, to, office.store.read(to, None))
    assert NOW.astimezone().strftime("%Y-%m-%d %H:%M") in caught.value.message


def test_of_two_who_begin_together_one_loses(office: Office) -> None:
    office.add()
    ours, theirs = begin(office, "ours"), begin(office, "theirs")
    written(office, theirs)
    with pytest.raises(EntryChangedError):
        written(office, ours)
    assert office.secrets()["next:password"] == "theirs"


def test_each_field_waits_for_itself(office: Office) -> None:
    office.add(pin="1234")
    written(office, begin(office))
    written(office, begin(office, "5678", "pin"))
    read = office.store.read(REF, None)
    written(office, confirm_rotation(REF, read, field="pin", ticket=None))
    assert office.secrets() == {"password": "old", "next:password": "new", "pin": "5678"}
    assert stamps(office).pending


def test_the_old_one_is_no_new_one(office: Office) -> None:
    office.add()
    with pytest.raises(InvalidError, match="old one"):
        begin(office, "old")


def test_nothing_waits_nothing_is_confirmed(office: Office) -> None:
    office.add()
    read = office.store.read(REF, None)
    for settle in (confirm_rotation, abandon_rotation):
        with pytest.raises(NotFoundError, match="no new secret waits"):
            settle(REF, read, field=None, ticket=None)


@pytest.mark.parametrize("name", ["confirm", "abandon"])
def test_a_step_cut_off_anywhere_is_done_or_not(office: Office, name: str) -> None:
    settle = {"confirm": confirm_rotation, "abandon": abandon_rotation}[name]
    settled = {"confirm": {"password": "new"}, "abandon": {"password": "old"}}[name]
    waiting = {"password": "old", "next:password": "new"}
    for ref in office.each_cut(
        lambda office, ref: (
            written(office, settle(ref, office.store.read(ref, None), field=None, ticket=None))
            if office.change(ref, **{"next:password": "new"})
            else None
        )
    ):
        found = office.secrets(ref)
        del found["note"]
        entry = office.entry(ref)
        assert entry is not None
        assert found in ({"password": "old"}, waiting, settled)
        assert bool(entry.stamps.pending) == ("next:password" in found)


def test_a_rotation_at_the_command_line(house: House) -> None:
    ref = "DELEZE/test/rotated"
    house.done("vault", "add", ref, "--kind", "ssh", "--password-file", "-", stdin="old")
    begun = house.done(
        "vault", "rotate", ref, "--password-file", "-", "--ticket", "CS-1", stdin="n"
    )
    assert "next:password: added" in begun.err
    assert f"opskit vault get {ref} --field next:password" in begun.err
    assert f"opskit vault rotate {ref} --confirm" in begun.err
    assert house.done("vault", "get", ref).out == "old\n"
    assert house.done("vault", "get", ref, "--field", "next:password").out == "n\n"
    unknown = house.opskit("vault", "get", ref, "--field", "pin")
    assert "it keeps password\n" in unknown.err
    assert house.done("vault", "show", ref, "--json").json["pending_since"]
    again = house.opskit("vault", "rotate", ref, "--generate")
    assert (again.code, "alice" in again.err) == (ExitCode.CONFLICT, True)
    done = house.done("vault", "rotate", ref, "--confirm", "--json").json
    assert (done["changed"], done["pending"]) == (["next:password", "password"], [])
    assert house.done("vault", "get", ref).out == "n\n"
    house.done("vault", "rotate", ref, "--generate", "--yes")
    assert len(house.done("vault", "get", ref).out) > 10
    assert house.done("vault", "show", ref, "--json").json["pending_since"] == ""


def test_what_makes_no_sense_is_refused(house: House) -> None:
    ref = "DELEZE/test/senseless"
    house.done("vault", "add", ref, "--kind", "ssh", "--password-file", "-", stdin="old")
    for options in (
        ("--confirm", "--abandon"),
        ("--yes", "--confirm"),
        ("--confirm", "--generate"),
    ):
        assert house.opskit("vault", "rotate", ref, *options).code == ExitCode.USAGE
    missing = house.opskit("vault", "rotate", ref, "--field", "pin", "--generate")
    assert (missing.code, "it keeps password" in missing.err) == (ExitCode.NOT_FOUND, True)
