"""What somebody who leaves still knows: the join for itself, and on a real safe."""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.secret import Secret
from tests.support.home import House, copy_of
from tests.support.terminal import sit_before
from vault.accounting.audit_log import MOUNTS, Outcome, Place, Read
from vault.accounting.exposure import Exposed, Exposure, expose, last_reads
from vault.accounting.past import Happening, Past, Wait, past_of
from vault.changing.moving import move_entry
from vault.changing.removing import MOVED, purge_entry, remove_entry
from vault.changing.rotating import ABANDONED, BEGUN, ROTATED, begin_rotation, confirm_rotation
from vault.changing.writing import write_entry
from vault.entries import Entry, EntryRef, Stamps
from vault.facts import EntryFacts
from vault.ports import EntryStore

PASSWORD = "carol's and dan's"
BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
NAMES = [f"{client}/prod/{name}" for client in ("AA", "BB") for name in "abc"]

moments = st.integers(0, 200).map(lambda hours: BEGIN + timedelta(hours=hours))
places = st.tuples(st.sampled_from(MOUNTS), st.sampled_from(NAMES))
a_read = st.builds(
    Read,
    at=moments,
    mount=st.sampled_from(MOUNTS),
    entry=st.sampled_from(NAMES),
    outcome=st.sampled_from([Outcome.READ, Outcome.READ, Outcome.DENIED]),
    request_id=st.just("r"),
    version=st.integers(0, 3),
)
stamps = st.builds(
    Stamps,
    rotated=st.one_of(st.just(""), moments.map(lambda at: at.isoformat())),
    pending=st.sampled_from(["", "2026-01-06T08:00:00+00:00"]),
)


def an_entry(name: str, rotated: Stamps, version: int = 9) -> Entry:
    return Entry(EntryRef.parse(name), EntryFacts("vpn"), version, "", rotated)


safes = st.dictionaries(places, stamps).map(
    lambda found: {place: an_entry(place[1], each) for place, each in found.items()}
)
Safe = dict[Place, Entry]


@given(st.lists(a_read), safes)
def test_every_entry_that_was_read_stands_there_once(reads: list[Read], safe: Safe) -> None:
    rows = expose(last_reads(reads), safe, {})
    read = {(each.mount, each.entry) for each in reads if each.outcome is Outcome.READ}
    assert len(rows) == len(read)
    assert {(row.read.mount, row.read.entry) for row in rows} == read


@given(st.lists(a_read), safes)
def test_settled_means_rotated_after_the_last_read(reads: list[Read], safe: Safe) -> None:
    for row in expose(last_reads(reads), safe, {}):
        same = [r for r in reads if (r.mount, r.entry) == (row.read.mount, row.read.entry)]
        newest = max(each.at for each in same if each.outcome is Outcome.READ)
        assert row.read.at == newest
        assert row.entry == safe.get((row.read.mount, row.read.entry))
        assert (row.state is Exposure.GONE) is (row.entry is None)
        if row.entry is not None:
            said = row.entry.stamps.rotated
            rotated = datetime.fromisoformat(said) if said else None
            assert (row.state is Exposure.SETTLED) is (rotated is not None and rotated > newest)
            if row.state is Exposure.PENDING:
                assert row.entry.stamps.pending


@given(st.lists(a_read).flatmap(lambda reads: st.tuples(st.just(reads), st.permutations(reads))))
def test_the_order_of_the_logs_does_not_matter(both: tuple[list[Read], list[Read]]) -> None:
    moment_of = [{place: r.at for place, r in last_reads(reads).items()} for reads in both]
    assert moment_of[0] == moment_of[1]


@given(st.lists(a_read), safes)
def test_what_is_gone_comes_last_and_the_clients_stay_together(
    reads: list[Read], safe: Safe
) -> None:
    rows = expose(last_reads(reads), safe, {})
    order = [(row.state is Exposure.GONE, row.read.entry) for row in rows]
    assert order == sorted(order)


def test_the_newest_version_is_known_whatever_the_clocks_say() -> None:
    read = Read(BEGIN, "clients", "AA/prod/a", Outcome.READ, "r", version=3)
    fast_clock = Stamps(rotated=(BEGIN + timedelta(minutes=5)).isoformat())
    assert state(read, an_entry("AA/prod/a", fast_clock, version=3)) is Exposure.OPEN
    assert state(read, an_entry("AA/prod/a", fast_clock, version=4)) is Exposure.SETTLED


def test_who_read_while_the_new_secret_waited_has_it_too() -> None:
    begun, confirmed = BEGIN + timedelta(hours=1), BEGIN + timedelta(hours=3)
    wait = Wait(begun, confirmed)
    entry = an_entry("AA/prod/a", Stamps(rotated=(confirmed - timedelta(seconds=1)).isoformat()))
    before, during, after = (
        Read(BEGIN + timedelta(hours=hours), "clients", "AA/prod/a", Outcome.READ, "r", version=1)
        for hours in (0, 2, 4)
    )
    assert state(before, entry, wait) is Exposure.SETTLED
    assert state(during, entry, wait) is Exposure.EARLY
    assert state(during, entry, None) is Exposure.SETTLED
    assert state(after, entry, wait) is Exposure.OPEN
    again = an_entry("AA/prod/a", Stamps(rotated=(confirmed + timedelta(hours=1)).isoformat()))
    assert state(during, again, wait) is Exposure.SETTLED


