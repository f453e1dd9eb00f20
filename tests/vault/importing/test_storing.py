"""Into the real safe: once, twice, with what somebody changed, broken off in every place."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.config import Home, Settings
from opskit.core.context import AppContext
from opskit.core.errors import DeniedError, UnavailableError
from opskit.core.events import Event, verify_chain
from opskit.core.identity import Identity
from opskit.core.intents import open_intents
from opskit.core.secret import Secret
from tests.conftest import NOW
from tests.vault.conftest import People
from tests.vault.importing.samples import NAMES
from tests.vault.samples import put
from vault.entries import EntryRef, EntryValue, Stamps
from vault.errors import LoginNeededError
from vault.facts import EntryFacts
from vault.importing.journal import FINISHED, IMPORTED
from vault.importing.matching import Directory
from vault.importing.placing import Placer
from vault.importing.records import Attachment, CustomField, Leftover, Record
from vault.importing.report import Fate, Report
from vault.importing.settling import Manner, Settler
from vault.importing.storing import Storing, begin, repair_import
from vault.importing.survey import placed_of
from vault.ports import Connection
from vault.store.hvac_client import SafeClient
from vault.store.hvac_store import HvacStore

BOB = Identity("e-bob", "bob", frozenset({"agent"}))
WHILE_AGO = datetime.fromisoformat("2024-03-01T12:00:00+00:00")
SENTINEL = "s3cret-of-the-import"
BATCH, COUNT = 10, 50
MIDWAY = 30
UPDATE = Manner(update=True)
TRIAL = Manner(dry_run=True)

Transactions = Callable[[], AbstractContextManager[Session]]


class Listed(list[Record | Leftover]):
    """A source that is a list."""

    format = "list"
    skipped = 0

    def groups(self) -> Iterator[tuple[str, ...]]:
        return (each.group for each in self if isinstance(each, Record))


def a_record(number: int, password: str = SENTINEL, **more: Any) -> Record:
    known: dict[str, Any] = {"username": "SYSTEM", "url": f"ssh://srv{number}:22"} | more
    group = ("DELEZE", "PROD")
    return Record(group, f"SRV {number}", password=Secret(password), modified=WHILE_AGO, **known)


@pytest.fixture
def store(root: SafeClient, mount: str) -> HvacStore:
    return HvacStore(root, mount=mount)


@pytest.fixture
def run(session: Session, tmp_path: Path) -> AppContext:
    """Each commit is a savepoint of the test's session."""

    @contextmanager
    def one() -> Iterator[Session]:
        yield session
        session.commit()

    return AppContext(
        home=Home(tmp_path),
        settings=Settings(),
        now=lambda: NOW,
        identity=lambda: BOB,
        transaction=one,
        snapshot=one,
        plug=lambda _port: cast("Any", None),
    )


class Importing:
    """Imports records as the command does, and keeps what was reported."""

    def __init__(self, run: AppContext, store: HvacStore) -> None:
        self.run, self.store = run, store
        self.report = Report()

    def __call__(
        self, records: Iterable[Record | Leftover], manner: Manner | None = None
    ) -> dict[str, int]:
        manner = manner or Manner()
        intent = None
        if not manner.dry_run:
            intent = begin(self.run, self.store, file="a.kdbx", ticket=manner.ticket)
        settler = Settler(self.store, frozenset(self.store.names()), manner, at=NOW)
        storing = Storing(self.run, settler, intent=intent, batch=BATCH)
        self.report = storing.report
        storing.store(placed_of(Listed(records), Placer(Directory(NAMES))))
        return {fate.value: count for fate in Fate if (count := self.report.total(fate))}


@pytest.fixture
def importing(run: AppContext, store: HvacStore) -> Importing:
    return Importing(run, store)


def events(session: Session, action: str) -> list[Event]:
    return list(session.scalars(select(Event).where(Event.action == action).order_by(Event.id)))


def ref(number: int) -> EntryRef:
    return EntryRef.parse(f"DELEZE/prod/srv-{number}")


