"""Somebody who logs in elsewhere too, where another system says in which groups they are."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hvac.exceptions import VaultError
from sqlalchemy.orm import Session

from onboarding.leaving import acts, services
from onboarding.leaving.desk import LeaveDesk
from onboarding.leaving.words import LeaveState
from opskit.core.secret import Secret
from opskit.staff.acts import Desk
from opskit.staff.models import Person
from tests.onboarding import walkers
from tests.onboarding.leaving.test_services import OFFICE, WISH
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.growing import VaultAccess
from vault.store.hvac_client import SafeClient

MOUNT, GROUP = "elsewhere", "aaa-of-elsewhere"  # before every group of ours


class Elsewhere:
    """A login of the company, known to the safe by its key."""

    def __init__(self, safe: SafeClient) -> None:
        self._post = safe.api.adapter.post
        self._key = Ed25519PrivateKey.generate()
        if f"{MOUNT}/" not in safe.api.sys.list_auth_methods()["data"]:
            safe.api.sys.enable_auth_method("jwt", path=MOUNT)
        public = self._key.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        self._post(
            f"/v1/auth/{MOUNT}/config",
            json={"jwt_validation_pubkeys": [public.decode()], "jwt_supported_algs": ["EdDSA"]},
        )
        role = {"role_type": "jwt", "user_claim": "sub", "groups_claim": "groups"}
        self._post(f"/v1/auth/{MOUNT}/role/r", json={**role, "bound_audiences": ["safe"]})
        methods = safe.api.sys.list_auth_methods()["data"]
        self.accessor = methods[f"{MOUNT}/"]["accessor"]
        identity = safe.api.secrets.identity
        identity.create_or_update_group_by_name(GROUP, group_type="external")
        group_id = identity.read_group_by_name(GROUP)["data"]["id"]
        alias = {"name": "team", "mount_accessor": self.accessor, "canonical_id": group_id}
        self._post("/v1/identity/group-alias", json=alias)

    def log_in(self, login: str) -> None:
        facts = {"sub": login, "aud": "safe", "groups": ["team"], **_hour()}
        signed = f"{_part({'alg': 'EdDSA', 'typ': 'JWT'})}.{_part(facts)}"
        signature = urlsafe_b64encode(self._key.sign(signed.encode())).rstrip(b"=").decode()
        self._post(f"/v1/auth/{MOUNT}/login", json={"role": "r", "jwt": f"{signed}.{signature}"})


def _hour() -> dict[str, int]:
    now = int(time.time())
    return {"iat": now - 60, "nbf": now - 60, "exp": now + 3600}


def _part(facts: Mapping[str, object]) -> str:
    return urlsafe_b64encode(json.dumps(facts).encode()).rstrip(b"=").decode()


@pytest.fixture
def leave_desk(desk: Desk, accounts: VaultAccounts) -> LeaveDesk:
    return LeaveDesk(desk, VaultAccess(accounts))


@pytest.fixture
def elsewhere(accounts: VaultAccounts) -> Iterator[Elsewhere]:
    api = accounts._safe.api
    yield Elsewhere(accounts._safe)
    api.secrets.identity.delete_group_by_name(GROUP)
    api.sys.disable_auth_method(MOUNT)


@pytest.fixture
def leaver(session: Session, accounts: VaultAccounts, name: str, elsewhere: Elsewhere) -> Person:
    login = name.split()[1].lower()
    person = walkers.person(session, login, name)
    person.entity_id = accounts.create_login(login, Secret("pass of one"), frozenset({"agent"}))
    accounts._safe.api.secrets.identity.create_or_update_entity_alias(
        name=login, canonical_id=person.entity_id, mount_accessor=elsewhere.accessor
    )
    return person


def test_a_group_that_another_system_fills_keeps_nobody_in(
    session: Session,
    leave_desk: LeaveDesk,
    leaver: Person,
    accounts: VaultAccounts,
    elsewhere: Elsewhere,
) -> None:
    """Nobody can be taken out of it here; every group of ours goes all the same."""
    elsewhere.log_in(leaver.login)
    entity_id = str(leaver.entity_id)
    assert {GROUP, "agent"} <= accounts.groups_of(entity_id)
    acts.leave(leave_desk, login=leaver.login, wish=WISH, office=OFFICE)
    found = services.latest(session, leaver)
    assert found is not None
    assert found.state == LeaveState.LEFT
    assert accounts.groups_of(entity_id) == {GROUP}
    with pytest.raises(VaultError):
        elsewhere.log_in(leaver.login)
