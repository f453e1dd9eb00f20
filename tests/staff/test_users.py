"""Logins and roles, on the real safe: what is done and what is refused."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.context import AppContext
from opskit.core.errors import DeniedError, InvalidError, NotFoundError
from opskit.core.events import Event
from opskit.core.health import Condition
from opskit.core.identity import Identity
from opskit.core.intents import open_intents
from opskit.core.secret import Secret
from opskit.staff import services, user_services
from opskit.staff.acts import Act, Desk, begin_act
from opskit.staff.admins import roles_by_entity
from opskit.staff.doctor import examine
from opskit.staff.errors import LastAdminError, LoginExistsError, NoLoginError
from opskit.staff.models import Person
from tests.staff.conftest import PASSWORD, ROLES
from tests.support.home import PASSWORDS, House
from tests.support.openbao import SafeServer, log_in


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(Event.action).order_by(Event.id)))


def only_admins(session: Session, desk: Desk, *staying: Person) -> None:
    """Make everybody else who is admin in the session's safe count as away."""
    for entity in desk.accounts.members("admin") - {each.entity_id for each in staying}:
        other = services.ensure_person(
            session, login=f"away-{entity[:8]}", at=desk.at, actor=desk.actor
        )
        other.entity_id, other.state = entity, "disabled"
    session.flush()


def test_a_new_user_can_log_in_and_has_the_roles(
    desk: Desk, session: Session, bob_added: Person, safe_server: SafeServer
) -> None:
    assert log_in(safe_server.address, bob_added.login, PASSWORD.reveal())
    assert bob_added.entity_id is not None
    assert desk.accounts.roles_of(bob_added.entity_id) == ROLES
    assert roles_by_entity(desk.accounts)[bob_added.entity_id] == ROLES
    assert actions(session) == ["staff.added", "staff.linked", "user.added"]
    assert open_intents(session) == []


def test_an_event_of_a_user_keeps_the_names_apart(session: Session, bob_added: Person) -> None:
    event = session.scalars(select(Event).where(Event.action == "user.added")).one()
    assert event.subject == f"staff/{bob_added.id}"
    assert event.after == {"roles": ["agent", "license-issuer"]}
    assert (event.personal or {})["login"] == bob_added.login


def test_a_user_is_the_person_of_the_staff_table(
    desk: Desk, session: Session, new_login: str
) -> None:
    known = services.ensure_person(
        session, login=new_login, name="Bob Blum", role="agent", at=desk.at, actor=desk.actor
    )
    added = user_services.add(
        desk, login=new_login.upper(), roles=ROLES, password=PASSWORD, facts={"site": "Lausanne"}
    )
    assert added.id == known.id
    assert (added.name, added.role, added.site) == ("Bob Blum", "agent", "Lausanne")


def test_a_newcomer_is_known_to_the_safe_before_there_is_a_login(
    desk: Desk, session: Session, new_login: str, safe_server: SafeServer
) -> None:
    services.ensure_person(session, login=new_login, at=desk.at, actor=desk.actor)
    known = user_services.make_known(desk, login=new_login, role="consultant")
    entity = str(known.entity_id)
    assert known.login_made_at is None
    assert desk.accounts.roles_of(entity) == {"consultant"}
    assert actions(session) == ["staff.added", "staff.linked", "user.known"]

    added = user_services.add(desk, login=new_login, roles=ROLES, password=PASSWORD)
    assert added.entity_id == entity
    assert desk.accounts.roles_of(entity) == ROLES | {"consultant"}
    assert log_in(safe_server.address, new_login, PASSWORD.reveal())


def test_a_second_add_is_refused(desk: Desk, bob_added: Person) -> None:
    with pytest.raises(LoginExistsError, match="has a login already"):
        user_services.add(desk, login=bob_added.login, roles=ROLES, password=PASSWORD)


def test_roles_are_given_and_taken(desk: Desk, session: Session, bob_added: Person) -> None:
    login, entity = bob_added.login, str(bob_added.entity_id)
    assert user_services.grant(desk, login=login, role="auditor")
    assert not user_services.grant(desk, login=login, role="auditor")
    assert user_services.revoke(desk, login=login, role="agent")
    assert not user_services.revoke(desk, login=login, role="agent")
    assert desk.accounts.roles_of(entity) == {"license-issuer", "auditor"}
    assert actions(session)[-2:] == ["user.granted", "user.revoked"]


def test_a_reset_replaces_the_password(
    desk: Desk, bob_added: Person, safe_server: SafeServer
) -> None:
    user_services.reset(desk, login=bob_added.login, password=Secret("another one"))
    assert log_in(safe_server.address, bob_added.login, "another one")
    with pytest.raises(InvalidError):
        log_in(safe_server.address, bob_added.login, PASSWORD.reveal())


def test_a_disabled_user_cannot_log_in_until_enabled(
    desk: Desk, session: Session, bob_added: Person, safe_server: SafeServer
) -> None:
    assert user_services.disable(desk, login=bob_added.login).state == "disabled"
    with pytest.raises((DeniedError, InvalidError)):
        log_in(safe_server.address, bob_added.login, PASSWORD.reveal())
    assert user_services.enable(desk, login=bob_added.login).state == "active"
    assert log_in(safe_server.address, bob_added.login, PASSWORD.reveal())
    assert actions(session)[-2:] == ["user.disabled", "user.enabled"]


