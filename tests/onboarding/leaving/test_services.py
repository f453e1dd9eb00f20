"""Who leaves, on both databases and in the real safe."""

from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.access.errors import SafePendingError
from onboarding.leaving import acts, reads, services
from onboarding.leaving.carrying import READS, carry_out
from onboarding.leaving.desk import LeaveDesk
from onboarding.leaving.models import LeavingRead
from onboarding.leaving.services import Office, Wish
from onboarding.leaving.template import leaving_template
from onboarding.leaving.todo import LeavingTodo
from onboarding.leaving.words import LeaveReason, LeaveState
from onboarding.models import ConsultantState
from onboarding.ports import AccessGroups, SecretRead
from onboarding.todo import OnboardingTodo
from opskit.checklists.models import CANCELLED
from opskit.checklists.services.publishing import publish, retire
from opskit.checklists.templates import template_faults
from opskit.core.business_days import PUBLIC
from opskit.core.errors import ConflictError, DeniedError, NotFoundError
from opskit.core.events import verify_chain
from opskit.core.identity import Identity
from opskit.core.intents import open_intents
from opskit.core.secret import Secret
from opskit.staff.acts import Desk
from opskit.staff.errors import LastAdminError
from opskit.staff.models import Person
from tests.onboarding import walkers
from vault.ports import Connection
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.growing import VaultAccess
from vault.store.hvac_client import SafeClient

OFFICE = Office(PUBLIC, "BE")
TODAY = date(2026, 11, 24)
WISH = Wish(TODAY, LeaveReason.RESIGNED)


@pytest.fixture
def leave_desk(desk: Desk, accounts: VaultAccounts) -> LeaveDesk:
    return LeaveDesk(desk, VaultAccess(accounts))


@pytest.fixture
def leaver(session: Session, accounts: VaultAccounts, name: str) -> Person:
    login = name.split()[1].lower()
    person = walkers.person(session, login, name)
    person.entity_id = accounts.create_login(login, Secret("pass of one"), frozenset({"agent"}))
    session.flush()
    return person


def test_the_shipped_list_breaks_no_rule() -> None:
    text = files("onboarding.leaving").joinpath("leaving.yaml").read_text(encoding="utf-8")
    assert template_faults(text, "leaving.yaml", checks=()) == []


def test_a_departure_is_planned_once(
    session: Session, leave_desk: LeaveDesk, leaver: Person
) -> None:
    later = Wish(TODAY + timedelta(days=20), LeaveReason.RETIRED)
    first = acts.plan(leave_desk, login=leaver.login, wish=later, office=OFFICE)
    again = acts.plan(leave_desk, login=leaver.login, wish=later, office=OFFICE)
    assert again.id == first.id
    run = services.run_of(session, first)
    assert run is not None
    assert (run.subject, run.anchor_on, run.letter) == (leaver.name, later.leaves_on, "K")
    (item,) = LeavingTodo().items(session, today=TODAY)
    assert (item.kind, item.due, item.role) == ("onboarding-leave", later.leaves_on, "admin")
    assert LeavingTodo().items(session, today=TODAY - timedelta(days=60)) == []
    manager = Identity("e-x", "x", frozenset({"agent"}))
    somebody = LeaveDesk(
        Desk(leave_desk.desk.transaction, leave_desk.desk.accounts, manager, leave_desk.at),
        leave_desk.groups,
    )
    with pytest.raises(DeniedError, match="x lacks the role manager or admin"):
        acts.plan(somebody, login=leaver.login, wish=later, office=OFFICE)


def test_whoever_walks_a_path_leaves_it(
    session: Session, leave_desk: LeaveDesk, leaver: Person, mentor: Person
) -> None:
    walk = walkers.walk(session, leaver, mentor)
    intent = acts.leave(leave_desk, login=leaver.login, wish=WISH, office=OFFICE)
    assert intent.kind == READS
    assert (walk.consultant.state, walk.run.state) == (ConsultantState.LEFT, CANCELLED)
    assert leaver.state == "disabled"
    leaving = services.latest(session, leaver)
    assert leaving is not None
    assert (leaving.state, leaving.roles) == (LeaveState.LEFT, ["agent"])
    assert [each.kind for each in open_intents(session)] == [READS]
    assert leave_desk.groups.roles_of(str(leaver.entity_id)) == set()
    assert verify_chain(session).faults == ()


def test_somebody_whom_the_safe_never_knew_leaves_too(
    session: Session, leave_desk: LeaveDesk
) -> None:
    stranger = walkers.person(session, "stranger", "Stranger")
    stranger.entity_id = None
    session.flush()
    acts.leave(leave_desk, login="stranger", wish=WISH, office=OFFICE)
    assert stranger.state == "disabled"


