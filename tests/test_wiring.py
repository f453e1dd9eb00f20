"""The composition root: every port gets what fits it, every interrupted action has its repair."""

import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from opskit import wiring
from opskit.core.config import Home, NoHomeError, Settings
from opskit.core.errors import OpsError
from opskit.core.health import Diagnosis
from opskit.patches.ports import Safe, SafeEntry
from opskit.setup import doctor
from tests.support.home import House
from tests.test_architecture import PACKAGES, ROOT
from tests.vault.samples import put
from vault.breakglass.ports import GuardedStore
from vault.entries import EntryRef
from vault.ports import EntryStore, Login


def port_of(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def name_of(port: Any) -> str:
    """By which name wiring keeps it, from wherever it was imported."""
    return f"{port.__module__}:{port.__qualname__}"


def members(port: Any) -> set[str]:
    """What whoever asks for this port may use."""
    return {
        name
        for kind in port.__mro__[:-1]
        for name in (*vars(kind), *getattr(kind, "__annotations__", {}))
        if not name.startswith("_")
    }


def sources() -> dict[str, str]:
    """Every module of ours by its dotted name."""
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): file.read_text(encoding="utf-8")
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
    }


@pytest.mark.parametrize("name", wiring.PLUGS)
def test_what_is_plugged_in_fits_its_port(house: House, name: str) -> None:
    port = port_of(name)
    plugged = house.context().plug(port)
    assert members(port)
    assert [each for each in members(port) if not hasattr(plugged, each)] == []


@pytest.mark.parametrize("name", wiring.PLUGS)
def test_a_port_names_itself(name: str) -> None:
    assert name_of(port_of(name)) == name


def test_every_port_that_a_feature_declares_is_plugged_in() -> None:
    asked = {
        name_of(port_of(f"{module}:{port}"))
        for text in sources().values()
        for port in re.findall(r"\.plug\((\w+)\)", text)
        for module in re.findall(rf"from ([\w.]+) import (?:[\w, ]*\b)?{port}\b", text)
    }
    assert len(asked) > 5
    assert asked <= set(wiring.PLUGS)


def test_an_unknown_port_is_a_mistake(house: House) -> None:
    with pytest.raises(KeyError):
        house.context().plug(Path)


@pytest.mark.parametrize("examine", wiring.examinations(), ids=lambda each: each.__module__)
def test_every_examination_examines(house: House, examine: Any) -> None:
    found = list(examine(house.context()))
    assert found
    assert all(isinstance(each, Diagnosis) for each in found)


def test_a_part_that_cannot_be_asked_is_named() -> None:
    parts = [doctor._part_of(examine) for examine in (doctor._database, *wiring.examinations())]
    assert parts == ["database", "local", "vault", "staff", "licenses", "privacy"]


def test_every_kind_of_intent_has_its_repair() -> None:
    from licenses.offline.making import CREATE
    from licenses.rotation import ROTATE, TAKE_OVER
    from licenses.services.countersigning import COUNTERSIGN
    from licenses.services.deliveries import MAIL
    from onboarding.access.wishes import GRANT, REVOKE
    from onboarding.leaving.carrying import READS
    from onboarding.privacy.acts import ERASE
    from opskit.staff.acts import Act
    from opskit.staff.turns import LEAVE
    from opskit.todo.recording import REMIND
    from vault.breakglass.guarding import GUARD
    from vault.breakglass.services import APPROVE, ASK, READ
    from vault.changing.moving import MOVE
    from vault.changing.removing import PURGE, REMOVE, UNDELETE
    from vault.exporting.export import EXPORT
    from vault.importing.journal import IMPORT
    from vault.provisioning.recording import DONE
    from vault.services import WRITE

    written = {WRITE, MOVE, REMOVE, UNDELETE, PURGE, IMPORT, EXPORT}
    guarded = {ASK, APPROVE, READ, GUARD}
    people = {act.value for act in Act}
    licensing = {MAIL, CREATE, COUNTERSIGN, ROTATE, TAKE_OVER}
    onboarding = {ERASE, GRANT, REVOKE, LEAVE, READS}
    assert set(wiring.REPAIRS) == {
        *(*written, *DONE, *guarded, *people, *licensing, *onboarding, REMIND)
    }
    assert all(callable(wiring.repair_of(kind)) for kind in wiring.REPAIRS)
    assert wiring.repair_of("moon.landing") is None


