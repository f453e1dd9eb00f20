"""Access that grows and is taken away, in the real safe and on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.access import acts
from onboarding.access.carrying import carry_out
from onboarding.access.errors import SafePendingError, StepDownError
from onboarding.access.level import Level
from onboarding.access.milestones import changes_of, held_by
from onboarding.access.wishes import AccessDesk, waiting
from onboarding.services import Walk
from opskit.checklists.errors import ReasonMissingError
from opskit.core.errors import ConflictError, DeniedError, NotFoundError
from opskit.core.events import Event, verify_chain
from opskit.core.identity import ROLES, Identity
from opskit.core.intents import Intent, open_intents
from tests.support.openbao import SafeServer, log_in
from vault.provisioning.accounts import VaultAccounts


def told(session: Session) -> list[tuple[str, object, object]]:
    rows = session.scalars(select(Event).where(Event.action.like("onboarding.access%")))
    return [(row.action, row.before, row.after) for row in rows]


def test_access_grows_level_by_level(
    session: Session, access_desk: AccessDesk, newcomer: Walk
) -> None:
    login, entity = newcomer.person.login, str(newcomer.person.entity_id)
    for level in (Level.SANDBOX, Level.READ_ONLY, Level.POLE):
        assert acts.grant(access_desk, login=login, level=level)
        assert not acts.grant(access_desk, login=login, level=level)
        assert access_desk.groups.level_of(entity) == level
    assert [each.level for each in changes_of(session, newcomer.person)] == [
        "sandbox",
        "read-only",
        "pole",
    ]
    assert told(session)[-1] == (
        "onboarding.access-granted",
        {"level": "read-only"},
        {"level": "pole"},
    )
    assert open_intents(session) == []
    assert verify_chain(session).faults == ()


def test_never_a_step_down_without_saying_so(
    access_desk: AccessDesk, newcomer: Walk, session: Session
) -> None:
    login = newcomer.person.login
    acts.grant(access_desk, login=login, level=Level.READ_ONLY)
    with pytest.raises(StepDownError, match="read-only already") as caught:
        acts.grant(access_desk, login=login, level=Level.SANDBOX)
    assert caught.value.hint == f"opskit onboarding access revoke {login} read-only --reason TEXT"
    assert held_by(session, newcomer.person) is Level.READ_ONLY


def test_what_is_taken_away_needs_a_reason_that_no_row_keeps(
    session: Session, access_desk: AccessDesk, newcomer: Walk
) -> None:
    login = newcomer.person.login
    acts.grant(access_desk, login=login, level=Level.POLE)
    with pytest.raises(ReasonMissingError):
        acts.revoke(access_desk, login=login, level=Level.POLE, reason=" ")
    left = acts.revoke(access_desk, login=login, level=Level.READ_ONLY, reason="too early")
    assert left is Level.SANDBOX
    assert access_desk.groups.level_of(str(newcomer.person.entity_id)) == "sandbox"
    with pytest.raises(ConflictError, match="does not have the level pole"):
        acts.revoke(access_desk, login=login, level=Level.POLE, reason="again")
    event = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert event.personal is not None
    assert event.personal["reason"] == "too early"
    assert "too early" not in str([each.data for each in session.scalars(select(Intent))])


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"admin"}))
def test_who_may_not(access_desk: AccessDesk, newcomer: Walk, role: str) -> None:
    somebody = replace(access_desk, actor=Identity("e-x", "x", frozenset({role})))
    login = newcomer.person.login
    with pytest.raises(DeniedError, match="x lacks the role admin"):
        acts.grant(somebody, login=login, level=Level.SANDBOX)
    with pytest.raises(DeniedError, match="x lacks the role admin"):
        acts.revoke(somebody, login=login, level=Level.SANDBOX, reason="because")


def test_who_cannot_be_given_any(access_desk: AccessDesk, newcomer: Walk, session: Session) -> None:
    with pytest.raises(NotFoundError, match="there is nobody called nobody7"):
        acts.grant(access_desk, login="nobody7", level=Level.SANDBOX)
    newcomer.person.state = "disabled"
    session.flush()
    with pytest.raises(ConflictError, match="is disabled"):
        acts.grant(access_desk, login=newcomer.person.login, level=Level.SANDBOX)
    newcomer.person.state, newcomer.person.entity_id = "active", None
    session.flush()
    with pytest.raises(ConflictError, match="the safe does not know") as caught:
        acts.grant(access_desk, login=newcomer.person.login, level=Level.SANDBOX)
    assert caught.value.hint == f"opskit user add {newcomer.person.login} --role consultant"


def test_what_somebody_gave_without_us_is_entered(
    session: Session, access_desk: AccessDesk, newcomer: Walk, accounts: VaultAccounts
) -> None:
    entity = str(newcomer.person.entity_id)
    accounts.grant(entity, "agent")
    accounts.place(entity, "back-office")
    assert not acts.grant(access_desk, login=newcomer.person.login, level=Level.POLE)
    assert held_by(session, newcomer.person) is Level.POLE


def test_a_safe_that_goes_away_leaves_the_change_pending(
    session: Session, access_desk: AccessDesk, away: AccessDesk, newcomer: Walk
) -> None:
    login, entity = newcomer.person.login, str(newcomer.person.entity_id)
    with pytest.raises(SafePendingError, match=f"the change for {login} is recorded") as caught:
        acts.grant(away, login=login, level=Level.SANDBOX)
    assert caught.value.hint == (
        "opskit local start; once the safe answers: opskit doctor --repair"
    )
    (intent,) = waiting(session)
    assert held_by(session, newcomer.person) is Level.NONE
    carry_out(access_desk, intent)
    assert waiting(session) == []
    assert held_by(session, newcomer.person) is Level.SANDBOX
    assert access_desk.groups.level_of(entity) == "sandbox"


def test_the_same_wish_again_finishes_what_was_cut_off(
    session: Session, access_desk: AccessDesk, away: AccessDesk, newcomer: Walk
) -> None:
    login = newcomer.person.login
    with pytest.raises(SafePendingError):
        acts.grant(away, login=login, level=Level.SANDBOX)
    assert acts.grant(access_desk, login=login, level=Level.SANDBOX)
    assert waiting(session) == []
    assert len(changes_of(session, newcomer.person)) == 1


def test_another_wish_overtakes_what_was_cut_off(
    session: Session, access_desk: AccessDesk, away: AccessDesk, newcomer: Walk
) -> None:
    login = newcomer.person.login
    acts.grant(access_desk, login=login, level=Level.SANDBOX)
    with pytest.raises(SafePendingError):
        acts.grant(away, login=login, level=Level.POLE)
    acts.revoke(access_desk, login=login, level=Level.SANDBOX, reason="not after all")
    assert waiting(session) == []
    assert access_desk.groups.level_of(str(newcomer.person.entity_id)) == "none"


def test_a_refusal_closes_the_change(
    session: Session, access_desk: AccessDesk, newcomer: Walk, accounts: VaultAccounts
) -> None:
    entity = str(newcomer.person.entity_id)
    accounts.grant(entity, "safe-keeper")
    with pytest.raises(ConflictError, match="reaches every client"):
        acts.revoke(access_desk, login=newcomer.person.login, level=Level.POLE, reason="no more")
    assert waiting(session) == []
    assert changes_of(session, newcomer.person) == []


def test_a_login_of_before_reaches_what_was_given(
    access_desk: AccessDesk, newcomer: Walk, safe_server: SafeServer
) -> None:
    from tests.support.openbao import ask

    token = log_in(safe_server.address, newcomer.person.login, "pass of the newcomer")
    path = "v1/clients/metadata/DELEZE/"
    assert ask(safe_server, token, "LIST", path).status == 403
    acts.grant(access_desk, login=newcomer.person.login, level=Level.READ_ONLY)
    assert ask(safe_server, token, "LIST", path).status in (200, 404)
    acts.revoke(access_desk, login=newcomer.person.login, level=Level.SANDBOX, reason="x")
    assert ask(safe_server, token, "LIST", path).status == 403


def test_what_waits_for_somebody_who_was_disabled_meanwhile_is_given_up(
    session: Session, access_desk: AccessDesk, away: AccessDesk, newcomer: Walk
) -> None:
    with pytest.raises(SafePendingError):
        acts.grant(away, login=newcomer.person.login, level=Level.READ_ONLY)
    newcomer.person.state = "disabled"
    session.flush()
    (intent,) = open_intents(session)
    with pytest.raises(ConflictError, match="is disabled"):
        carry_out(access_desk, intent)
    assert open_intents(session) == []
    assert access_desk.groups.level_of(str(newcomer.person.entity_id)) == Level.NONE
