"""What each kind of person may ask of the safe: the whole table, and what a request needs.

Everybody who is not named beside a request has to be refused. `admin` may everything, and is asked
where nobody else may, so that no refusal comes from a misspelt path.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from opskit.core.identity import ROLES

BACK_OFFICE, LOGISTICS, BOTH = "agent of back-office", "agent of logistics", "agent of both"
AGENTS = (BACK_OFFICE, LOGISTICS, BOTH)
NOBODY = "nobody"
PEOPLE = (*AGENTS, *(role for role in ROLES if role not in ("agent", "admin")), NOBODY)

KEEPER = ("safe-keeper",)
FINDERS = (*AGENTS, *KEEPER, "manager", "auditor")
MERGE = "application/merge-patch+json"

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """One request, and who may make it. `{name}` in path and body is filled in by the test."""

    method: str
    path: str
    allowed: tuple[str, ...]
    body: Body | None = None
    content_type: str = "application/json"

    def __str__(self) -> str:
        return f"{self.method} {self.path} {'' if self.body is None else dict(self.body)}".strip()


def of_client(code: str, agents: tuple[str, ...]) -> Iterator[Request]:
    """The entry of a client: `agents` are those of its pole."""
    entry = f"{code}/prod/matrix"
    ours = (*agents, *KEEPER)
    facts = {"custom_metadata": {"kind": "erp"}}
    first = {"versions": [1]}
    yield Request("GET", f"clients/data/{entry}", ours)
    yield Request("GET", f"clients/data/{entry}?version=1", ours)
    yield Request("POST", f"clients/data/{entry}", ours, {"data": {"password": "y"}})
    yield Request("DELETE", f"clients/data/{entry}", ours)
    yield Request("POST", f"clients/undelete/{entry}", ours, first)
    yield Request("PATCH", f"clients/data/{entry}", KEEPER, {"data": {"a": "b"}}, MERGE)
    yield Request("POST", f"clients/delete/{entry}", KEEPER, first)
    yield Request("POST", f"clients/destroy/{entry}", KEEPER, first)
    yield Request("DELETE", f"clients/metadata/{entry}", KEEPER)
    yield Request("POST", f"clients/metadata/{entry}", ours, facts)
    yield Request("PATCH", f"clients/metadata/{entry}", ours, facts, MERGE)
    for trick in ({"max_versions": 9}, {"delete_version_after": "9h"}, {"cas_required": False}):
        yield Request("POST", f"clients/metadata/{entry}", KEEPER, trick)
        yield Request("POST", f"clients/metadata/{entry}", KEEPER, {**facts, **trick})
        yield Request("PATCH", f"clients/metadata/{entry}", KEEPER, trick, MERGE)
    yield Request("GET", f"clients/metadata/{entry}", FINDERS)
    yield Request("LIST", f"clients/metadata/{code}/", FINDERS)
    yield Request("SCAN", f"clients/metadata/{code}/", FINDERS)
    yield Request("LIST", f"clients/detailed-metadata/{code}/", FINDERS)
    yield Request("GET", f"clients/subkeys/{entry}", (*AGENTS, *KEEPER))


FINDING = (
    Request("LIST", "clients/metadata/", FINDERS),
    Request("SCAN", "clients/metadata/", FINDERS),
    Request("LIST", "clients/detailed-metadata/", FINDERS),
    Request("SCAN", "clients/detailed-metadata/", FINDERS),
    Request("LIST", "guarded/metadata/", FINDERS),
    Request("SCAN", "guarded/metadata/", FINDERS),
    Request("LIST", "guarded/detailed-metadata/DELEZE/", FINDERS),
    Request("SCAN", "guarded/detailed-metadata/", FINDERS),
    Request("GET", "guarded/metadata/DELEZE/prod/matrix", FINDERS),
)

GUARDED = (
    Request("GET", "guarded/data/DELEZE/prod/matrix", (*AGENTS, *KEEPER)),
    Request("POST", "guarded/data/DELEZE/prod/matrix", KEEPER, {"data": {"password": "y"}}),
    Request("DELETE", "guarded/data/DELEZE/prod/matrix", KEEPER),
    Request("POST", "guarded/undelete/DELEZE/prod/matrix", KEEPER, {"versions": [1]}),
    Request("POST", "guarded/metadata/DELEZE/prod/matrix", KEEPER, {"max_versions": 9}),
    Request("DELETE", "guarded/metadata/DELEZE/prod/matrix", KEEPER),
    Request("POST", "guarded/delete/DELEZE/prod/matrix", (), {"versions": [1]}),
    Request("POST", "guarded/destroy/DELEZE/prod/matrix", (), {"versions": [1]}),
    Request("GET", "guarded/subkeys/DELEZE/prod/matrix", ()),
    Request("GET", "guarded/config", ()),
    Request("POST", "sys/control-group/request", (*AGENTS, *KEEPER), {"accessor": "{accessor}"}),
    Request("POST", "sys/control-group/authorize", KEEPER, {"accessor": "{accessor}"}),
)

SIGNED = {"input": "YQ==", "key_version": 1}
SELLERS = ("sales", "license-issuer", "auditor")
TRANSIT = (
    Request("GET", "transit/keys/license-production", SELLERS),
    Request("GET", "transit/keys/license-test", SELLERS),
    Request("GET", "transit/keys/license-spare-1", SELLERS),
    Request("GET", "transit/keys/license-spare-2", SELLERS),
    Request("GET", "transit/keys/checkpoint", ("auditor",)),
    Request("GET", "transit/keys/approver-{issuer}", ("license-issuer", "auditor")),
    Request("GET", "transit/keys/intake", (*AGENTS, *KEEPER, "auditor")),
    Request("LIST", "transit/keys", ("auditor",)),
    Request("POST", "transit/sign/license-production", ("license-issuer",), SIGNED),
    Request("POST", "transit/sign/license-test", ("license-issuer",), SIGNED),
    Request("POST", "transit/sign/approver-{issuer}", ("license-issuer",), SIGNED),
    Request("POST", "transit/sign/checkpoint", ("auditor",), SIGNED),
    Request("POST", "transit/hmac/license-emergency", (*AGENTS, "license-issuer"), SIGNED),
    Request("POST", "transit/sign/license-emergency", (), SIGNED),
    Request("POST", "transit/decrypt/intake", (*AGENTS, *KEEPER), {"ciphertext": "{ciphertext}"}),
    Request("POST", "transit/encrypt/intake", (), {"plaintext": "YQ=="}),
    Request("POST", "transit/sign/matrix", (), SIGNED),
    Request("POST", "transit/keys/matrix/rotate", (), {}),
    Request("POST", "transit/keys/matrix/config", (), {"deletion_allowed": False}),
    Request("POST", "transit/keys/matrix-2", (), {"type": "ed25519"}),
    Request("GET", "transit/export/signing-key/matrix", ()),
    Request("GET", "transit/backup/matrix", ()),
)

LICENSE_INPUT = "b3Bza2l0L2xpY2VuY2UvdjEAeHh4"
AUDIT_LOG = (
    Request("POST", "sys/audit-hash/file", ("auditor",), {"input": LICENSE_INPUT}),
    Request("POST", "sys/audit-hash/file", (), {"input": "c2VjcmV0"}),
)

SERVER = (
    Request("POST", "clients/config", (), {"max_versions": 0}),
    Request("GET", "clients/config", ()),
    Request("GET", "opskit/data/locks/matrix", ()),
    Request("POST", "opskit/data/locks/matrix", (), {"data": {"until": 0}}),
    Request("GET", "sys/policies/acl/admin", ()),
    Request("LIST", "sys/policies/acl", ()),
    Request("POST", "sys/policies/acl/matrix", (), {"policy": 'path "a" { capabilities = [] }'}),
    Request("GET", "sys/mounts", ()),
    Request("POST", "sys/mounts/clients/tune", (), {"description": ""}),
    Request("GET", "sys/auth", ()),
    Request("GET", "sys/audit", ()),
    Request("GET", "sys/config/auditing/request-headers", ()),
    Request("POST", "sys/config/auditing/request-headers/X-Matrix", (), {"hmac": True}),
    Request("DELETE", "sys/config/auditing/request-headers/X-Matrix", ()),
    Request("GET", "sys/storage/raft/snapshot", ()),
    Request("GET", "sys/storage/raft/configuration", ()),
    Request("POST", "sys/leases/revoke-prefix/matrix/none", (), {}),
)

PERSONS = (
    Request("LIST", "auth/token/accessors", ()),
    Request("POST", "auth/token/create", (), {"ttl": "1s"}),
    Request("POST", "auth/token/create-orphan", (), {"ttl": "1s"}),
    Request("POST", "auth/token/revoke-accessor", (), {"accessor": "none"}),
    Request("LIST", "auth/userpass/users", ()),
    Request("GET", "auth/userpass/users/alice", ()),
    Request("POST", "auth/userpass/users/matrix", (), {"password": "pass of the matrix"}),
    Request("POST", "auth/userpass/users/matrix/password", (), {"password": "another of it"}),
    Request("POST", "auth/userpass/users/matrix/policies", (), {"token_policies": "default"}),
    Request("LIST", "identity/entity/id", ()),
    Request("GET", "identity/entity/name/alice", ()),
    Request("POST", "identity/lookup/entity", (), {"name": "alice"}),
    Request("POST", "identity/entity/name/matrix", (), {}),
    Request("LIST", "identity/group/name", ()),
    Request("GET", "identity/group/name/clients-back-office", ()),
    Request("POST", "identity/group/name/matrix", (), {"policies": ["default"]}),
)

MATRIX = (
    *of_client("DELEZE", (BACK_OFFICE, BOTH)),
    *of_client("BRASSUS", (LOGISTICS, BOTH)),
    *of_client("DELEZE-2", ()),  # begins like a client of a pole, and is in none
    *FINDING,
    *GUARDED,
    *TRANSIT,
    *AUDIT_LOG,
    *SERVER,
    *PERSONS,
)

# Asking an admin to do these would end the test's server, or needs one that is not there.
PROMISED: Mapping[tuple[str, str], tuple[str, ...]] = {
    **{("database/creds/" + role, "read"): (role,) for role in ROLES},
    ("database/config/opskit", "read"): (),
    ("database/roles/agent", "update"): (),
    ("database/rotate-root/opskit", "update"): (),
    ("sys/seal", "update"): (),
    ("sys/step-down", "update"): (),
    ("sys/audit/other", "update"): (),
    ("sys/audit/file", "delete"): (),
    ("sys/mounts/clients", "delete"): (),
    ("sys/auth/userpass", "delete"): (),
    ("sys/policies/acl/agent", "update"): (),
    ("sys/policies/acl/clients-back-office", "update"): (),
    ("identity/group/name/admin", "update"): (),
    ("identity/group/name/clients-back-office", "update"): (),
    ("auth/userpass/users/alice/password", "update"): (),
    ("sys/rotate/recovery/init", "update"): (),
    **{
        (f"transit/sign/{name}", "update"): allowed
        for name, allowed in (
            ("license-spare-1", ("license-issuer",)),  # as soon as an admin opened it
            ("license-spare-2", ("license-issuer",)),
            ("license-offline-1", ()),
        )
    },
    ("transit/keys/license-offline-1", "read"): SELLERS,
    **{
        (f"transit/keys/{name}", "delete"): ()
        for name in ("license-production", "license-test", "license-spare-1", "license-spare-2")
    },
    **{
        (f"transit/keys/{name}{change}", capability): ()
        for name in ("license-production", "license-test", "license-spare-1", "license-offline-1")
        for change, capability in (
            ("/rotate", "update"),
            ("/config", "update"),
            ("/import", "update"),
            ("/soft-delete", "delete"),
            ("/soft-delete-restore", "update"),
        )
    },
}
