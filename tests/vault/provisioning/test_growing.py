"""How much a newcomer reaches at each level: the whole table, asked of the real server."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.errors import ConflictError, InvalidError
from opskit.core.identity import ROLES
from opskit.core.secret import Secret
from opskit.core.team import POLES
from tests.support.openbao import log_in
from tests.vault.conftest import CLIENTS, PASSWORD, People, Person
from tests.vault.provisioning.matrix import FINDING, GUARDED, MERGE, Request
from tests.vault.provisioning.test_policies import DENIED, DONE, send
from vault.ports import Connection
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.client_rights import Directory
from vault.provisioning.growing import (
    LEVELS,
    NONE,
    POLE,
    READ_ONLY,
    SANDBOX,
    VaultAccess,
    growing_member_pieces,
    growing_pieces,
    reading_rules_for,
)
from vault.provisioning.poles import (
    GROWING_GROUPS,
    REACH_ALL,
    groups_for,
    kept_groups,
    reading_group,
)
from vault.provisioning.provision import VaultProvisioner
from vault.store.hvac_client import SafeClient

OWN, FOREIGN, ALIKE = "DELEZE", "BRASSUS", "SANDBOX-2"
CODES = ("SANDBOX", OWN, FOREIGN, ALIKE)
ALL = (SANDBOX, READ_ONLY, POLE)
READERS = (READ_ONLY, POLE)
AGENTS = (POLE,)


def of_client(code: str, readers: tuple[str, ...], writers: tuple[str, ...]) -> Iterator[Request]:
    """`writers` change the entry of the client, `readers` see it; agents find every client's."""
    entry = f"{code}/prod/growing"
    finders = tuple({*readers, *AGENTS})
    facts = {"custom_metadata": {"kind": "erp"}}
    yield Request("GET", f"clients/data/{entry}", readers)
    yield Request("GET", f"clients/data/{entry}?version=1", readers)
    yield Request("POST", f"clients/data/{entry}", writers, {"data": {"password": "y"}})
    yield Request("DELETE", f"clients/data/{entry}", writers)
    yield Request("POST", f"clients/undelete/{entry}", writers, {"versions": [1]})
    yield Request("POST", f"clients/metadata/{entry}", writers, facts)
    yield Request("PATCH", f"clients/metadata/{entry}", writers, facts, MERGE)
    yield Request("PATCH", f"clients/data/{entry}", (), {"data": {"a": "b"}}, MERGE)
    yield Request("POST", f"clients/delete/{entry}", (), {"versions": [1]})
    yield Request("POST", f"clients/destroy/{entry}", (), {"versions": [1]})
    yield Request("DELETE", f"clients/metadata/{entry}", ())
    yield Request("POST", f"clients/metadata/{entry}", (), {"max_versions": 9})
    yield Request("GET", f"clients/metadata/{entry}", finders)
    yield Request("LIST", f"clients/metadata/{code}/", finders)
    yield Request("SCAN", f"clients/metadata/{code}/", finders)
    yield Request("LIST", f"clients/detailed-metadata/{code}/", finders)
    yield Request("GET", f"clients/subkeys/{entry}", finders)


TABLE = (
    *of_client("SANDBOX", ALL, ALL),
    *of_client(OWN, READERS, AGENTS),
    *of_client(FOREIGN, (), ()),
    *of_client(ALIKE, (), ()),
)
ELSEWHERE = (*FINDING, *GUARDED)  # nothing of it before one is an agent


@pytest.fixture(scope="module")
def access(root: SafeClient, accounts: VaultAccounts) -> VaultAccess:
    provisioner = VaultProvisioner(root, growing_pieces(Directory(CLIENTS, {})))
    provisioner.apply(provisioner.plan())
    return VaultAccess(accounts)


@pytest.fixture(scope="module")
def newcomers(access: VaultAccess, person: People) -> dict[str, Person]:
    """One person a level, all of back-office, each with a token from before the level came."""
    found = {level: person("consultant") for level in LEVELS}
    for level, someone in found.items():
        access.hold(someone.entity_id, level, "back-office")
    return found