def state(read: Read, entry: Entry, wait: Wait | None = None) -> Exposure:
    waits = {read.place: wait} if wait else {}
    rows: list[Exposed] = expose({read.place: read}, {read.place: entry}, waits)
    return rows[0].state


def told(*steps: tuple[str, str] | tuple[str, str, str]) -> Past:
    """What follows from these events, one an hour."""
    return past_of(
        Happening(action, entry, BEGIN + timedelta(hours=hour), *to)
        for hour, (action, entry, *to) in enumerate(steps)
    )


def test_a_rotation_waits_from_its_beginning_to_its_confirmation() -> None:
    begun, rotated, dropped = BEGUN, ROTATED, ABANDONED
    hours = [BEGIN + timedelta(hours=each) for each in range(4)]
    assert told((begun, "A"), (rotated, "A")).waits == {("clients", "A"): Wait(*hours[:2])}
    assert told((begun, "A"), (dropped, "A"), (rotated, "A")).waits == {}
    assert told((begun, "A"), (rotated, "A"), (rotated, "A")).waits == {}
    moved = told((begun, "A"), (MOVED, "A", "B"), (rotated, "B"))
    assert moved.waits == {("clients", "B"): Wait(hours[0], hours[2])}
    late = told((begun, "A"), (rotated, "A"), (MOVED, "A", "B"))
    assert late.waits == {("clients", "B"): Wait(*hours[:2])}


def test_a_read_follows_the_entry_to_its_present_name() -> None:
    past = told((MOVED, "A", "B"), (MOVED, "B", "C"), (MOVED, "X", "A"), (MOVED, "C", "A"))
    early = Read(BEGIN - timedelta(hours=1), "clients", "A", Outcome.READ, "r", version=7)
    assert (past.followed(early).entry, past.followed(early).version) == ("A", 0)
    of_x = replace(early, entry="X")
    assert past.followed(of_x).entry == "A"
    between = replace(early, at=BEGIN + timedelta(minutes=90), entry="B")
    assert past.followed(between) == between  # another entry, which has that name since
    guarded = replace(early, mount="guarded")
    assert past.followed(guarded) == guarded


@given(
    st.lists(st.tuples(st.just(MOVED), st.sampled_from("ABC"), st.sampled_from("ABC"))),
    st.integers(-1, 20),
)
def test_following_always_comes_to_an_end(steps: list[tuple[str, str, str]], hour: int) -> None:
    read = Read(BEGIN + timedelta(hours=hour), "clients", "A", Outcome.READ, "r")
    past = told(*steps)
    ahead = {to for _action, _entry, to in steps[max(hour, 0) :]} | {"A"}
    assert past.followed(read).entry in ahead


KEPT, TURNED, AGAIN, REMOVED, PURGED, UNREAD, PENDING, WAITED, OLD, NEW = (
    "DELEZE/prod/kept",
    "DELEZE/prod/turned",
    "BETSCH/prod/again",
    "BETSCH/prod/removed",
    "BETSCH/prod/purged",
    "DELEZE/prod/unread",
    "DELEZE/common/pending",
    "DELEZE/common/waited",
    "BETSCH/prod/old-name",
    "BETSCH/prod/new-name",
)
TO_ROTATE = [AGAIN, NEW, WAITED, KEPT]
READ = (KEPT, TURNED, AGAIN, REMOVED, PURGED, PENDING, WAITED, OLD)


@pytest.fixture(scope="module")
def house(house_pattern: House) -> Iterator[House]:
    """Carol, a safe keeper, read all but one entry; then alice went through some of them."""
    with copy_of(house_pattern) as house:
        house.login("alice")
        for name, role in (("carol", "safe-keeper"), ("dan", "sales"), ("eve", "auditor")):
            house.done("user", "add", name, "--role", role, "--password-file", "-", stdin=PASSWORD)
        for ref in (*READ, UNREAD):
            house.done("vault", "add", ref, "--kind", "vpn", "--password-file", "-", stdin="old")
        rotate(house, WAITED)
        become(house, "carol")
        for ref in READ:
            house.done("vault", "get", ref, "--ticket", "CS-7")
        house.login("alice")
        time.sleep(1)  # the stamp of a rotation is a whole second, rounded down
        rotate(house, WAITED, confirm=True)
        for ref in (TURNED, AGAIN):
            rotate(house, ref)
            rotate(house, ref, confirm=True)
        rotate(house, PENDING)
        run = house.context()
        store, old, new = run.plug(EntryStore), EntryRef.parse(OLD), EntryRef.parse(NEW)
        move_entry(run, store, old, new, ticket=None)
        remove_entry(run, store, EntryRef.parse(REMOVED), ticket=None)
        purge_entry(run, store, EntryRef.parse(PURGED), ticket=None)
        become(house, "carol")
        house.done("vault", "get", AGAIN, "--ticket", "CS-8")
        yield house


