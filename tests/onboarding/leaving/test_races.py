"""Somebody is seen off while somebody else lets them in, in the real safe and on both databases."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from onboarding.access import acts as access
from onboarding.access.errors import StepDownError
from onboarding.access.level import Level
from onboarding.access.milestones import held_by
from onboarding.access.models import AccessChange
from onboarding.access.wishes import AccessDesk
from onboarding.leaving import acts, services
from onboarding.leaving.carrying import READS
from onboarding.leaving.desk import LeaveDesk
from onboarding.leaving.words import LeaveState
from opskit.core.db import snapshot, transaction
from opskit.core.errors import ConflictError, OpsError
from opskit.core.events import Event, verify_chain
from opskit.core.identity import ROLES, Identity
from opskit.core.intents import Intent, open_intents
from opskit.core.secret import Secret
from opskit.staff import services as staff
from opskit.staff import user_services
from opskit.staff.acts import Desk
from opskit.staff.models import Person
from tests.conftest import NOW
from tests.onboarding import walkers
from tests.onboarding.leaving.test_services import OFFICE, WISH
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.growing import VaultAccess

ALICE = Identity("e-alice", "alice", frozenset(ROLES))
WAIT = 30.0

Verb = Callable[..., None]


class Team:
    """One person in the safe and in a database of their own, and two admins who change them."""

    def __init__(self, engine: Engine, accounts: VaultAccounts, login: str) -> None:
        self.engine, self.accounts, self.login = engine, accounts, login
        self.entity = accounts.create_login(login, Secret("pass of one"), frozenset({"agent"}))
        with transaction(engine) as session:
            person = walkers.person(session, login, login.capitalize(), role="consultant")
            person.entity_id, person.login_made_at = self.entity, NOW

    def staff_desk(self, accounts: VaultAccounts | None = None) -> Desk:
        return Desk(lambda: transaction(self.engine), accounts or self.accounts, ALICE, NOW)

    def access_desk(self, groups: VaultAccess | None = None) -> AccessDesk:
        groups = groups or VaultAccess(self.accounts)
        return AccessDesk(lambda: transaction(self.engine), groups, ALICE, NOW)

    def leave(self) -> None:
        desk = LeaveDesk(self.staff_desk(), VaultAccess(self.accounts))
        acts.leave(desk, login=self.login, wish=WISH, office=OFFICE)

    def grant(self, groups: VaultAccess | None = None) -> bool:
        return access.grant(self.access_desk(groups), login=self.login, level=Level.POLE)

    def reads(self, question: Callable[[Session], Any]) -> Any:
        with snapshot(self.engine) as session:
            return question(session)

    def person(self) -> Person:
        found: Person = self.reads(lambda session: staff.by_login(session, self.login))
        return found

    def open_kinds(self) -> set[str]:
        return {each.kind for each in self.reads(open_intents)}

    def told(self, action: str) -> int:
        query = select(Event).where(Event.action == action)
        return len(self.reads(lambda session: session.scalars(query).all()))


@pytest.fixture
def team(own_engine: Engine, accounts: VaultAccounts, name: str) -> Team:
    return Team(own_engine, accounts, name.split()[1].lower())


def assert_out(team: Team) -> None:
    """In the safe, in the directory, and nothing is left that would change it."""
    groups = team.accounts.groups_of(team.entity)
    assert groups == set()
    assert team.person().state == "disabled"
    assert team.open_kinds() <= {READS}
    leaving = team.reads(lambda session: services.latest(session, team.person()))
    assert leaving.state == LeaveState.LEFT
    changes = team.reads(lambda session: session.scalars(select(AccessChange)).all())
    assert [each.level for each in changes][-1:] in ([], ["none"])
    assert team.reads(verify_chain).faults == ()


class Meeting(VaultAccess):
    """Somebody else acts right before, or right after, this one gives a level."""

    def __init__(self, accounts: VaultAccounts, meet: Callable[[], None], *, first: bool) -> None:
        super().__init__(accounts)
        self._meet, self._first = meet, first

    def hold(self, entity_id: str, level: str, pole: str) -> None:
        meet, self._meet = self._meet, lambda: None  # it happens once
        if self._first:
            meet()
        super().hold(entity_id, level, pole)
        if not self._first:
            meet()


@pytest.mark.parametrize("first", [True, False])
def test_whoever_is_given_access_while_they_leave_has_none(team: Team, first: bool) -> None:
    groups = Meeting(team.accounts, team.leave, first=first)
    with pytest.raises(ConflictError, match=r"at the same moment: access\.grant was taken back"):
        team.grant(groups)
    assert_out(team)


@pytest.mark.parametrize("first", [True, False])
def test_after_two_wishes_at_once_the_safe_has_what_the_register_says(
    team: Team, first: bool
) -> None:
    def another() -> None:
        with suppress(StepDownError):
            access.grant(team.access_desk(), login=team.login, level=Level.SANDBOX)

    team.accounts.revoke(team.entity, "agent")
    groups = Meeting(team.accounts, another, first=first)
    with suppress(ConflictError):
        team.grant(groups)
    held = team.reads(lambda session: held_by(session, team.person()))
    assert VaultAccess(team.accounts).level_of(team.entity) == held
    assert team.open_kinds() == set()


class MeetingAccounts(VaultAccounts):
    """Somebody else acts right before this one changes a login."""

    def __init__(self, accounts: VaultAccounts, meet: Callable[[], None]) -> None:
        super().__init__(accounts._safe)
        self._meet = meet

    def enable(self, entity_id: str) -> None:
        self._meet()
        super().enable(entity_id)

    def grant(self, entity_id: str, role: str) -> None:
        self._meet()
        super().grant(entity_id, role)


@pytest.mark.parametrize(
    ("verb", "more"),
    [(user_services.enable, {}), (user_services.grant, {"role": "sales"})],
    ids=["enable", "grant"],
)
def test_whoever_is_let_in_while_they_leave_is_out(
    team: Team, verb: Verb, more: dict[str, str]
) -> None:
    desk = team.staff_desk(MeetingAccounts(team.accounts, team.leave))
    with pytest.raises(ConflictError, match=r"at the same moment: user\.\w+ was taken back"):
        verb(desk, login=team.login, **more)
    assert_out(team)
    assert team.accounts._entity(team.entity)["disabled"]


def test_whoever_gets_a_login_while_they_leave_cannot_use_it(team: Team) -> None:
    class Adding(VaultAccounts):
        def create_login(self, login: str, password: Secret, roles: frozenset[str]) -> str:
            team.leave()
            return super().create_login(login, password, roles)

    with transaction(team.engine) as session:
        person = staff.by_login(session, team.login)
        person.entity_id = person.login_made_at = None
    with pytest.raises(ConflictError, match=r"user\.add was taken back"):
        user_services.add(
            team.staff_desk(Adding(team.accounts._safe)),
            login=team.login,
            roles=frozenset({"agent", "sales"}),
            password=Secret("pass of one"),
        )
    assert_out(team)
    assert team.accounts._entity(team.entity)["disabled"]


def test_a_departure_that_is_taken_back_meanwhile_says_the_way_back(team: Team) -> None:
    class Withdrawing(VaultAccess):
        def shut_out(self, entity_id: str) -> None:
            super().shut_out(entity_id)
            acts.withdraw(LeaveDesk(team.staff_desk(), self), login=team.login)

    desk = LeaveDesk(team.staff_desk(), Withdrawing(team.accounts))
    with pytest.raises(ConflictError, match="was taken back meanwhile") as caught:
        acts.leave(desk, login=team.login, wish=WISH, office=OFFICE)
    assert caught.value.hint.endswith(f": opskit user enable {team.login}")
    assert team.open_kinds() == set()
    assert team.person().state == "active"


def at_once(*works: Callable[[], object]) -> list[OpsError]:
    """All of them from the same moment on; what they refused."""
    gate, refused, failures = Barrier(len(works)), list[OpsError](), list[Exception]()

    def run(work: Callable[[], object]) -> None:
        try:
            gate.wait(WAIT)
            work()
        except OpsError as err:
            refused.append(err)
        except Exception as err:  # noqa: BLE001 (told to the test)
            failures.append(err)

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
        assert not thread.is_alive()
    assert failures == []
    return refused


@pytest.mark.parametrize("_again", range(4))
def test_granted_and_seen_off_in_the_same_moment(team: Team, _again: int) -> None:
    refused = at_once(team.grant, team.leave)
    assert {type(each) for each in refused} <= {ConflictError}
    assert_out(team)


def test_seen_off_twice_in_the_same_moment(team: Team) -> None:
    assert at_once(team.leave, team.leave) == []
    assert_out(team)
    assert team.told("onboarding.left") == team.told("user.disabled") == 1


def test_granted_twice_in_the_same_moment(team: Team) -> None:
    team.accounts.revoke(team.entity, "agent")
    said: list[bool] = []
    assert at_once(*(lambda: said.append(team.grant()) for _ in range(2))) == []
    assert sorted(said) == [False, True]
    assert team.told("onboarding.access-granted") == 1
    assert VaultAccess(team.accounts).level_of(team.entity) == "pole"
    assert team.open_kinds() == set()


@pytest.fixture
def two_admins(team: Team) -> Iterator[Person]:
    """The only two, for this database; the second is the team's person."""
    team.accounts.grant(team.entity, "admin")
    with transaction(team.engine) as session:
        first, *others = sorted(team.accounts.members("admin") - {team.entity})
        chief = walkers.person(session, "chief", "Chief", role="admin")
        chief.entity_id, chief.login_made_at = first, NOW
        for i, other in enumerate(others):  # of other tests of this safe
            gone = walkers.person(session, f"gone{i}", f"Gone {i}", role="admin")
            gone.entity_id, gone.state = other, "disabled"
    yield chief
    team.accounts.revoke(team.entity, "admin")


class Deaf(VaultAccess):
    """Shuts nobody out: the other tests need them."""

    def shut_out(self, entity_id: str) -> None:
        del entity_id


def test_two_admins_do_not_see_each_other_off(team: Team, two_admins: Person) -> None:
    def see_off(actor: str, login: str) -> None:
        desk = replace(team.staff_desk(), actor=replace(ALICE, entity_id=actor))
        leave = LeaveDesk(desk, Deaf(team.accounts))
        acts.leave(leave, login=login, wish=WISH, office=OFFICE)

    chief = str(two_admins.entity_id)
    refused = at_once(partial(see_off, chief, team.login), partial(see_off, team.entity, "chief"))
    assert len(refused) >= 1
    states = {team.person().state, team.reads(lambda s: staff.by_login(s, "chief")).state}
    assert "active" in states
    assert not [each for each in team.reads(open_intents) if each.kind == "onboarding.leave"]
    assert team.reads(lambda session: session.scalars(select(Intent)).all())