@pytest.fixture(scope="module", autouse=True)
def nothing_left(root: SafeClient) -> Iterator[None]:
    """Others use the same safe afterwards."""
    yield
    clear(root)
    for mount in ("clients", "guarded"):
        root.api.adapter.delete(f"/v1/{mount}/metadata/DELEZE/prod/matrix")


def clear(root: SafeClient) -> None:
    for code in CODES:
        root.api.adapter.delete(f"/v1/clients/metadata/{code}/prod/growing")


def set_out(root: SafeClient) -> None:
    clear(root)
    for code in CODES:
        for value in ("first", "second"):
            path = f"/v1/clients/data/{code}/prod/growing"
            root.api.adapter.post(path, json={"data": {"password": value}})


@pytest.mark.parametrize("level", LEVELS)
def test_what_a_level_does_not_give_is_refused(
    root: SafeClient, connection: Connection, newcomers: dict[str, Person], level: str
) -> None:
    set_out(root)
    asked = [*TABLE, *(ELSEWHERE if level != POLE else ())]
    answers = {
        str(request): send(connection, newcomers[level].token, request, {"accessor": "a"})[0]
        for request in asked
        if level not in request.allowed
    }
    assert len(answers) > 30
    assert {request: code for request, code in answers.items() if code != DENIED} == {}


@pytest.mark.parametrize("level", ALL)
def test_what_a_level_gives_works_with_the_token_of_before(
    root: SafeClient, connection: Connection, newcomers: dict[str, Person], level: str
) -> None:
    for request in TABLE:
        if level in request.allowed:
            set_out(root)
            status, answer = send(connection, newcomers[level].token, request, {})
            assert status in DONE, f"{request}: {answer!r}"


def test_a_guarded_entry_takes_a_second_person_even_at_the_last_level(
    root: SafeClient, connection: Connection, newcomers: dict[str, Person]
) -> None:
    root.api.adapter.post("/v1/guarded/data/DELEZE/prod/matrix", json={"data": {"password": "x"}})
    asked = Request("GET", "guarded/data/DELEZE/prod/matrix", ())
    status, answer = send(connection, newcomers[POLE].token, asked, {})
    assert (status, json.loads(answer)["data"]) == (200, None)


def test_levels_come_and_go_and_leave_nothing_behind(
    access: VaultAccess, accounts: VaultAccounts, person: People
) -> None:
    someone = person("consultant", "manager").entity_id
    for level in (SANDBOX, READ_ONLY, POLE, READ_ONLY, NONE, POLE, SANDBOX, NONE):
        access.hold(someone, level, "logistics")
        access.hold(someone, level, "logistics")  # twice is once
        assert access.level_of(someone) == level
    assert accounts.groups_of(someone) == {"consultant", "manager"}


def test_a_reader_follows_the_pole(
    access: VaultAccess, accounts: VaultAccounts, person: People
) -> None:
    someone = person("consultant").entity_id
    access.hold(someone, READ_ONLY, "back-office")
    accounts.place(someone, "logistics")
    assert accounts.groups_of(someone) & set(GROWING_GROUPS) == {
        "access-sandbox",
        "access-read-only-logistics",
    }
    accounts.place(someone, "")
    assert {reading_group(pole) for pole in POLES} < accounts.groups_of(someone)
    accounts.grant(someone, "manager")
    accounts.place(someone, "")
    assert access.level_of(someone) == READ_ONLY


def test_who_reaches_every_client_is_in_no_such_group(
    access: VaultAccess, accounts: VaultAccounts, person: People
) -> None:
    keeper = person("safe-keeper").entity_id
    assert access.level_of(keeper) == POLE
    with pytest.raises(ConflictError, match="role safe-keeper reaches every client"):
        access.hold(keeper, SANDBOX, "back-office")
    someone = person("consultant").entity_id
    access.hold(someone, READ_ONLY, "back-office")
    accounts.grant(someone, "safe-keeper")
    accounts.place(someone, "back-office")
    assert accounts.groups_of(someone) == {"consultant", "safe-keeper"}


