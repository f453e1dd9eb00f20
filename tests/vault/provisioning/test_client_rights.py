"""Who reaches which client: rights that follow the directory, in a whole home."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from opskit.core.errors import InvalidError
from opskit.core.refs import ClientCode
from opskit.core.team import POLES
from opskit.staff.ports import Accounts
from tests.support.home import DATA, PASSWORDS, House, copy_of
from vault.ports import EntryStore, Provisioner
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.client_rights import Directory, client_pieces, rules_for
from vault.provisioning.poles import group_of, groups_for, reading_group

POLICIES_OF_THE_POLES = {
    f"policy {group(pole)}" for group in (group_of, reading_group) for pole in POLES
}
ENTRY = {"back-office": "DELEZE/prod/rights", "logistics": "KUHNCO/prod/rights"}


@pytest.mark.parametrize(
    ("roles", "pole", "groups"),
    [
        ({"agent"}, "back-office", {"clients-back-office"}),
        ({"agent"}, "logistics", {"clients-logistics"}),
        ({"agent"}, "", {"clients-back-office", "clients-logistics"}),
        ({"agent", "license-issuer", "manager"}, "logistics", {"clients-logistics"}),
        ({"agent"}, None, set()),
        ({"agent"}, "elsewhere", set()),
        ({"agent", "safe-keeper"}, "back-office", set()),
        ({"agent", "admin"}, "", set()),
        ({"manager", "auditor", "sales", "consultant"}, "", set()),
        (set(), "", set()),
    ],
)
def test_the_groups_of_a_person(roles: set[str], pole: str | None, groups: set[str]) -> None:
    assert groups_for(roles, pole) == groups


@pytest.mark.parametrize("code", ["+", "*", "A/*", "DELEZE/../X", "", 'X" { } path "*', "deleze"])
def test_what_is_no_code_never_becomes_a_rule(code: str) -> None:
    """Whoever owns the database could write it there, and it would mean every client."""
    with pytest.raises(InvalidError):
        rules_for(["DELEZE", code])


def test_a_pole_without_clients_has_a_policy_all_the_same() -> None:
    pieces = client_pieces(Directory({}, {}))
    assert [piece.title for piece in pieces] == [
        "policy clients-back-office",
        "policy clients-logistics",
        "group clients-back-office",
        "group clients-logistics",
    ]
    assert "path" not in rules_for([])


@pytest.fixture(scope="module")
def rights(house_pattern: House) -> Iterator[House]:
    """A home where the two entries are; its people and clients come and go."""
    with copy_of(house_pattern) as house:
        for ref in ENTRY.values():
            add = ("vault", "add", ref, "--kind", "erp", "--password-file", "-")
            house.done(*add, stdin="s3cret", as_user="alice")
        yield house


@pytest.fixture
def clients(rights: House, tmp_path: Path) -> Path:
    """The directory's file, to change and to import."""
    rights.login("alice")
    file = tmp_path / "clients.csv"
    file.write_bytes((DATA / "clients.csv").read_bytes())
    return file


def make(house: House, login: str, *words: str) -> None:
    """A new person, whose login the test may use."""
    given = ("--role", "agent", *words, "--password-file", "-")
    house.done("user", "add", login, *given, stdin=f"pass of {login}", as_user="alice")