def test_an_entry_arrives_whole(importing: Importing, store: HvacStore, session: Session) -> None:
    record = a_record(
        1,
        note=Secret("two\nlines"),
        totp=Secret("JBSWY3DPEHPK3PXP"),
        fields=(CustomField("PIN", Secret("5231"), protected=True),),
        files=(Attachment("a.ovpn", b"remote"),),
        tags=("linux",),
    )
    assert importing([record]) == {"new": 1}
    found = store.read(ref(1), None)
    assert found.facts == EntryFacts("ssh", "srv1", 22, "SYSTEM", tags=("linux",))
    assert {name: secret.reveal() for name, secret in found.secrets.items()} == {
        "password": SENTINEL,
        "note": "two\nlines",
        "totp-seed": "JBSWY3DPEHPK3PXP",
        "pin": "5231",
        "file:a.ovpn": "cmVtb3Rl",
    }
    entry = store.describe(ref(1))
    assert entry.facts == found.facts
    assert (entry.stamps.version, entry.stamps.rotated) == (1, "2024-03-01T12:00:00+00:00")
    assert sorted(entry.stamps.holds) == ["file:a.ovpn", "note", "password", "pin", "totp-seed"]
    (event,) = events(session, IMPORTED)
    assert (event.subject, event.client, event.actor_id) == (ref(1).path, "DELEZE", "e-bob")
    assert event.after == {
        "kind": "ssh",
        "host": "srv1",
        "port": "22",
        "tags": "linux",
        "version": 1,
    }


def test_a_second_time_nothing_changes(importing: Importing, session: Session) -> None:
    records = [a_record(number) for number in range(COUNT)]
    assert importing(records) == {"new": COUNT}
    assert importing(records) == {"same": COUNT}
    assert importing(records, UPDATE) == {"same": COUNT}
    assert len(events(session, IMPORTED)) == COUNT
    assert [event.after for event in events(session, FINISHED)][1] == {
        "new": 0,
        "same": COUNT,
        "updated": 0,
        "different": 0,
        "left_over": 0,
        "clients": {"DELEZE": {"same": COUNT}},
        "stopped": False,
    }
    assert open_intents(session) == []
    assert verify_chain(session).faults == ()


def test_a_trial_stores_nothing(importing: Importing, store: HvacStore, session: Session) -> None:
    put(store, ref(1).path, "other", EntryFacts("ssh", "srv1", 22, "SYSTEM"))
    assert importing([a_record(1), a_record(2)], TRIAL) == {"new": 1, "different": 1}
    assert store.names() == [ref(1).path]
    assert (events(session, IMPORTED), open_intents(session)) == ([], [])


def test_what_differs_is_told_and_left_alone_unless_asked(
    importing: Importing, store: HvacStore, session: Session
) -> None:
    importing([a_record(1), a_record(2)])
    changed = a_record(1, "another", url="ssh://moved:22")
    assert importing([changed, a_record(2)]) == {"same": 1, "different": 1}
    assert [(d.ref, d.fields) for d in importing.report.different] == [
        (ref(1).path, ("host", "password"))
    ]
    assert store.read(ref(1), None).version == 1
    assert importing([changed, a_record(2)], UPDATE) == {"same": 1, "updated": 1}
    found = store.read(ref(1), None)
    assert (found.version, found.secrets["password"].reveal()) == (2, "another")
    assert store.describe(ref(1)).facts.host == "moved"
    assert store.describe(ref(1)).stamps.version == 2
    assert events(session, IMPORTED)[-1].after == {
        "kind": "ssh",
        "host": "moved",
        "port": "22",
        "version": 2,
        "changed": ["host", "password"],
    }


def test_an_update_keeps_what_only_the_safe_knows(importing: Importing, store: HvacStore) -> None:
    importing([a_record(1)])
    known = store.read(ref(1), None)
    facts = replace(known.facts, via="common/vpn", tags=("by-hand",))
    secrets = {**known.secrets, "passphrase": Secret("only here")}
    store.write(ref(1), EntryValue(facts, secrets, 1))
    assert importing([a_record(1, "another", tags=("linux",))], UPDATE) == {"updated": 1}
    found = store.read(ref(1), None)
    assert (found.facts.via, found.facts.tags) == ("common/vpn", ("by-hand", "linux"))
    assert found.secrets["passphrase"].reveal() == "only here"
    assert found.secrets["password"].reveal() == "another"


