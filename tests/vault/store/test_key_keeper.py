"""A key is put out of use and into use again on the real server, and on one that knows less."""

import secrets
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from opskit.core.errors import DeniedError, NotFoundError
from opskit.core.secret import Secret
from opskit.core.signing import LICENSE_KEY, SPARE_LICENSE_KEYS, KeyOutOfUseError
from tests.support.lesser_server import lesser_server
from tests.vault.conftest import People
from vault.ports import Connection
from vault.provisioning.desired import TransitKey
from vault.provisioning.spare_key import SpareKey
from vault.store.hvac_client import SafeClient
from vault.store.key_keeper import TransitKeeper
from vault.store.transit import Transit

MESSAGE = b"every byte \xff counts"


def without_soft_delete(_method: str, path: str) -> tuple[int, bytes] | None:
    """As HashiCorp Vault answers."""
    return (404, b'{"errors":[]}') if "soft-delete" in path else None


@pytest.fixture(params=["OpenBao", "a server without soft-delete"])
def safe(request: pytest.FixtureRequest, root: SafeClient, token: Secret) -> Iterator[SafeClient]:
    if request.param == "OpenBao":
        yield root
        return
    address = root.connection.address
    with lesser_server(address, without_soft_delete, unknown=("soft_deleted",)) as lesser:
        yield SafeClient(Connection(lesser, timeout=5.0), token)


@pytest.fixture
def key(root: SafeClient) -> str:
    name = f"test-{secrets.token_hex(4)}"
    assert TransitKey(name).mend(root.api)
    return name


def refuses(safe: SafeClient, key: str, version: int) -> bool:
    """Alone and in a batch alike."""
    transit = Transit(safe)
    try:
        signatures = [transit.sign(key, MESSAGE, version)]
    except KeyOutOfUseError:
        with pytest.raises(KeyOutOfUseError, match=f"{key} in version {version}"):
            transit.sign_many(key, [MESSAGE] * 2, version)
        return True
    signatures += transit.sign_many(key, [MESSAGE] * 2, version)
    public = Ed25519PublicKey.from_public_bytes(transit.public_keys(key)[version])
    for signature in signatures:
        public.verify(signature, MESSAGE)
    return False


def test_a_closed_key_signs_nothing_until_it_is_opened(safe: SafeClient, key: str) -> None:
    keeper, transit = TransitKeeper(safe), Transit(safe)
    public = transit.public_keys(key)[1]
    for _twice in range(2):
        keeper.close(key)
        assert not transit.key_facts(key).signs(1)
        assert transit.public_keys(key)[1] == public
        assert refuses(safe, key, 1)
    for _twice in range(2):
        keeper.open(key)
        assert transit.key_facts(key).signs(1)
        assert not refuses(safe, key, 1)
    keeper.close(key)
    assert refuses(safe, key, 1)
    assert transit.public_keys(key)[1] == public


def test_older_versions_are_retired_and_stay_readable(root: SafeClient, key: str) -> None:
    keeper, transit = TransitKeeper(root), Transit(root)
    assert [keeper.rotate(key), keeper.rotate(key)] == [2, 3]
    for _twice in range(2):
        keeper.retire_before(key, 3)
        facts = transit.key_facts(key)
        assert [facts.signs(version) for version in (1, 2, 3)] == [False, False, True]
        assert set(facts.public_keys) == {1, 2, 3}
    assert [refuses(root, key, version) for version in (1, 2, 3)] == [True, True, False]


def test_a_key_of_which_the_safe_has_the_public_half_alone(root: SafeClient) -> None:
    name = f"test-{secrets.token_hex(4)}"
    public = Ed25519PrivateKey.generate().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    body = {"type": "ed25519", "public_key": pem}
    root.api.adapter.post(f"/v1/transit/keys/{name}/import", json=body)
    facts = Transit(root).key_facts(name)
    assert dict(facts.public_keys) == {1: public.public_bytes_raw()}
    assert not facts.signs(1)
    assert refuses(root, name, 1)


def test_a_closed_key_gets_no_next_version(root: SafeClient, key: str) -> None:
    keeper = TransitKeeper(root)
    keeper.close(key)
    with pytest.raises(KeyOutOfUseError):
        keeper.rotate(key)
    assert set(Transit(root).public_keys(key)) == {1}


def test_what_is_not_there_is_not_found(safe: SafeClient) -> None:
    keeper = TransitKeeper(safe)
    for change in (keeper.rotate, keeper.close, keeper.open):
        with pytest.raises(NotFoundError):
            change("test-nothing")


@pytest.mark.parametrize("role", ["license-issuer", "sales", "auditor", "safe-keeper", "manager"])
def test_only_an_admin_changes_a_key(connection: Connection, person: People, role: str) -> None:
    safe = SafeClient(connection, person(role).token)
    keeper = TransitKeeper(safe)
    for change in (keeper.rotate, keeper.close):
        for name in (LICENSE_KEY, *SPARE_LICENSE_KEYS):
            with pytest.raises(DeniedError, match="admin"):
                change(name)
    for name in SPARE_LICENSE_KEYS:
        with pytest.raises(DeniedError, match="admin"):
            keeper.open(name)
    with pytest.raises(DeniedError, match="admin"):
        keeper.retire_before(LICENSE_KEY, 1)


def test_a_new_spare_is_cold_for_an_admin_too(root: SafeClient) -> None:
    for name in SPARE_LICENSE_KEYS:
        assert set(Transit(root).public_keys(name)) == {1}
        assert refuses(root, name, 1)


def test_a_cold_spare_is_cold_for_those_who_may_sign(
    connection: Connection, person: People
) -> None:
    issuer = SafeClient(connection, person("license-issuer").token)
    assert all(refuses(issuer, name, 1) for name in SPARE_LICENSE_KEYS)
    agent = SafeClient(connection, person("agent").token)
    for name in (LICENSE_KEY, *SPARE_LICENSE_KEYS):
        with pytest.raises(DeniedError):
            Transit(agent).sign(name, MESSAGE, 1)


def test_a_spare_is_made_cold_and_left_as_an_admin_wants_it(safe: SafeClient, key: str) -> None:
    """`key` stands for the production key."""
    keeper, transit = TransitKeeper(safe), Transit(safe)
    spare = SpareKey(f"{key}-spare", key)
    assert spare.problem(safe.api) == "missing"
    assert spare.mend(safe.api)
    assert spare.problem(safe.api) is None
    assert refuses(safe, spare.name, 1)
    keeper.open(spare.name)  # as after a crash between making it and closing it
    assert spare.problem(safe.api) == "can sign although nobody opened it"
    assert spare.mend(safe.api)
    assert refuses(safe, spare.name, 1)
    keeper.retire_before(key, keeper.rotate(key))
    keeper.open(spare.name)
    assert spare.problem(safe.api) is None
    assert spare.mend(safe.api)
    assert transit.key_facts(spare.name).signs(1)
