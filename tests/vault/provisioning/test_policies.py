"""The negative matrix: what nobody may reach without being named, asked of the real server."""

import http.client
import json
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from urllib.parse import urlsplit

import pytest

from opskit.core.identity import ROLES
from opskit.core.secret import Secret
from opskit.core.signing import approver_key
from tests.vault.conftest import People, Person
from tests.vault.provisioning.matrix import (
    AGENTS,
    BACK_OFFICE,
    BOTH,
    LOGISTICS,
    MATRIX,
    NOBODY,
    PEOPLE,
    PROMISED,
    SIGNED,
    Request,
    of_client,
)
from vault.ports import Connection
from vault.provisioning.desired import Policy
from vault.provisioning.policy_texts import policy_of, policy_text
from vault.provisioning.provision import VaultProvisioner, desired_state
from vault.store.hvac_client import SafeClient

DONE, DENIED = (200, 204), 403
CODES = ("DELEZE", "BRASSUS", "DELEZE-2")
POLES = {BACK_OFFICE: "back-office", LOGISTICS: "logistics", BOTH: ""}
SECRET = "nobody reads this alone"


@pytest.fixture(scope="module")
def people(person: People) -> dict[str, Person]:
    agents = {name: person("agent", pole=POLES[name]) for name in AGENTS}
    return {**agents, NOBODY: person(), **{r: person(r) for r in PEOPLE if r in ROLES}}


@pytest.fixture(scope="module")
def names(root: SafeClient, people: dict[str, Person]) -> Iterator[dict[str, str]]:
    """What the table leaves open; and a key that an admin could take out of the safe."""
    root.api.secrets.transit.create_key("matrix", key_type="ed25519", exportable=True)
    root.api.adapter.post(
        "/v1/transit/keys/matrix/config",
        json={"allow_plaintext_backup": True, "exportable": True},
    )
    root.api.adapter.post("/v1/opskit/data/locks/matrix", json={"data": {"until": 0}})
    sealed = root.api.secrets.transit.encrypt_data("intake", "YQ==")["data"]["ciphertext"]
    set_out(root, "DELEZE")
    asked = SafeClient(root.connection, people[BOTH].token).api.adapter.get(
        "/v1/guarded/data/DELEZE/prod/matrix"
    )
    yield {
        "issuer": people["license-issuer"].entity_id,
        "ciphertext": sealed,
        "accessor": asked["wrap_info"]["accessor"],
    }
    clear_up(root)


def set_out(root: SafeClient, code: str) -> None:
    """The entry of the client, with two versions, in both mounts."""
    for mount in ("clients", "guarded"):
        root.api.adapter.delete(f"/v1/{mount}/metadata/{code}/prod/matrix")
        for value in ("first", SECRET):
            root.api.adapter.post(
                f"/v1/{mount}/data/{code}/prod/matrix", json={"data": {"password": value}}
            )


def clear_up(root: SafeClient) -> None:
    for code in CODES:
        for mount in ("clients", "guarded"):
            root.api.adapter.delete(f"/v1/{mount}/metadata/{code}/prod/matrix")
    for path in ("policies/acl/matrix", "config/auditing/request-headers/X-Matrix"):
        root.api.adapter.delete(f"/v1/sys/{path}")
    for path in ("auth/userpass/users", "identity/group/name", "identity/entity/name"):
        root.api.adapter.delete(f"/v1/{path}/matrix")
    root.api.adapter.delete("/v1/opskit/metadata/locks/matrix")
    for key in ("matrix", "matrix-2"):
        path = f"/v1/transit/keys/{key}"
        if isinstance(root.api.adapter.request("GET", path, raise_exception=False), dict):
            root.api.adapter.post(f"{path}/config", json={"deletion_allowed": True})
            root.api.adapter.delete(path)


@pytest.mark.parametrize("who", PEOPLE)
def test_what_is_not_given_is_refused(
    connection: Connection, people: dict[str, Person], names: dict[str, str], who: str
) -> None:
    answers = {
        str(request): send(connection, people[who].token, request, names)[0]
        for request in MATRIX
        if who not in request.allowed
    }
    assert len(answers) > 50
    assert {request: code for request, code in answers.items() if code != DENIED} == {}