def test_whoever_begins_an_intent_is_known_above() -> None:
    users = {
        name
        for name, text in sources().items()
        if re.search(r"from opskit\.core\.intents import .*\bbegin\b", text)
    }
    assert users == {
        "licenses.offline.making",
        "licenses.rotation",
        "licenses.services.countersigning",
        "licenses.services.deliveries",
        "onboarding.access.wishes",
        "onboarding.leaving.acts",
        "onboarding.leaving.carrying",
        "onboarding.privacy.acts",
        "opskit.staff.acts",
        "opskit.todo.recording",
        "vault.breakglass.services",
        "vault.provisioning.recording",
        "vault.exporting.export",
        "vault.importing.journal",
        "vault.services",
    }


def test_a_team_is_asked_where_its_settings_say(tmp_path: Path) -> None:
    settings = Settings(
        profile="team",
        token_store="file",
        vault_address="https://vault.example:8200",
        vault_namespace="cs",
        vault_timeout=3.0,
    )
    connection = wiring.context_of(Home(tmp_path), settings).plug(Login).connection
    assert (connection.address, connection.namespace, connection.timeout) == (
        "https://vault.example:8200",
        "cs",
        3.0,
    )
    assert (connection.ca_file, connection.mend_hint) == (None, "opskit doctor")


def test_a_home_of_its_own_is_asked_where_it_listens_now(house: House, tmp_path: Path) -> None:
    connection = house.context().plug(Login).connection
    assert connection.address == house.done("local", "status", "--json").json["address"]
    assert connection.mend_hint == "opskit local start"
    with pytest.raises(OpsError, match="is not running") as caught:
        wiring.context_of(Home(tmp_path), Settings()).plug(Login)
    assert caught.value.hint == "opskit local start"


def test_the_safe_is_asked_once_who_is_there(house: House) -> None:
    run = house.context()
    first = run.identity()
    house.login("bob")
    assert run.identity() is first
    assert first.name == "alice"
    assert house.context().identity().name == "bob"


def test_a_database_that_does_not_fit_is_refused_before_the_work_begins(tmp_path: Path) -> None:
    run = wiring.context_of(Home(tmp_path), Settings())
    for opened in (run.transaction, run.snapshot):
        with pytest.raises(OpsError, match="is gone or empty"), opened():
            pytest.fail("must not begin")


def test_a_home_that_is_none_has_neither_safe_nor_database(tmp_path: Path) -> None:
    run = wiring.context_of(Home(tmp_path), Settings(), must_be_complete=True)
    for ask in (run.identity, run.snapshot().__enter__, lambda: run.plug(Login)):
        with pytest.raises(NoHomeError):
            ask()
    assert list(tmp_path.iterdir()) == []


def test_the_clock_is_the_worlds(house: House) -> None:
    run = house.context()
    first, second = run.now(), run.now()
    assert first <= second
    assert first.utcoffset() is not None
    assert run.today() == run.now().astimezone().date()


def test_a_patch_sees_guarded_entries_and_tried_logins(house: House) -> None:
    run = house.context()
    put(run.plug(EntryStore), "BETSCH/prod/tried", "x")
    put(run.plug(GuardedStore), "BETSCH/prod/guarded", "x")
    put(run.plug(EntryStore), "BETSCH/test/another", "x")
    on = datetime(2027, 1, 11, 12, tzinfo=UTC)
    ref = EntryRef.parse("BETSCH/prod/tried")
    run.plug(EntryStore).mark(ref, checked=on.isoformat(), check="refused")
    assert run.plug(Safe).entries("BETSCH", "prod") == [
        SafeEntry("tried", "refused", on.date()),
        SafeEntry("guarded"),
    ]