def test_the_last_admin_stays(desk: Desk, session: Session, bob_added: Person) -> None:
    login = bob_added.login
    user_services.grant(desk, login=login, role="admin")
    try:
        only_admins(session, desk, bob_added)
        with pytest.raises(LastAdminError, match="is the last admin"):
            user_services.disable(desk, login=login)
        with pytest.raises(LastAdminError, match="is the last admin"):
            user_services.revoke(desk, login=login, role="admin")
        assert "admin" in desk.accounts.roles_of(str(bob_added.entity_id))
        assert open_intents(session) == []
    finally:
        desk.accounts.revoke(str(bob_added.entity_id), "admin")


def test_two_admins_cannot_end_each_other_at_once(
    desk: Desk, session: Session, bob_added: Person
) -> None:
    """The first one's revocation is on its way, so the second is the last admin already."""
    eve = user_services.add(
        desk, login=f"{bob_added.login}-e", roles=frozenset({"admin"}), password=PASSWORD
    )
    entity = str(bob_added.entity_id)
    desk.accounts.grant(entity, "admin")
    try:
        only_admins(session, desk, bob_added, eve)
        begin_act(session, desk, Act.REVOKE, bob_added, {"entity_id": entity, "role": "admin"})
        with pytest.raises(LastAdminError):
            user_services.revoke(desk, login=eve.login, role="admin")
    finally:
        for person in (bob_added, eve):
            desk.accounts.revoke(str(person.entity_id), "admin")


@pytest.mark.parametrize("verb", ["reset", "disable", "enable", "grant", "revoke"])
def test_a_person_without_login_is_told_apart(
    desk: Desk, session: Session, new_login: str, verb: str
) -> None:
    services.ensure_person(session, login=new_login, at=desk.at, actor=desk.actor)
    more: dict[str, dict[str, Any]] = {
        "reset": {"password": PASSWORD},
        "make_known": {"role": "agent"},
        "grant": {"role": "agent"},
        "revoke": {"role": "agent"},
    }
    with pytest.raises(NoLoginError, match="has no login yet"):
        getattr(user_services, verb)(desk, login=new_login, **more.get(verb, {}))


def test_unknown_roles_and_people_name_the_nearest(desk: Desk, bob_added: Person) -> None:
    with pytest.raises(NotFoundError, match="there is no role audit") as caught:
        user_services.grant(desk, login=bob_added.login, role="audit")
    assert "auditor" in caught.value.hint
    with pytest.raises(NotFoundError) as caught:
        user_services.disable(desk, login=bob_added.login[:-1])
    assert bob_added.login in caught.value.hint


@pytest.mark.parametrize(
    "verb", ["add", "make_known", "reset", "disable", "enable", "grant", "revoke"]
)
def test_only_an_admin_changes_logins(desk: Desk, bob: Identity, verb: str) -> None:
    more: dict[str, dict[str, Any]] = {
        "add": {"roles": ROLES, "password": PASSWORD},
        "reset": {"password": PASSWORD},
        "make_known": {"role": "agent"},
        "grant": {"role": "agent"},
        "revoke": {"role": "agent"},
    }
    with pytest.raises(DeniedError, match="bob lacks the role admin"):
        getattr(user_services, verb)(
            replace(desk, actor=bob), login="someone", **more.get(verb, {})
        )


def test_a_refused_password_leaves_nothing_open(
    desk: Desk, session: Session, new_login: str
) -> None:
    with pytest.raises(InvalidError):
        user_services.add(desk, login=new_login, roles=ROLES, password=Secret("x" * 73))
    assert open_intents(session) == []
    added = user_services.add(desk, login=new_login, roles=ROLES, password=PASSWORD)
    assert added.login_made_at is not None


def test_the_doctor_warns_when_one_admin_is_left(
    desk: Desk, session: Session, bob_added: Person, context: AppContext
) -> None:
    desk.accounts.grant(str(bob_added.entity_id), "admin")
    try:
        assert [each.condition for each in examine(context)] == [Condition.OK]
        only_admins(session, desk, bob_added)
        (found,) = examine(context)
        assert (found.condition, found.hint) == (
            Condition.WARNING,
            "opskit user grant LOGIN --role admin, or opskit local recovery-key",
        )
    finally:
        desk.accounts.revoke(str(bob_added.entity_id), "admin")


def test_a_new_password_ends_the_logins_made_with_the_old_one(own_house: House) -> None:
    own_house.login("bob")
    token = own_house.home.token_folder / "local"
    old = token.read_bytes()
    own_house.login("alice")
    words = ("user", "reset", "bob", "--password-file", "-")
    own_house.done(*words, stdin=PASSWORDS["bob"])
    assert own_house.done("whoami", "--json").json["name"] == "alice"
    alices = token.read_bytes()
    token.write_bytes(old)
    assert own_house.opskit("whoami").code == 6
    token.write_bytes(alices)
