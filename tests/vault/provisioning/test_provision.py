"""Provisioning the real server: twice is once, drift is seen and mended, strangers stay."""

import secrets

import pytest

from opskit.core.errors import DeniedError
from opskit.core.identity import ROLES
from tests.support.openbao import SafeServer
from tests.vault.conftest import People
from vault.errors import UnmendableDriftError
from vault.ports import Connection
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.desired import (
    AuditedHeader,
    Engine,
    LoginMethod,
    Policy,
    PolicyGroup,
    TransitKey,
)
from vault.provisioning.policy_texts import policy_text
from vault.provisioning.provision import VaultProvisioner, desired_state
from vault.store.hvac_client import SafeClient


@pytest.fixture
def name() -> str:
    return f"test-{secrets.token_hex(4)}"


def test_the_second_plan_is_empty(root: SafeClient) -> None:
    assert VaultProvisioner(root).plan() == []


def test_the_first_start_and_we_grant_an_admin_the_same(root: SafeClient) -> None:
    from opskit.local.config import ADMIN_POLICY

    assert "".join(ADMIN_POLICY.split()) in "".join(policy_text("admin").split())


def test_every_role_has_a_policy_and_a_group() -> None:
    titles = {piece.title for piece in desired_state(second_person=True)}
    assert {f"policy {role}" for role in ROLES} < titles
    assert {f"group {role}" for role in ROLES} < titles


def test_a_policy_edited_by_hand_is_drift_and_is_mended(root: SafeClient) -> None:
    root.api.sys.create_or_update_acl_policy("sales", 'path "*" { capabilities = ["read"] }')
    provisioner = VaultProvisioner(root)
    drifts = provisioner.plan()
    assert [(drift.what, drift.problem) for drift in drifts] == [("policy sales", "was changed")]
    provisioner.apply(drifts)
    assert provisioner.plan() == []


def test_a_comment_in_a_policy_is_no_drift(root: SafeClient, name: str) -> None:
    root.api.sys.create_or_update_acl_policy(
        name, '# why\npath "a" {\n  capabilities = ["read"] # or not\n}\n', pretty_print=False
    )
    try:
        policy = Policy(name, 'path "a" { capabilities = ["read"] }')
        assert policy.problem(root.api) is None
    finally:
        root.api.sys.delete_acl_policy(name)


def test_a_group_keeps_its_members_when_its_policies_are_mended(
    root: SafeClient, accounts: VaultAccounts, person: People
) -> None:
    someone = person("consultant")
    root.api.adapter.post("/v1/identity/group/name/consultant", json={"policies": ["admin"]})
    provisioner = VaultProvisioner(root)
    drifts = provisioner.plan()
    assert [drift.what for drift in drifts] == ["group consultant"]
    provisioner.apply(drifts)
    assert someone.entity_id in accounts.members("consultant")
    assert provisioner.plan() == []


def test_a_missing_group_is_made(root: SafeClient, name: str) -> None:
    group = PolicyGroup(name)
    assert group.problem(root.api) == "missing"
    assert group.mend(root.api)
    assert group.problem(root.api) is None
    root.api.secrets.identity.delete_group_by_name(name)


def test_a_header_hashed_in_the_log_is_mended(root: SafeClient) -> None:
    header = AuditedHeader("X-Opskit-Test")
    path = "/v1/sys/config/auditing/request-headers/X-Opskit-Test"
    assert header.problem(root.api) == "missing"
    root.api.adapter.post(path, json={"hmac": True})
    assert header.problem(root.api) == "is hashed in the log"
    assert header.mend(root.api)
    assert header.problem(root.api) is None
    root.api.adapter.delete(path)


def test_logins_that_last_too_long_are_mended(root: SafeClient, name: str) -> None:
    root.api.sys.enable_auth_method("userpass", path=name)
    method = LoginMethod(name)
    assert method.problem(root.api) is not None
    assert method.mend(root.api)
    assert method.problem(root.api) is None
    root.api.sys.disable_auth_method(name)


