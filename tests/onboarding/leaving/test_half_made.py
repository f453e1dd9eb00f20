"""Departures of people whose login, or whose return, was cut off half way."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from onboarding.leaving import acts, services
from onboarding.leaving.carrying import READS, carry_out
from onboarding.leaving.desk import LeaveDesk
from onboarding.leaving.words import LeaveState
from opskit.core.errors import ConflictError, OpsError
from opskit.core.identity import ROLES, Identity
from opskit.core.intents import begin, open_intents
from opskit.core.secret import Secret
from opskit.staff.acts import Act, Desk
from opskit.staff.admins import active_admins, keep_an_admin
from opskit.staff.errors import LastAdminError
from opskit.staff.models import Person
from tests.onboarding import walkers
from tests.onboarding.leaving.test_services import OFFICE, WISH
from tests.support.openbao import SafeServer, log_in
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.growing import VaultAccess

PASSWORD = "pass of one"


@pytest.fixture
def leave_desk(desk: Desk, accounts: VaultAccounts) -> LeaveDesk:
    return LeaveDesk(desk, VaultAccess(accounts))


@pytest.fixture
def leaver(session: Session, accounts: VaultAccounts, name: str) -> Person:
    login = name.split()[1].lower()
    person = walkers.person(session, login, name)
    person.entity_id = accounts.create_login(login, Secret(PASSWORD), frozenset({"agent"}))
    session.flush()
    return person


def logs_in(server: SafeServer, login: str) -> bool:
    try:
        log_in(server.address, login, PASSWORD)
    except OpsError:
        return False
    return True


def leave(leave_desk: LeaveDesk, person: Person) -> None:
    acts.leave(leave_desk, login=person.login, wish=WISH, office=OFFICE)


def test_a_login_that_the_database_does_not_know_yet_is_refused_too(
    session: Session, leave_desk: LeaveDesk, leaver: Person, safe_server: SafeServer
) -> None:
    """`user add` was cut off after the safe had made the login."""
    entity_id, leaver.entity_id, leaver.login_made_at = leaver.entity_id, None, None
    data = {"roles": ["agent"], "password_list": None}
    signed: dict[str, Any] = {"at": leave_desk.at, "actor": leave_desk.actor}
    begin(session, kind=Act.ADD, subject=leaver.login, data=data, **signed)
    assert logs_in(safe_server, leaver.login)
    leave(leave_desk, leaver)
    assert not logs_in(safe_server, leaver.login)
    assert leave_desk.groups.roles_of(str(entity_id)) == set()
    assert [each.kind for each in open_intents(session)] == [READS]
    assert leaver.entity_id == entity_id  # what they read is looked for by it


def test_typed_again_it_refuses_again_whose_return_was_cut_off(
    session: Session,
    leave_desk: LeaveDesk,
    leaver: Person,
    accounts: VaultAccounts,
    safe_server: SafeServer,
) -> None:
    leave(leave_desk, leaver)
    data = {"entity_id": leaver.entity_id}
    signed: dict[str, Any] = {"at": leave_desk.at, "actor": leave_desk.actor}
    begin(session, kind=Act.ENABLE, subject=leaver.login, data=data, **signed)
    accounts.enable(str(leaver.entity_id))
    assert logs_in(safe_server, leaver.login)
    leave(leave_desk, leaver)
    assert not logs_in(safe_server, leaver.login)
    assert Act.ENABLE.value not in {each.kind for each in open_intents(session)}


def test_whom_the_safe_has_lost_leaves_all_the_same(
    session: Session, leave_desk: LeaveDesk, leaver: Person, accounts: VaultAccounts
) -> None:
    accounts._safe.api.secrets.identity.delete_entity(leaver.entity_id)
    leave(leave_desk, leaver)
    found = services.latest(session, leaver)
    assert found is not None
    assert (found.state, leaver.state) == (LeaveState.LEFT, "disabled")


def pending(session: Session, leave_desk: LeaveDesk, person: Person) -> None:
    """The departure of that person waits for the safe."""
    leaving = services.plan(session, person, WISH, OFFICE, at=leave_desk.at, actor=leave_desk.actor)
    leaving.state = LeaveState.UNDER_WAY.value
    acts._intent(session, leave_desk, person, leaving, WISH)


@pytest.fixture
def second_admin(session: Session, leaver: Person, accounts: VaultAccounts) -> Iterator[Person]:
    accounts.grant(str(leaver.entity_id), "admin")
    yield leaver
    accounts.revoke(str(leaver.entity_id), "admin")


def test_nobody_finishes_the_own_departure(
    session: Session, leave_desk: LeaveDesk, second_admin: Person
) -> None:
    pending(session, leave_desk, second_admin)
    themselves = Identity(str(second_admin.entity_id), second_admin.login, frozenset(ROLES))
    desk = replace(leave_desk, desk=replace(leave_desk.desk, actor=themselves))
    (intent,) = open_intents(session)
    with pytest.raises(ConflictError, match="nobody shuts themselves out"):
        carry_out(desk, intent)
    assert open_intents(session) == [intent]
    assert second_admin.state == "active"


def test_an_admin_whose_departure_waits_is_no_admin_to_rely_on(
    session: Session, leave_desk: LeaveDesk, second_admin: Person, accounts: VaultAccounts
) -> None:
    first, *others = sorted(accounts.members("admin") - {str(second_admin.entity_id)})
    for i, other in enumerate(others):  # of other tests of this safe
        gone = walkers.person(session, f"gone{i}", f"Gone {i}", role="admin")
        gone.entity_id, gone.state = other, "disabled"
    chief = walkers.person(session, "chief", "Chief", role="admin")
    chief.entity_id = first
    session.flush()
    pending(session, leave_desk, second_admin)
    assert active_admins(session, accounts) == {first}
    with pytest.raises(LastAdminError):
        keep_an_admin(session, accounts, chief)