def test_a_kind_that_was_set_right_by_hand_stays(importing: Importing, store: HvacStore) -> None:
    record = replace(a_record(1), url="srv1:9999")
    importing([record])
    assert store.describe(ref(1)).facts.kind == "generic"
    facts = EntryFacts("rdp", "srv1", 9999, "SYSTEM")
    store.write(ref(1), EntryValue(facts, {"password": Secret(SENTINEL)}, 1))
    store.mirror(ref(1), facts, Stamps(holds=("password",), version=2))
    assert importing([record]) == {"same": 1}
    assert importing([record], UPDATE) == {"same": 1}


def test_a_removed_entry_is_not_brought_back(importing: Importing, store: HvacStore) -> None:
    importing([a_record(1)])
    store.remove(ref(1))
    assert importing([a_record(1), a_record(2)]) == {"new": 1}
    (left,) = importing.report.leftovers
    assert (left.ref, "removed" in left.reason) == (ref(1).path, True)


def test_what_is_too_large_is_told_and_the_rest_is_stored(importing: Importing) -> None:
    huge = a_record(1, note=Secret("x" * 1_100_000))
    assert importing([huge, a_record(2)]) == {"new": 1}
    (left,) = importing.report.leftovers
    assert (left.ref, "large" in left.reason) == (ref(1).path, True)


def test_what_the_person_may_not_write_is_told(
    run: AppContext, connection: Connection, mount: str, person: People
) -> None:
    seeker = HvacStore(SafeClient(connection, person("manager").token))  # sees, and writes nothing
    importing = Importing(run, seeker)
    assert importing([a_record(999_999)]) == {}
    assert ["role" in each.reason for each in importing.report.leftovers] == [True]


def test_without_a_role_nothing_begins(run: AppContext, store: HvacStore, session: Session) -> None:
    nobody = replace(run, identity=lambda: Identity("e-eve", "eve", frozenset({"sales"})))
    with pytest.raises(DeniedError):
        Importing(nobody, store)([a_record(1)])
    assert (store.names(), open_intents(session)) == ([], [])


class CutOff(HvacStore):
    """Falls silent at one entry, before or after one of its two writes."""

    def __init__(self, root: SafeClient, mount: str, where: str, times: int = 1_000_000) -> None:
        super().__init__(root, mount=mount)
        self.where, self.times = where, times
        self.tried: list[str] = []

    def write(self, ref: EntryRef, value: EntryValue) -> int:
        self._fall("before", ref)
        version = super().write(ref, value)
        self._fall("answer lost", ref)
        return version

    def mirror(self, ref: EntryRef, facts: EntryFacts, stamps: Stamps) -> None:
        self._fall("between", ref)
        super().mirror(ref, facts, stamps)
        self._fall("after", ref)

    def _fall(self, where: str, ref: EntryRef) -> None:
        if where == self.where and ref.name == f"srv-{MIDWAY}" and self.times:
            self.times -= 1
            self.tried.append(where)
            raise UnavailableError("silent", hint="opskit local start")


PLACES = ("before", "answer lost", "between", "after")
RECORDS = [a_record(number) for number in range(COUNT)]


@pytest.mark.parametrize("where", PLACES)
def test_a_short_silence_is_waited_for(
    run: AppContext, root: SafeClient, mount: str, session: Session, where: str
) -> None:
    silent = CutOff(root, mount, where, times=1)
    assert Importing(run, silent)(RECORDS) == {"new": COUNT}
    assert (len(silent.tried), silent.describe(ref(MIDWAY)).stamps.version) == (1, 1)
    assert len({event.subject for event in events(session, IMPORTED)}) == COUNT
    assert len(events(session, IMPORTED)) == COUNT