def test_a_successor_who_cannot_be_mentor_is_refused_before_anything_happens(
    session: Session, leave_desk: LeaveDesk, leaver: Person
) -> None:
    newcomer = walkers.person(session, "cperret", "Camille Perret", role="consultant")
    walkers.walk(session, newcomer, leaver)
    wish = Wish(TODAY, LeaveReason.RESIGNED, mentor="cperret")
    with pytest.raises(ConflictError, match="nobody is their own mentor"):
        acts.leave(leave_desk, login=leaver.login, wish=wish, office=OFFICE)
    assert leaver.state == "active"
    assert open_intents(session) == []


def test_the_last_admin_stays(
    session: Session, leave_desk: LeaveDesk, accounts: VaultAccounts
) -> None:
    admin, *others = sorted(accounts.members("admin"))
    person = walkers.person(session, "chief", "Chief", role="admin")
    person.entity_id = admin
    for i, other in enumerate(others):  # of other tests of this safe
        gone = walkers.person(session, f"gone{i}", f"Gone {i}", role="admin")
        gone.entity_id, gone.state = other, "disabled"
    session.flush()
    with pytest.raises(LastAdminError, match="chief is the last admin"):
        acts.leave(leave_desk, login="chief", wish=WISH, office=OFFICE)
    assert open_intents(session) == []


def test_nobody_stays_for_want_of_a_list(
    session: Session, leave_desk: LeaveDesk, leaver: Person
) -> None:
    template = leaving_template()
    signed: dict[str, Any] = {"at": leave_desk.at, "actor": leave_desk.actor}
    publish(session, template, **signed)
    retire(session, template_id=template.id, version=template.version, reason="old", **signed)
    acts.leave(leave_desk, login=leaver.login, wish=WISH, office=OFFICE)
    leaving = services.latest(session, leaver)
    assert leaving is not None
    assert (leaving.state, leaving.run_number) == (LeaveState.LEFT, None)


def test_a_successor_who_left_meanwhile_keeps_nobody_in(
    session: Session, leave_desk: LeaveDesk, leaver: Person, mentor: Person
) -> None:
    """As when the doctor finishes it days later."""
    newcomer = walkers.person(session, "cperret", "Camille Perret", role="consultant")
    walk = walkers.walk(session, newcomer, leaver)
    nowhere = VaultAccess(
        VaultAccounts(SafeClient(Connection("http://127.0.0.1:1"), Secret("a token")))
    )
    wish = Wish(TODAY, LeaveReason.RESIGNED, mentor="mruiz")
    half = LeaveDesk(leave_desk.desk, Half(leave_desk.groups, nowhere))
    with pytest.raises(SafePendingError):
        acts.leave(half, login=leaver.login, wish=wish, office=OFFICE)
    mentor.state = "disabled"
    session.flush()
    (intent,) = open_intents(session)
    carry_out(leave_desk, intent)
    assert leaver.state == "disabled"
    assert walk.consultant.mentor_id == leaver.id
    items = OnboardingTodo().items(session, today=TODAY)
    assert "onboarding-mentor" in [item.kind for item in items]


class Half:
    """Tells the roles, and is gone when somebody should be shut out."""

    def __init__(self, asked: AccessGroups, gone: AccessGroups) -> None:
        self.roles_of, self.shut_out = asked.roles_of, gone.shut_out
        self.level_of, self.hold = asked.level_of, gone.hold


def test_a_later_read_opens_an_entry_again(
    session: Session, leave_desk: LeaveDesk, leaver: Person
) -> None:
    leaving = acts.plan(leave_desk, login=leaver.login, wish=WISH, office=OFFICE)
    first = SecretRead("clients", "DELEZE/prod/erp", walkers.AT, 1, "CS-1001")
    reads._enter(session, leaving, [first])
    session.flush()
    (row,) = session.scalars(select(LeavingRead))
    row.settled_at = walkers.AT
    reads._enter(session, leaving, [first])
    assert row.settled_at == walkers.AT
    later = SecretRead("clients", "DELEZE/prod/erp", walkers.AT + timedelta(days=1), 2)
    reads._enter(session, leaving, [later])
    session.flush()
    assert (row.version, row.ticket) == (2, "")
    (line,) = services.leavers(session)
    assert (line.reads, line.open_reads) == (1, 1)


def test_a_reason_is_one_of_five_words() -> None:
    assert services.parse_reason(" Retired ") is LeaveReason.RETIRED
    with pytest.raises(NotFoundError, match="'resign' is no reason") as caught:
        services.parse_reason("resign")
    assert caught.value.hint == "did you mean resigned?"
