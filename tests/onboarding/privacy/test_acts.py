"""Erasing in the real safe, and what an interruption leaves."""

from contextlib import nullcontext
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from onboarding.privacy import acts
from onboarding.privacy.acts import EraseDesk
from onboarding.privacy.pseudonyms import pseudonym
from opskit.core.identity import Identity
from opskit.core.intents import begin, open_intents
from opskit.core.secret import Secret
from opskit.staff.models import Person, PersonState
from opskit.wiring.personal_records import RecordsOfTheHouse
from tests.onboarding.walkers import person
from tests.support.home import House
from tests.support.openbao import SafeServer
from vault.ports import Connection
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.forgetting import VaultIdentities
from vault.store.hvac_client import SafeClient


@pytest.fixture
def safe(safe_server: SafeServer) -> SafeClient:
    return SafeClient(Connection(safe_server.address), Secret(safe_server.token()))


@pytest.fixture
def gone(session: Session, accounts: VaultAccounts, name: str) -> Person:
    """Somebody who could log in, and was disabled."""
    login = f"z{name.split()[1].lower()}"
    found = person(session, login, name)
    found.entity_id = accounts.create_login(
        login, Secret("a long passphrase"), frozenset({"agent"})
    )
    accounts.disable(found.entity_id)
    found.state = PersonState.DISABLED
    session.flush()
    return found


@pytest.fixture
def desk(session: Session, safe: SafeClient, alice: Identity, now: datetime) -> EraseDesk:
    return EraseDesk(
        lambda: nullcontext(session), VaultIdentities(safe), RecordsOfTheHouse(), alice, now
    )


def test_the_safe_forgets_the_login_and_keeps_the_entity(
    session: Session, desk: EraseDesk, gone: Person, safe: SafeClient
) -> None:
    entity_id, login = gone.entity_id, gone.login
    found = acts.erase(desk, person_id=gone.id)
    assert found.pseudonym == pseudonym(gone.id)
    entity = safe.api.secrets.identity.read_entity(entity_id)["data"]
    assert (entity["name"], entity["disabled"]) == (f"erased-{entity_id}", True)
    assert not entity["aliases"]
    assert not entity["metadata"]
    assert login not in safe.api.list("auth/userpass/users")["data"]["keys"]
    assert open_intents(session) == []


def test_what_was_interrupted_is_found_and_finished(
    session: Session, desk: EraseDesk, gone: Person, now: datetime, alice: Identity
) -> None:
    """The safe had forgotten already when the machine stopped."""
    data = {"person_id": gone.id}
    intent = begin(session, kind=acts.ERASE, subject=gone.subject, data=data, at=now, actor=alice)
    assert gone.entity_id is not None
    desk.safe.forget(gone.entity_id, login=gone.login)
    assert [each.id for each in open_intents(session)] == [intent.id]
    acts.erase(desk, person_id=gone.id)  # the same command again
    assert open_intents(session) == []
    assert gone.name == pseudonym(gone.id)


def test_the_doctor_finishes_it(own_house: House) -> None:
    own_house.login("alice")
    own_house.done("onboarding", "leave", "bob", "--on", "today", "--reason", "other", "--yes")
    run = own_house.context()
    with run.transaction() as session:
        bob = session.query(Person).filter_by(login="bob").one()
        begin(
            session,
            kind=acts.ERASE,
            subject=bob.subject,
            data={"person_id": bob.id},
            at=run.now(),
            actor=run.identity(),
        )
        name = pseudonym(bob.id)
    assert f"{name} is erased" in own_house.opskit("doctor", "--repair").out
    assert own_house.done("staff", "show", name, "--json").json["login"] == name
    assert own_house.done("audit", "verify").code == 0