@pytest.mark.parametrize("where", PLACES)
def test_after_a_long_silence_the_next_import_goes_on(
    run: AppContext, root: SafeClient, mount: str, session: Session, where: str
) -> None:
    impatient = Manner(patience=0.0)
    broken = Importing(run, CutOff(root, mount, where))
    with pytest.raises(UnavailableError):
        broken(RECORDS, impatient)
    stored = broken.report.total(Fate.NEW)
    assert 0 < stored < COUNT
    assert len(events(session, IMPORTED)) == stored
    assert len(open_intents(session)) == 1

    whole = Importing(run, HvacStore(root, mount=mount))
    counts = whole(RECORDS)
    assert counts["same"] >= stored
    assert counts["same"] + counts.get("new", 0) == COUNT
    assert open_intents(session) == []
    told = [event.subject for event in events(session, IMPORTED)]
    assert (len(told), len(set(told))) == (COUNT, COUNT)  # each entry has its event, and one only
    assert all(entry.stamps.version == 1 for entry in whole.store.list_entries())
    assert verify_chain(session).faults == ()


@pytest.mark.parametrize("where", PLACES)
def test_doctor_closes_what_broke_off(
    run: AppContext, root: SafeClient, mount: str, session: Session, where: str
) -> None:
    store = CutOff(root, mount, where)
    with pytest.raises(UnavailableError):
        Importing(run, store)(RECORDS, Manner(patience=0.0))
    (intent,) = open_intents(session)
    mending = replace(run, plug=lambda _port: cast("Any", HvacStore(root, mount=mount)))
    assert "a.kdbx" in repair_import(mending, intent)
    assert open_intents(session) == []
    assert SENTINEL not in str(intent.data)


def test_the_intent_names_what_is_on_its_way_and_no_secret(
    run: AppContext, root: SafeClient, mount: str, session: Session
) -> None:
    with pytest.raises(UnavailableError):
        Importing(run, CutOff(root, mount, "before"))(RECORDS, Manner(patience=0.0))
    (intent,) = open_intents(session)
    assert [each["ref"] for each in intent.data["under_way"]] == [ref(MIDWAY).path]
    assert SENTINEL not in str(intent.data)


def test_ctrl_c_lands_what_is_in_the_air(
    run: AppContext, store: HvacStore, session: Session
) -> None:
    def with_a_key_pressed(records: Sequence[Record]) -> Iterator[Record]:
        for number, each in enumerate(records):
            if number == COUNT - 5:
                raise KeyboardInterrupt
            yield each

    importing = Importing(run, store)
    settler = Settler(store, frozenset(), Manner(), at=NOW)
    intent = begin(run, store, file="a.kdbx", ticket=None)
    storing = Storing(run, settler, intent=intent, batch=BATCH)
    placer = Placer(Directory(NAMES))
    items = (each for record in with_a_key_pressed(RECORDS) for each in placer.place(record))
    with pytest.raises(KeyboardInterrupt):
        storing.store(items)
    stored = storing.report.total(Fate.NEW)
    assert len(events(session, IMPORTED)) == stored == len(store.names())
    assert open_intents(session) == []
    (finished,) = events(session, FINISHED)
    assert (finished.after or {})["stopped"] is True
    counts = importing(RECORDS)
    assert counts == {"new": COUNT - stored, "same": stored}


def test_a_token_that_ends_midway_stops_everything(
    run: AppContext, root: SafeClient, mount: str, session: Session
) -> None:
    class Ended(HvacStore):
        def write(self, ref: EntryRef, value: EntryValue) -> int:
            if ref.name == f"srv-{MIDWAY}":
                raise LoginNeededError("ended", hint="opskit login")
            return super().write(ref, value)

    importing = Importing(run, Ended(root, mount=mount))
    with pytest.raises(LoginNeededError):
        importing(RECORDS)
    assert 0 < importing.report.total(Fate.NEW) < COUNT


def test_somebody_who_is_faster_with_the_same_entry_loses_nothing(
    run: AppContext, root: SafeClient, mount: str
) -> None:
    class Raced(HvacStore):
        def write(self, ref: EntryRef, value: EntryValue) -> int:
            if value.version == 0:
                put(HvacStore(root, mount=mount), ref.path, "theirs")
            return super().write(ref, value)

    importing = Importing(run, Raced(root, mount=mount))
    assert importing([a_record(1)]) == {"different": 1}
    assert importing.store.read(ref(1), None).secrets["password"].reveal() == "theirs"