@pytest.mark.parametrize("request_", MATRIX, ids=str)
def test_what_is_given_works(
    root: SafeClient,
    token: Secret,
    people: dict[str, Person],
    names: dict[str, str],
    request_: Request,
) -> None:
    """Each refusal above is of a request that somebody could make."""
    tokens = {who: people[who].token for who in request_.allowed} or {"admin": token}
    for who, allowed in tokens.items():
        for code in CODES:
            set_out(root, code)
        status, answer = send(root.connection, allowed, request_, names)
        assert status in DONE, f"{who}: {answer!r}"
        assert SECRET.encode() not in answer or request_.path.startswith("clients/data/"), who


@pytest.mark.parametrize("who", PEOPLE)
def test_the_promises_of_the_server(
    connection: Connection, people: dict[str, Person], who: str
) -> None:
    """Where asking for the thing itself would end the server."""
    role = "agent" if who in AGENTS else who
    safe = SafeClient(connection, people[who].token)
    paths = [path for path, _capability in PROMISED]
    reply = safe.api.adapter.post("/v1/sys/capabilities-self", json={"paths": paths})["data"]
    given = {path for path, capability in PROMISED if capability in reply[path]}
    assert given == {path for (path, _), allowed in PROMISED.items() if role in allowed}


def test_no_way_around_the_name_of_a_client(
    connection: Connection, people: dict[str, Person], root: SafeClient
) -> None:
    set_out(root, "BRASSUS")
    for path in (
        "clients/data/DELEZE/../BRASSUS/prod/matrix",
        "clients/data/DELEZE/%2e%2e/BRASSUS/prod/matrix",
        "clients/data/DELEZE//../../data/BRASSUS/prod/matrix",
        "clients/data//BRASSUS/prod/matrix",
    ):
        status, answer = send(connection, people[BACK_OFFICE].token, Request("GET", path, ()), {})
        assert status != 200, path
        assert SECRET.encode() not in answer


@pytest.mark.parametrize("more", ["manager", "auditor", "sales", "license-issuer", "consultant"])
def test_a_second_role_takes_nothing_away_from_an_agent(
    connection: Connection, person: People, root: SafeClient, more: str
) -> None:
    someone = person("agent", more, pole="back-office")
    for request in of_client("DELEZE", (BACK_OFFICE,)):
        if BACK_OFFICE in request.allowed:
            set_out(root, "DELEZE")
            status, answer = send(connection, someone.token, request, {})
            assert status in DONE, f"{request}: {answer!r}"


@pytest.mark.parametrize("roles", [("agent", "safe-keeper"), ("agent", "admin"), ROLES])
def test_an_agent_who_keeps_the_safe_still_purges(
    connection: Connection, person: People, root: SafeClient, roles: tuple[str, ...]
) -> None:
    """The rule for one client would win over the keeper's for all: they are in no pole's group."""
    someone = person(*roles)
    for code in CODES:
        set_out(root, code)
        path = f"{code}/prod/matrix"
        for request in (
            Request("POST", f"clients/destroy/{path}", (), {"versions": [1]}),
            Request("POST", f"clients/metadata/{path}", (), {"max_versions": 9}),
            Request("DELETE", f"clients/metadata/{path}", ()),
        ):
            assert send(connection, someone.token, request, {})[0] in DONE, str(request)


def test_no_combination_of_roles_reads_a_guarded_entry_alone(
    connection: Connection, person: People, root: SafeClient
) -> None:
    """Merged in the wrong way, rules for one path would lose their control group."""
    set_out(root, "DELEZE")
    asked = Request("GET", "guarded/data/DELEZE/prod/matrix", ())
    reaching = ("agent", "safe-keeper", "admin")
    for count in (1, 2, 3):
        for roles in combinations(reaching, count):
            for more in ((), ("manager", "auditor", "sales")):
                status, answer = send(connection, person(*roles, *more).token, asked, {})
                assert status == 200
                assert json.loads(answer)["data"] is None
                assert json.loads(answer)["wrap_info"]["accessor"]