def reached(house: House, login: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The poles whose entries the person reads."""
    monkeypatch.setitem(PASSWORDS, login, f"pass of {login}")
    house.login(login)
    codes = {pole: house.opskit("vault", "get", ref).code for pole, ref in ENTRY.items()}
    found = house.done("vault", "list", "KUHNCO", "--json").json
    assert ENTRY["logistics"] in {row["ref"] for row in found}, "everybody finds everything"
    assert set(codes.values()) <= {0, 6}
    house.login("alice")
    return {pole for pole, code in codes.items() if code == 0}


def move(file: Path, code: str, pole: str) -> None:
    text = file.read_text(encoding="utf-8")
    (line,) = [each for each in text.splitlines() if each.startswith(f"{code},")]
    old = next(each for each in ENTRY if each != pole)
    file.write_text(text.replace(line, line.replace(old, pole)), encoding="utf-8")


def drifts(house: House) -> dict[str, str]:
    return {drift.what: drift.problem for drift in house.context().plug(Provisioner).plan()}


@pytest.mark.parametrize("pole", ENTRY)
def test_an_agent_reads_the_clients_of_the_pole(
    rights: House, monkeypatch: pytest.MonkeyPatch, pole: str
) -> None:
    login = f"of-{pole}"
    make(rights, login, "--pole", pole)
    assert reached(rights, login, monkeypatch) == {pole}
    assert drifts(rights) == {}


def test_an_agent_of_no_pole_reads_both(rights: House) -> None:
    rights.login("bob")
    for ref in ENTRY.values():
        assert rights.done("vault", "get", ref).out == "s3cret\n"


def test_rights_come_and_go_with_the_role(rights: House, monkeypatch: pytest.MonkeyPatch) -> None:
    make(rights, "changing", "--pole", "logistics")
    rights.done("user", "revoke", "changing", "--role", "agent")
    monkeypatch.setitem(PASSWORDS, "changing", "pass of changing")
    rights.login("changing")
    assert rights.opskit("vault", "get", ENTRY["logistics"]).code == 6
    rights.login("alice")
    rights.done("user", "grant", "changing", "--role", "agent")
    assert reached(rights, "changing", monkeypatch) == {"logistics"}
    rights.done("user", "grant", "changing", "--role", "safe-keeper")
    assert reached(rights, "changing", monkeypatch) == {"logistics", "back-office"}
    assert entity_of(rights, "changing") not in accounts(rights).members_of("clients-logistics")
    rights.done("user", "revoke", "changing", "--role", "safe-keeper")
    assert reached(rights, "changing", monkeypatch) == {"logistics"}
    assert drifts(rights) == {}


def test_rights_follow_a_person_who_changes_the_pole(
    rights: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(rights, "mover", "--pole", "back-office")
    table = tmp_path / "staff.csv"
    columns = "login,name,email,role,pole,site,language\n"
    for pole, expected in (("logistics", {"logistics"}), ("", {"logistics", "back-office"})):
        table.write_text(f"{columns}mover,Mover,,agent,{pole},,fr\n", encoding="utf-8")
        rights.done("staff", "import", table)
        assert reached(rights, "mover", monkeypatch) == expected
    assert drifts(rights) == {}


def test_logins_made_from_a_table_reach_their_pole(
    rights: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "staff.csv"
    table.write_text(
        "login,name,email,role,pole,site,language\nlisted,Listed,,agent,logistics,,fr\n",
        encoding="utf-8",
    )
    rights.done("staff", "import", "--logins", table)
    group = accounts(rights).members_of("clients-logistics")
    assert entity_of(rights, "listed") in group
    assert entity_of(rights, "listed") not in accounts(rights).members_of("clients-back-office")


def test_rights_follow_a_client_that_an_admin_imports(
    rights: House, clients: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(rights, "follower", "--pole", "logistics")
    move(clients, "DELEZE", "logistics")
    assert rights.done("client", "import", clients).err == ""
    assert reached(rights, "follower", monkeypatch) == {"logistics", "back-office"}
    told = rights.done("audit", "list", "--json", "--action", "vault.provisioned").json
    assert told[-1]["after"] == dict.fromkeys(POLICIES_OF_THE_POLES, "was changed")
    rights.done("client", "import", DATA / "clients.csv")
    assert reached(rights, "follower", monkeypatch) == {"logistics"}
    assert drifts(rights) == {}


def test_an_import_that_moves_no_client_asks_nothing_of_the_safe(
    rights: House, clients: Path
) -> None:
    text = clients.read_text(encoding="utf-8")
    clients.write_text(text.replace("Délèze Outillage SA", "Délèze et Fils SA"), encoding="utf-8")
    before = audited(rights)
    rights.done("client", "import", clients)
    assert not [path for path in audited(rights)[len(before) :] if "polic" in path]
    rights.done("client", "import", DATA / "clients.csv")


def test_whoever_is_no_admin_is_told_who_makes_the_rights_follow(
    rights: House, clients: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights.done(
        *("user", "add", "sally", "--role", "sales", "--password-file", "-"),
        stdin="pass of sally",
    )
    monkeypatch.setitem(PASSWORDS, "sally", "pass of sally")
    move(clients, "DELEZE", "logistics")
    rights.login("sally")
    said = rights.done("client", "import", clients).err.splitlines()
    assert said == [
        "the agents' rights in the safe do not follow yet: sally lacks the role admin",
        "next, an admin types: opskit vault provision",
    ]
    rights.login("alice")
    assert set(drifts(rights)) == POLICIES_OF_THE_POLES
    assert rights.opskit("vault", "provision", "--check").code == 8
    assert "broken" in rights.opskit("doctor").out
    rights.done("vault", "provision")
    assert drifts(rights) == {}
    rights.done("client", "import", DATA / "clients.csv")


def test_a_person_put_into_a_group_by_hand_is_drift(rights: House) -> None:
    make(rights, "stayer", "--pole", "logistics")
    run = rights.context()
    known = accounts(rights)
    stranger = known.ensure_entity("stranger")
    group = group_of("back-office")
    known._write_members(
        group,
        (known.members_of(group) | {stranger, entity_of(rights, "stayer")})
        - {entity_of(rights, "bob")},
    )
    assert drifts(rights) == {"members clients-back-office": "people too many or too few: 3"}
    provisioner = run.plug(Provisioner)
    provisioner.apply(provisioner.plan())
    assert drifts(rights) == {}
    assert entity_of(rights, "bob") in known.members_of(group)
    assert stranger not in known.members_of(group)


def test_what_a_keeper_would_lose_in_the_group_of_a_pole(rights: House) -> None:
    """Why they are kept out of it: the rule for one client wins over theirs for all."""
    known = accounts(rights)
    alice = entity_of(rights, "alice")
    group = group_of("back-office")
    store = rights.context().plug(EntryStore)
    ref = next(each.ref for each in store.list_entries(ClientCode("DELEZE")))
    known._write_members(group, known.members_of(group) | {alice})
    try:
        path = f"clients/metadata/{ref.path}"
        safe = known._safe
        asked = safe.api.adapter.post("/v1/sys/capabilities-self", json={"paths": [path]})
        assert "delete" not in asked["data"][path]
        assert drifts(rights) == {f"members {group}": "people too many or too few: 1"}
    finally:
        known.place(alice, "")
    asked = safe.api.adapter.post("/v1/sys/capabilities-self", json={"paths": [path]})
    assert "delete" in asked["data"][path]


def accounts(house: House) -> VaultAccounts:
    return cast("VaultAccounts", house.context().plug(Accounts))  # with what only tests ask for


def entity_of(house: House, login: str) -> str:
    return str(house.done("staff", "show", login, "--json").json["entity_id"])


def audited(house: House) -> list[str]:
    """The path of every request so far."""
    lines = (house.home.safe_folder / "audit.log").read_text(encoding="utf-8").splitlines()
    requests: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return [each["request"]["path"] for each in requests if each["type"] == "request"]
