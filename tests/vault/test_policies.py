"""The negative matrix: what each role must not reach, asked of the real server."""

from collections.abc import Iterator

import pytest

from opskit.core.identity import ROLES
from opskit.core.secret import Secret
from opskit.core.signing import approver_key
from tests.vault.conftest import People, Person
from vault.hvac_client import SafeClient
from vault.ports import Connection

MESSAGE = {"input": "YQ==", "key_version": 1}
ENTRY = "DELEZE/prod/matrix"

# What is asked, and by whom it may be done; `admin` may everything.
MATRIX: dict[tuple[str, str], tuple[str, ...]] = {
    ("GET", f"clients/data/{ENTRY}"): ("agent", "safe-keeper"),
    ("GET", f"clients/subkeys/{ENTRY}"): ("agent", "safe-keeper"),
    ("GET", f"clients/metadata/{ENTRY}"): ("agent", "safe-keeper", "manager"),
    ("LIST", "clients/metadata/DELEZE/"): ("agent", "safe-keeper", "manager"),
    ("SCAN", "clients/detailed-metadata/"): ("agent", "safe-keeper", "manager"),
    ("POST", f"clients/data/{ENTRY}"): ("agent", "safe-keeper"),
    ("POST", f"clients/metadata/{ENTRY}"): ("agent", "safe-keeper"),
    ("DELETE", f"clients/data/{ENTRY}"): ("safe-keeper",),
    ("POST", f"clients/delete/{ENTRY}"): ("safe-keeper",),
    ("POST", f"clients/undelete/{ENTRY}"): ("safe-keeper",),
    ("POST", f"clients/destroy/{ENTRY}"): ("safe-keeper",),
    ("DELETE", f"clients/metadata/{ENTRY}"): ("safe-keeper",),
    ("POST", "clients/config"): (),
    ("GET", "transit/keys/license-production"): ("sales", "license-issuer", "auditor"),
    ("GET", "transit/keys/checkpoint"): ("auditor",),
    ("LIST", "transit/keys"): ("auditor",),
    ("POST", "transit/sign/license-production"): ("license-issuer",),
    ("POST", "transit/sign/license-test"): ("license-issuer",),
    ("POST", "transit/sign/checkpoint"): ("auditor",),
    ("POST", "transit/keys/license-production/rotate"): (),
    ("POST", "transit/keys/license-production/config"): (),
    ("POST", "transit/keys/of-my-own"): (),
    ("GET", "transit/export/signing-key/license-production"): (),
    ("GET", "transit/backup/license-production"): (),
    **{("GET", f"database/creds/{role}"): (role,) for role in ROLES},
    ("GET", "database/config/opskit"): (),
    ("POST", "database/roles/agent"): (),
    ("POST", "database/rotate-root/opskit"): (),
    ("GET", "opskit/data/locks/group-admin"): (),
    ("GET", "sys/policies/acl/admin"): (),
    ("POST", "sys/policies/acl/agent"): (),
    ("GET", "sys/mounts"): (),
    ("LIST", "auth/token/accessors"): (),
    ("POST", "auth/token/create"): (),
    ("POST", "auth/userpass/users/somebody"): (),
    ("POST", "identity/group/name/admin"): (),
    ("LIST", "identity/entity/id"): (),
    ("GET", "sys/storage/raft/snapshot"): (),
}
DENIED = 403


@pytest.fixture(scope="module")
def people(person: People) -> dict[str, Person]:
    return {role: person(role) for role in ROLES if role != "admin"}


@pytest.fixture(scope="module", autouse=True)
def entry(root: SafeClient) -> Iterator[None]:
    root.api.secrets.kv.v2.create_or_update_secret(ENTRY, {"password": "x"}, mount_point="clients")
    yield
    root.api.secrets.kv.v2.delete_metadata_and_all_versions(ENTRY, mount_point="clients")


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_a_role_reaches_what_it_may_and_nothing_else(
    connection: Connection, people: dict[str, Person], role: str
) -> None:
    token = people[role].token
    wrong = [
        f"{method} {path}: {'refused' if role in allowed else 'let through'}"
        for (method, path), allowed in MATRIX.items()
        if is_denied(connection, token, path, capability_of(method)) is (role in allowed)
    ]
    assert wrong == []


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_the_refusal_is_real(connection: Connection, people: dict[str, Person], role: str) -> None:
    """The capabilities above are the server's promise; here it is held to it."""
    safe = SafeClient(connection, people[role].token)
    for (method, path), allowed in MATRIX.items():
        if role in allowed:
            continue
        reply = safe.api.adapter.request(
            method, f"/v1/{path}", json=body_of(method, path), raise_exception=False
        )
        assert status_of(reply) == DENIED, f"{method} {path}"


def test_a_license_is_signed_only_with_its_version_named(
    connection: Connection, people: dict[str, Person]
) -> None:
    issuer = people["license-issuer"]
    safe = SafeClient(connection, issuer.token)
    for key in ("license-production", approver_key(issuer.entity_id)):
        path = f"/v1/transit/sign/{key}"
        unnamed = safe.api.adapter.request(
            "POST", path, json={"input": "YQ=="}, raise_exception=False
        )
        assert status_of(unnamed) == DENIED
        assert safe.api.adapter.post(path, json=MESSAGE)["data"]["signature"]


def test_an_agent_cannot_destroy_by_way_of_the_metadata(
    connection: Connection, people: dict[str, Person]
) -> None:
    safe = SafeClient(connection, people["agent"].token)
    path = f"/v1/clients/metadata/{ENTRY}"
    safe.api.adapter.post(path, json={"custom_metadata": {"kind": "erp"}})
    for trick in ({"max_versions": 1}, {"delete_version_after": "1s"}):
        reply = safe.api.adapter.request("POST", path, json=trick, raise_exception=False)
        assert status_of(reply) == DENIED


def test_nobody_signs_as_somebody_else(connection: Connection, people: dict[str, Person]) -> None:
    target = f"/v1/transit/sign/{approver_key(people['license-issuer'].entity_id)}"
    for role, someone in people.items():
        if role != "license-issuer":
            safe = SafeClient(connection, someone.token)
            reply = safe.api.adapter.request("POST", target, json=MESSAGE, raise_exception=False)
            assert status_of(reply) == DENIED, role


def is_denied(connection: Connection, token: Secret, path: str, capability: str) -> bool:
    safe = SafeClient(connection, token)
    reply = safe.api.adapter.post("/v1/sys/capabilities-self", json={"paths": [path]})
    found = reply["data"][path]
    return capability not in found and "root" not in found


def capability_of(method: str) -> str:
    names = {"GET": "read", "LIST": "list", "SCAN": "scan", "POST": "update", "DELETE": "delete"}
    return names[method]


def body_of(method: str, path: str) -> dict[str, object] | None:
    if method != "POST":
        return None
    return MESSAGE if "/sign/" in path else {}


def status_of(reply: object) -> int:
    return int(getattr(reply, "status_code", 200))