def test_a_key_that_may_be_deleted_or_rotates_is_mended(root: SafeClient, name: str) -> None:
    key = TransitKey(name)
    assert key.problem(root.api) == "missing"
    assert key.mend(root.api)
    for config in ({"deletion_allowed": True}, {"auto_rotate_period": "24h"}):
        root.api.adapter.post(f"/v1/transit/keys/{name}/config", json=config)
        assert key.problem(root.api) is not None
        assert key.mend(root.api)
        assert key.problem(root.api) is None


def test_an_exportable_key_can_only_be_moved_away_by_hand(root: SafeClient, name: str) -> None:
    root.api.secrets.transit.create_key(name, key_type="ed25519", exportable=True)
    provisioner = VaultProvisioner(root, [TransitKey(name)])
    with pytest.raises(UnmendableDriftError, match=name):
        provisioner.apply(provisioner.plan())


def test_another_engine_in_our_place_is_left_alone(root: SafeClient, name: str) -> None:
    root.api.sys.enable_secrets_engine("kv", path=name, options={"version": "1"})
    provisioner = VaultProvisioner(root, [Engine(name, "kv", {"version": "2"})])
    with pytest.raises(UnmendableDriftError):
        provisioner.apply(provisioner.plan())
    assert root.api.sys.list_mounted_secrets_engines()["data"][f"{name}/"]["options"] == {
        "version": "1"
    }
    root.api.sys.disable_secrets_engine(name)


def test_a_new_engine_takes_an_entry_at_once(root: SafeClient, name: str) -> None:
    for _round in range(5):
        Engine(name, "kv", {"version": "2"}).mend(root.api)
        root.api.secrets.kv.v2.create_or_update_secret("a", {"b": "c"}, mount_point=name)
        root.api.sys.disable_secrets_engine(name)


def test_unknown_objects_are_left_alone(root: SafeClient, name: str) -> None:
    root.api.sys.create_or_update_acl_policy(name, "# of somebody else")
    provisioner = VaultProvisioner(root)
    assert provisioner.plan() == []
    assert root.api.sys.read_acl_policy(name)["data"]["policy"]
    root.api.sys.delete_acl_policy(name)


def test_only_an_admin_sees_the_drift(connection: Connection, person: People) -> None:
    with pytest.raises(DeniedError, match="admin"):
        VaultProvisioner(SafeClient(connection, person("safe-keeper").token)).plan()


def test_the_first_admin_is_still_one(safe_server: SafeServer, accounts: VaultAccounts) -> None:
    assert safe_server.entity_id in accounts.members("admin")


def test_what_clients_send_in_has_a_key_that_stays(root: SafeClient) -> None:
    found = root.api.secrets.transit.read_key("intake")["data"]
    assert (found["type"], found["exportable"], found["deletion_allowed"]) == (
        "rsa-4096",
        False,
        False,
    )


def test_a_key_of_another_kind_can_only_be_moved_away_by_hand(root: SafeClient, name: str) -> None:
    assert TransitKey(name).mend(root.api)
    other = TransitKey(name, "rsa-4096")
    assert other.problem(root.api) == "is no unexportable rsa-4096 key"
    assert not other.mend(root.api)


def test_without_control_groups_every_role_is_kept_from_the_guarded_entries() -> None:
    def policies(*, second_person: bool) -> dict[str, str]:
        pieces = desired_state(second_person=second_person)
        return {each.name: each.text for each in pieces if isinstance(each, Policy)}

    opened, closed = policies(second_person=True), policies(second_person=False)
    assert set(opened) == set(closed) == set(ROLES)
    for role in ROLES:
        assert closed[role].startswith(opened[role])
        assert 'path "guarded/data/*" {\n  capabilities = ["deny"]' in closed[role]
        assert '"deny"' not in opened[role]