def test_what_was_not_rotated_since_is_a_checklist_by_client(house: House) -> None:
    result = house.done("vault", "exposure", "carol")
    rows = [line.split("\t") for line in result.out.splitlines()]
    assert [(row[0], row[1], row[2], row[4], row[6]) for row in rows] == [
        ("BETSCH", AGAIN, "vpn", "CS-8", "open"),
        ("BETSCH", NEW, "vpn", "CS-7", "open"),
        ("DELEZE", PENDING, "vpn", "CS-7", "pending"),
        ("DELEZE", WAITED, "vpn", "CS-7", "early"),
        ("DELEZE", KEPT, "vpn", "CS-7", "open"),
        ("BETSCH", PURGED, "", "CS-7", "gone"),
        ("BETSCH", REMOVED, "", "CS-7", "gone"),
    ]
    assert result.err == (
        "entries that carol read: 8; not rotated since: 4, rotated: 1, to confirm: 1, "
        "no longer in the safe: 2\n"
    )


def test_json_has_the_same(house: House) -> None:
    rows = house.done("vault", "exposure", "carol", "--json").json
    assert list(rows[0]) == [
        *("client", "ref", "guarded", "kind", "read_at", "ticket", "rotated_at", "state")
    ]
    by_ref = {row["ref"]: row for row in rows}
    assert by_ref[AGAIN]["read_at"] >= by_ref[AGAIN]["rotated_at"]
    assert by_ref[WAITED]["read_at"] < by_ref[WAITED]["rotated_at"]
    assert by_ref[PURGED]["rotated_at"] is None


def test_the_rotate_list_is_what_a_rotation_can_begin_with(house: House) -> None:
    assert house.done("vault", "exposure", "carol", "--rotate-list").out.split() == TO_ROTATE


def test_on_a_terminal_each_client_is_said_once(house: House) -> None:
    shown = sit_before(
        [sys.executable, "-m", "opskit", "vault", "exposure", "carol"],
        {**house.environment(NO_COLOR="1"), "COLUMNS": "120"},
    )
    lines = [line.split() for line in shown.text.splitlines()]
    assert [words[:4] for words in lines if "[" in words] == [
        ["BETSCH", "[", "]", "prod/again"],
        ["[", "]", "prod/new-name", "vpn"],
        ["DELEZE", "[", "]", "common/pending"],
        ["[", "]", "common/waited", "vpn"],
        ["[", "]", "prod/kept", "vpn"],
        ["BETSCH", "[", "]", "prod/purged"],
        ["[", "]", "prod/removed", lines[-2][3]],
    ]
    assert "No longer in the safe under this name" in shown.text


@pytest.mark.parametrize("called", ["entity", "CAROL"])
def test_the_person_goes_by_login_name_or_entity(house: House, called: str) -> None:
    row = house.done("vault", "access-report", "--person", "carol", "--json").json[0]
    person = row["entity_id"] if called == "entity" else called
    assert house.done("vault", "exposure", person, "--rotate-list").out.split() == TO_ROTATE


def test_somebody_who_read_nothing_knows_nothing(house: House) -> None:
    result = house.done("vault", "exposure", "dan", "--json")
    assert (result.json, result.err) == (
        [],
        "entries that dan read: 0; not rotated since: 0, rotated: 0\n",
    )


def test_everybody_sees_their_own_and_a_keeper_that_of_others(house: House) -> None:
    become(house, "carol")
    assert len(house.done("vault", "exposure", "carol").out.splitlines()) == 7
    assert house.done("vault", "exposure", "bob").out == ""
    become(house, "dan")
    refused = house.opskit("vault", "exposure", "carol")
    assert (refused.code, refused.out) == (6, "")
    assert "opskit vault exposure dan" in refused.err


def test_an_auditor_is_told_which_role_may_see_the_entries(house: House) -> None:
    become(house, "eve")
    refused = house.opskit("vault", "exposure", "carol")
    assert refused.code == 6
    assert "eve lacks the role safe-keeper or manager" in refused.err


def test_nobody_of_that_name(house: House) -> None:
    assert house.opskit("vault", "exposure", "karol").code == 3
    house.done("staff", "import", _staff(house))
    never = house.opskit("vault", "exposure", "Zoé Zimmer")
    assert never.code == 4
    assert "never been in the safe" in never.err


def _staff(house: House) -> str:
    file = house.folder / "staff.csv"
    file.write_text("login,name,email,role,pole,site,language\nzoe,Zoé Zimmer,,agent,,,\n")
    return str(file)


def rotate(house: House, ref: str, *, confirm: bool = False) -> None:
    run, entry = house.context(), EntryRef.parse(ref)
    store = run.plug(EntryStore)
    now = store.read(entry, None)
    write = (
        confirm_rotation(entry, now, field=None, ticket=None)
        if confirm
        else begin_rotation(entry, now, field="password", new=Secret("new"), ticket=None)
    )
    write_entry(run, store, write)


def become(house: House, name: str) -> None:
    if name == "alice":
        house.login(name)
    else:
        house.done("login", name, "--password-file", "-", stdin=PASSWORD)