def test_an_unknown_level_is_refused(access: VaultAccess, person: People) -> None:
    with pytest.raises(InvalidError, match="there is no access level 'everything'"):
        access.hold(person("consultant").entity_id, "everything", "")


def test_who_is_shut_out_is_refused_with_every_token_at_once(
    access: VaultAccess, accounts: VaultAccounts, person: People, connection: Connection
) -> None:
    someone = person("agent", "license-issuer", pole="back-office")
    other = Secret(log_in(connection.address, someone.login, PASSWORD))
    asked = Request("LIST", "clients/metadata/", ())
    assert send(connection, other, asked, {})[0] in (*DONE, 404)
    access.shut_out(someone.entity_id)
    access.shut_out(someone.entity_id)  # as a repair does
    for token in (someone.token, other):
        assert send(connection, token, asked, {})[0] == DENIED
        assert send(connection, token, Request("GET", "auth/token/lookup-self", ()), {})[0] == 403
    assert accounts.groups_of(someone.entity_id) == set()
    with pytest.raises(Exception, match=r"disabled|denied"):
        log_in(connection.address, someone.login, PASSWORD)


def test_a_group_that_others_made_goes_too(
    access: VaultAccess, accounts: VaultAccounts, person: People, root: SafeClient
) -> None:
    someone = person("consultant").entity_id
    path = "/v1/identity/group/name/of-somebody-else"
    root.api.adapter.post(path, json={"member_entity_ids": [someone]})
    try:
        access.shut_out(someone)
        assert accounts.members_of("of-somebody-else") == set()
    finally:
        root.api.secrets.identity.delete_group_by_name("of-somebody-else")


def test_drift_is_seen_and_mended(
    access: VaultAccess, accounts: VaultAccounts, person: People, root: SafeClient
) -> None:
    for group in GROWING_GROUPS:  # those of the tests before
        accounts._write_members(group, frozenset())
    moved, stranger, keeper = (person("consultant").entity_id for _each in range(3))
    for someone in (moved, stranger, keeper):
        access.hold(someone, READ_ONLY, "back-office")
    accounts.grant(keeper, "safe-keeper")
    people = {moved: "logistics", keeper: "back-office"}
    pieces = growing_member_pieces(Directory(CLIENTS, people), accounts)
    provisioner = VaultProvisioner(root, pieces)
    assert {drift.what: drift.problem.rpartition(" ")[2] for drift in provisioner.plan()} == {
        "members access-sandbox": "2",
        "members access-read-only-back-office": "3",
        "members access-read-only-logistics": "1",
    }
    provisioner.apply(provisioner.plan())
    assert provisioner.plan() == []
    assert access.level_of(stranger) == NONE
    assert reading_group("logistics") in accounts.groups_of(moved)


@pytest.mark.parametrize("code", ["+", "*", "A/*", "DELEZE/../X", "", 'X" { } path "*', "deleze"])
def test_what_is_no_code_never_becomes_a_rule(code: str) -> None:
    with pytest.raises(InvalidError):
        reading_rules_for([OWN, code])


@given(
    found=st.frozensets(st.sampled_from([*GROWING_GROUPS, *ROLES])),
    pole=st.sampled_from([None, "", *POLES, "elsewhere"]),
)
def test_a_newcomers_groups_never_grow_by_a_change_of_pole_or_role(
    found: frozenset[str], pole: str | None
) -> None:
    roles = found & set(ROLES)
    kept = kept_groups(found, roles, pole)
    assert kept <= set(GROWING_GROUPS)
    assert ("access-sandbox" in kept) <= ("access-sandbox" in found)
    assert bool(kept & {reading_group(each) for each in POLES}) <= bool(
        found & {reading_group(each) for each in POLES}
    )
    if roles & REACH_ALL or pole is None:
        assert kept == groups_for(roles, pole) == set()
