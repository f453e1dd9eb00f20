"""Signing in the safe, on a key of the test's own."""

import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from opskit.core.errors import DeniedError, InvalidError, NotFoundError, UnavailableError
from opskit.core.signing import CHECKPOINT_KEY, EMERGENCY_KEY, LICENSE_KEY, approver_key
from tests.vault.conftest import People
from vault.ports import Connection
from vault.provisioning.desired import TransitKey
from vault.store.hvac_client import SafeClient
from vault.store.transit import ITEMS_A_REQUEST, Transit, parse_signature

MESSAGE = b"opskit\0every byte \xff counts"


@pytest.fixture
def key(root: SafeClient) -> str:
    name = f"test-{secrets.token_hex(4)}"
    assert TransitKey(name).mend(root.api)
    return name


def test_a_signature_verifies_with_the_public_key(root: SafeClient, key: str) -> None:
    transit = Transit(root)
    signature = transit.sign(key, MESSAGE, 1)
    Ed25519PublicKey.from_public_bytes(transit.public_keys(key)[1]).verify(signature, MESSAGE)


def test_the_asked_version_signs_after_a_rotation(root: SafeClient, key: str) -> None:
    root.api.secrets.transit.rotate_key(key)
    transit = Transit(root)
    keys = transit.public_keys(key)
    assert set(keys) == {1, 2}
    for version, public in keys.items():
        Ed25519PublicKey.from_public_bytes(public).verify(
            transit.sign(key, MESSAGE, version), MESSAGE
        )


def test_a_version_to_come_is_not_found(root: SafeClient, key: str) -> None:
    with pytest.raises(NotFoundError, match="version 2"):
        Transit(root).sign(key, MESSAGE, 2)


def test_an_unknown_key_is_not_found(root: SafeClient) -> None:
    with pytest.raises(NotFoundError):
        Transit(root).sign("test-nothing", MESSAGE, 1)
    with pytest.raises(NotFoundError):
        Transit(root).public_keys("test-nothing")


def test_a_person_signs_with_their_own_key_only(connection: Connection, person: People) -> None:
    bob, eve = person("license-issuer"), person("license-issuer")
    transit = Transit(SafeClient(connection, bob.token))
    own = approver_key(bob.entity_id)
    Ed25519PublicKey.from_public_bytes(transit.public_keys(own)[1]).verify(
        transit.sign(own, MESSAGE, 1), MESSAGE
    )
    with pytest.raises(DeniedError):
        transit.sign(approver_key(eve.entity_id), MESSAGE, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vault:v2:" + "A" * 86 + "==",
        "vault:v1:" + "A" * 84,
        "vault:v1:!!!!",
        "vault:v11:" + "A" * 86 + "==",
    ],
)
def test_a_strange_answer_is_no_signature(text: str) -> None:
    with pytest.raises(UnavailableError):
        parse_signature(text, 1)


def test_many_are_signed_in_their_order_over_several_requests(root: SafeClient, key: str) -> None:
    messages = [b"message %d" % number for number in range(ITEMS_A_REQUEST + 3)]
    transit = Transit(root)
    signatures = transit.sign_many(key, messages, 1)
    public = Ed25519PublicKey.from_public_bytes(transit.public_keys(key)[1])
    for signature, message in zip(signatures, messages, strict=True):
        public.verify(signature, message)
    assert transit.sign_many(key, [], 1) == []


def test_many_are_not_signed_with_what_is_missing(root: SafeClient, key: str) -> None:
    with pytest.raises((NotFoundError, UnavailableError, InvalidError)):
        Transit(root).sign_many(key, [MESSAGE], 2)
    for use in (Transit(root).sign_many, Transit(root).hmacs):
        with pytest.raises(NotFoundError, match="the safe has no such thing") as caught:
            use("test-nothing", [MESSAGE], 1)
        assert caught.value.hint == "an admin types: opskit vault provision"


def test_an_hmac_is_the_same_every_time_and_another_for_another_version(
    root: SafeClient, key: str
) -> None:
    transit = Transit(root)
    first = transit.hmacs(key, [MESSAGE, b"other"], 1)
    assert [len(each) for each in first] == [32, 32]
    assert len(set(first)) == 2
    root.api.secrets.transit.rotate_key(key)
    assert transit.hmacs(key, [MESSAGE, b"other"], 1) == first
    assert transit.hmacs(key, [MESSAGE], 2)[0] not in first


@pytest.mark.parametrize("role", ["agent", "license-issuer"])
def test_who_may_give_emergency_codes(connection: Connection, person: People, role: str) -> None:
    transit = Transit(SafeClient(connection, person(role).token))
    assert len(transit.hmacs(EMERGENCY_KEY, [MESSAGE], 1)) == 1
    with pytest.raises(DeniedError):
        transit.sign_many(EMERGENCY_KEY, [MESSAGE], 1)


@pytest.mark.parametrize("role", ["sales", "consultant", "auditor", "manager", "safe-keeper"])
def test_who_may_not(connection: Connection, person: People, role: str) -> None:
    transit = Transit(SafeClient(connection, person(role).token))
    with pytest.raises(DeniedError):
        transit.hmacs(EMERGENCY_KEY, [MESSAGE], 1)
    with pytest.raises(DeniedError):
        transit.sign_many(LICENSE_KEY, [MESSAGE], 1)


def test_a_denial_names_those_who_may(connection: Connection, person: People) -> None:
    transit = Transit(SafeClient(connection, person("sales").token))
    with pytest.raises(DeniedError) as caught:
        transit.hmacs(EMERGENCY_KEY, [MESSAGE], 1)
    assert "agent" in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    ("name", "least"),
    [(LICENSE_KEY, "sales"), (CHECKPOINT_KEY, "auditor"), ("approver-x", "auditor")],
)
def test_who_may_not_read_a_key_hears_the_least_that_would_do(
    connection: Connection, person: People, name: str, least: str
) -> None:
    """A hint that ends with `--role license-issuer` would let a reader sign."""
    with pytest.raises(DeniedError) as caught:
        Transit(SafeClient(connection, person("agent").token)).key_facts(name)
    assert caught.value.hint is not None
    assert caught.value.hint.endswith(f" --role {least}")