def test_without_control_groups_nobody_reaches_a_guarded_entry(
    connection: Connection, person: People, root: SafeClient
) -> None:
    set_out(root, "DELEZE")
    everybody = [person(*roles) for roles in [(role,) for role in ROLES] + [ROLES]]
    closed = [Policy(role, policy_of(role, second_person=False)) for role in ROLES]
    opened = VaultProvisioner(root, desired_state(second_person=True))
    try:
        for policy in closed:
            assert policy.mend(root.api)
        for someone in everybody:
            for method in ("GET", "POST", "DELETE"):
                request = Request(
                    method, "guarded/data/DELEZE/prod/matrix", (), {"data": {"password": "y"}}
                )
                assert send(connection, someone.token, request, {})[0] == DENIED
    finally:
        opened.apply(opened.plan())


def test_a_signature_is_made_only_with_its_version_named(
    connection: Connection, people: dict[str, Person]
) -> None:
    issuer = people["license-issuer"]
    for key in ("license-production", approver_key(issuer.entity_id)):
        path = f"transit/sign/{key}"
        unnamed = Request("POST", path, (), {"input": "YQ=="})
        assert send(connection, issuer.token, unnamed, {})[0] == DENIED
        assert send(connection, issuer.token, Request("POST", path, (), SIGNED), {})[0] == 200


def test_an_admin_loses_nothing_by_another_role() -> None:
    """The more specific rule wins, so every path of another role stands in the admin's policy."""
    admin = paths_of(policy_text("admin"))
    others = {path for role in ROLES for path in paths_of(policy_text(role))}
    assert {path for path in others - admin if not path.startswith("transit/sign/")} == set()


def test_every_rule_for_guarded_data_has_its_control_group() -> None:
    """One without it, merged with the others, would open all of them."""
    for role in ROLES:
        text = policy_text(role)
        rules = re.split(r"^path ", re.sub(r"(?m)^#.*$", "", text), flags=re.MULTILINE)
        found = [rule for rule in rules if rule.startswith('"guarded/data')]
        assert len(found) == (role in ("agent", "safe-keeper", "admin"))
        assert all("control_group {" in rule for rule in found)


def test_every_rule_for_signing_licences_gets_a_second_signer() -> None:
    """But those for tests; in the policies of issuers and admins, and no other role signs."""
    signing = {
        path
        for path in paths_of(policy_text("license-issuer"))
        if path.startswith("transit/sign/license-") and path != "transit/sign/license-test"
    }
    assert len(signing) >= 1
    for role in ROLES:
        text = policy_of(role, second_person=True, second_signer=True)
        rules = {rule.split('"')[1]: rule for rule in re.split(r"(?m)^path ", text)[1:]}
        held = {path for path, rule in rules.items() if "license-issuer" in rule}
        held -= {"database/creds/license-issuer"}
        assert held == (signing if role in ("license-issuer", "admin") else set())
        assert all("required_parameters" in rules[path] for path in held)
        if not held:
            assert not any(path.startswith("transit/sign/license-") for path in rules)


def paths_of(policy: str) -> set[str]:
    return set(re.findall(r'^path "([^"]+)"', policy, re.MULTILINE))


def send(
    connection: Connection, token: Secret, request: Request, names: Mapping[str, str]
) -> tuple[int, bytes]:
    """Status and answer of one raw request: nothing of ours refuses it before the server does."""
    url = urlsplit(connection.address)
    wire = http.client.HTTPConnection(str(url.hostname), url.port, timeout=10)
    headers = {"X-Vault-Token": token.reveal(), "Content-Type": request.content_type}
    body = None if request.body is None else filled(json.dumps(dict(request.body)), names)
    wire.request(request.method, "/v1/" + filled(request.path, names), body, headers)
    answer = wire.getresponse()
    content = answer.read()
    wire.close()
    return answer.status, content


def filled(text: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    return text
