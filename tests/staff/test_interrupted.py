"""A change to a login that is cut off at any moment is finished, or explained."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.context import AppContext
from opskit.core.db import open_engine, snapshot, sqlite_url, transaction
from opskit.core.errors import InvalidError, UnavailableError
from opskit.core.events import Event
from opskit.core.identity import Identity
from opskit.core.intents import open_intents
from opskit.core.secret import Secret
from opskit.migrations import migrate
from opskit.staff import services, user_services
from opskit.staff.acts import Desk
from opskit.staff.doctor import repair
from opskit.staff.models import Person
from opskit.staff.passwords import complete_list
from opskit.staff.ports import Accounts
from tests.staff.conftest import PASSWORD, ROLES
from tests.support.openbao import SafeServer, log_in
from vault.provisioning.accounts import VaultAccounts


class Killed(Exception):  # noqa: N818 (it is not an error, it is a kill -9)
    """The process ends here."""


def test_an_intent_is_committed_before_the_safe_is_asked(
    tmp_path: Path, absent_accounts: VaultAccounts, alice: Identity, now: datetime
) -> None:
    engine = open_engine(sqlite_url(tmp_path / "opskit.db"))
    migrate(engine)
    desk = Desk(lambda: transaction(engine), absent_accounts, alice, now)
    with pytest.raises(UnavailableError):
        user_services.add(desk, login="bob", roles=ROLES, password=PASSWORD)
    with snapshot(engine) as session:
        (intent,) = open_intents(session)
        assert (intent.kind, intent.subject) == ("user.add", "bob")
        assert PASSWORD.reveal() not in repr(intent.data)
    engine.dispose()


def _killed_before_the_outcome(desk: Desk, session: Session) -> Desk:
    """A desk whose process ends once the safe has done its part."""
    openings = iter([session])

    def open_once() -> "nullcontext[Session]":
        for opened in openings:
            return nullcontext(opened)
        return _die()

    return replace(desk, transaction=open_once)


def _die() -> NoReturn:
    raise Killed


def test_the_same_command_finishes_an_interrupted_add(
    desk: Desk, session: Session, new_login: str, safe_server: SafeServer
) -> None:
    killed = _killed_before_the_outcome(desk, session)
    with pytest.raises(Killed):
        user_services.add(killed, login=new_login, roles=ROLES, password=Secret("first try"))
    assert len(open_intents(session)) == 1
    user_services.add(desk, login=new_login, roles=ROLES, password=PASSWORD)
    assert open_intents(session) == []
    assert log_in(safe_server.address, new_login, PASSWORD.reveal())


def test_the_doctor_finishes_an_interrupted_add(
    desk: Desk, session: Session, new_login: str, context: AppContext, safe_server: SafeServer
) -> None:
    with pytest.raises(Killed):
        user_services.add(
            _killed_before_the_outcome(desk, session),
            login=new_login,
            roles=ROLES,
            password=PASSWORD,
        )
    (intent,) = open_intents(session)
    assert repair(context, intent) == (
        f"{new_login} has the login; now give a password: opskit user reset {new_login}"
    )
    assert open_intents(session) == []
    person = services.by_login(session, new_login)
    assert desk.accounts.roles_of(str(person.entity_id)) == ROLES
    with pytest.raises(InvalidError):
        log_in(safe_server.address, new_login, PASSWORD.reveal())
    user_services.reset(desk, login=new_login, password=PASSWORD)
    assert log_in(safe_server.address, new_login, PASSWORD.reveal())


def test_the_doctor_takes_the_password_from_the_list(
    desk: Desk, session: Session, new_login: str, context: AppContext, safe_server: SafeServer
) -> None:
    file = context.home.folder / "staff.logins.csv"
    person = services.ensure_person(session, login=new_login, at=desk.at, actor=desk.actor)
    listed = complete_list(file, [person], lambda: PASSWORD)
    with pytest.raises(Killed):
        user_services.add(
            _killed_before_the_outcome(desk, session),
            login=new_login,
            roles=ROLES,
            password=listed[new_login],
            password_list=str(file),
        )
    (intent,) = open_intents(session)
    assert repair(context, intent) == f"{new_login} has the login and the password of {file}"
    assert log_in(safe_server.address, new_login, PASSWORD.reveal())


def test_the_doctor_finishes_a_disable(
    desk: Desk, session: Session, bob_added: Person, context: AppContext
) -> None:
    with pytest.raises(Killed):
        user_services.disable(_killed_before_the_outcome(desk, session), login=bob_added.login)
    assert bob_added.state == "active"
    (intent,) = open_intents(session)
    assert repair(context, intent) == f"user.disable for {bob_added.login} is done"
    assert bob_added.state == "disabled"


def test_the_doctor_says_that_a_reset_is_uncertain(
    desk: Desk, session: Session, bob_added: Person, context: AppContext
) -> None:
    with pytest.raises(Killed):
        user_services.reset(
            _killed_before_the_outcome(desk, session), login=bob_added.login, password=PASSWORD
        )
    (intent,) = open_intents(session)
    assert "may be the old or the new one" in repair(context, intent)
    event = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.action, event.after) == ("user.reset", {"certain": False})


class _Away:
    """Answers questions, and is gone when something should change."""

    def __init__(self, asked: Accounts, gone: Accounts) -> None:
        self.roles_of, self.members, self.ensure_entity = (
            asked.roles_of,
            asked.members,
            asked.ensure_entity,
        )
        self.grant, self.revoke, self.place = gone.grant, gone.revoke, gone.place
        self.enable, self.disable = gone.enable, gone.disable
        self.create_login, self.set_password = gone.create_login, gone.set_password
        self.end_logins = gone.end_logins


@pytest.fixture
def away(desk: Desk, absent_accounts: VaultAccounts) -> Desk:
    return replace(desk, accounts=_Away(desk.accounts, absent_accounts))


@pytest.mark.parametrize(
    ("first", "then", "state"),
    [("disable", "enable", "active"), ("enable", "disable", "disabled")],
)
def test_what_was_cut_off_does_not_undo_what_was_wished_last(
    desk: Desk,
    away: Desk,
    session: Session,
    bob_added: Person,
    *,
    first: str,
    then: str,
    state: str,
) -> None:
    with pytest.raises(UnavailableError):
        getattr(user_services, first)(away, login=bob_added.login)
    getattr(user_services, then)(desk, login=bob_added.login)
    assert open_intents(session) == []
    assert bob_added.state == state


@pytest.mark.parametrize(
    ("first", "then", "role"), [("grant", "revoke", "sales"), ("revoke", "grant", "agent")]
)
def test_a_role_that_was_cut_off_gives_way_to_the_last_wish(
    desk: Desk, away: Desk, session: Session, bob_added: Person, *, first: str, then: str, role: str
) -> None:
    """Nobody knows whether the safe heard the first, so the second asks it in any case."""
    with pytest.raises(UnavailableError):
        getattr(user_services, first)(away, login=bob_added.login, role=role)
    assert getattr(user_services, then)(desk, login=bob_added.login, role=role)
    assert open_intents(session) == []
    assert desk.accounts.roles_of(str(bob_added.entity_id)) == ROLES
