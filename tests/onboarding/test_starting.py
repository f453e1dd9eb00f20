"""The first day of a newcomer, on the real safe: one person, one entity, one path."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding import services
from onboarding.models import Consultant
from onboarding.services import Walk
from onboarding.starting import Newcomer, start_newcomer
from opskit.checklists import services as checklists
from opskit.checklists.errors import SecondPersonError
from opskit.checklists.models import Run
from opskit.core.business_days import PUBLIC
from opskit.core.errors import ConflictError, DeniedError, NotFoundError, UnavailableError
from opskit.core.events import Event, verify_chain
from opskit.core.identity import ROLES, Identity
from opskit.core.intents import open_intents
from opskit.core.secret import Secret
from opskit.staff import services as staff
from opskit.staff.acts import Desk
from opskit.staff.models import Person
from vault.ports import Connection
from vault.provisioning.accounts import VaultAccounts
from vault.store.hvac_client import SafeClient

START = date(2027, 2, 1)  # a Monday


def begin(desk: Desk, name: str, **changes: object) -> Walk:
    newcomer = Newcomer(name=name, path="back-office", start_on=START, mentor="mruiz")
    return start_newcomer(desk, replace(newcomer, **changes), canton="BE", calendar=PUBLIC)  # type: ignore[arg-type] # fields by name


def count(session: Session, what: type) -> int:
    return session.scalar(select(func.count()).select_from(what)) or 0


def test_a_newcomer_is_one_row_one_entity_one_path(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    walk = begin(desk, name)
    person = walk.person
    assert (person.name, person.role, person.pole) == (name, "consultant", "back-office")
    assert person.entity_id is not None
    assert person.login_made_at is None
    assert desk.accounts.roles_of(person.entity_id) == {"consultant"}
    assert (walk.mentor.login, walk.consultant.start_on) == ("mruiz", START)
    assert (walk.run.subject, walk.run.anchor_on) == (name, START)
    assert walk.run.prepared_by == person.entity_id
    assert len(walk.run.steps) == 33
    assert open_intents(session) == []
    actions = list(session.scalars(select(Event.action).order_by(Event.id)))
    assert actions[-2:] == ["onboarding.started", "onboarding.assigned"]
    assert verify_chain(session).faults == ()


def test_names_stay_out_of_what_an_event_keeps_for_good(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    begin(desk, name)
    for event in session.scalars(select(Event)):
        assert name not in f"{event.subject} {event.before} {event.after}"


@pytest.mark.parametrize("pole", ["logistics", ""])
def test_a_colleague_who_is_known_keeps_role_and_pole(
    desk: Desk, session: Session, mentor: Person, name: str, pole: str
) -> None:
    """Without a pole an agent works for both, and the safe's rights follow that."""
    known = staff.ensure_person(
        session, name=name, role="agent", pole=pole, at=desk.at, actor=desk.actor
    )
    walk = begin(desk, name)
    assert walk.person.id == known.id
    assert (walk.person.role, walk.person.pole) == ("agent", pole)


def test_a_consultant_without_a_pole_gets_the_one_of_the_path(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    staff.ensure_person(session, name=name, role="consultant", at=desk.at, actor=desk.actor)
    assert begin(desk, name).person.pole == "back-office"


@pytest.mark.parametrize("typed", ["login", "other case", "no accents", "spaces"])
def test_a_colleague_is_found_however_typed_and_keeps_the_name(
    desk: Desk, session: Session, mentor: Person, name: str, typed: str
) -> None:
    known = staff.ensure_person(session, name=name, at=desk.at, actor=desk.actor)
    people = count(session, Person)
    words = {
        "login": known.login,
        "other case": name.upper(),
        "no accents": name.replace("é", "e"),
        "spaces": f"  {name} ",
    }
    walk = begin(desk, words[typed])
    assert (walk.person.id, walk.person.name) == (known.id, name)
    assert count(session, Person) == people


def test_a_part_of_a_name_is_somebody_else(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    known = staff.ensure_person(session, name=f"{name} Blanc", at=desk.at, actor=desk.actor)
    assert begin(desk, name).person.id != known.id


def test_homonyms_are_told_apart_by_the_login(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    for login in ("one", "two"):
        made = f"{login}-{name.split()[1].lower()}"
        staff.ensure_person(session, login=made, name=name, at=desk.at, actor=desk.actor)
    with pytest.raises(ConflictError, match=f"{name} may be one-") as caught:
        begin(desk, name)
    assert caught.value.hint == "give the login"
    walk = begin(desk, f"two-{name.split()[1].lower()}")
    assert walk.person.login.startswith("two-")
    assert walk.person.name == name


def test_the_same_person_twice(desk: Desk, session: Session, mentor: Person, name: str) -> None:
    begin(desk, name)
    with pytest.raises(ConflictError, match=f"{name} is on the path back-office") as caught:
        begin(desk, name, path="logistics")
    assert caught.value.hint == f'opskit onboarding show "{name}"'
    assert count(session, Consultant) == 1


def test_an_unknown_mentor_leaves_nothing_behind(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    people = count(session, Person)
    with pytest.raises(NotFoundError, match="there is nobody called mruz") as caught:
        begin(desk, name, mentor="mruz")
    assert "mruiz (Maria Ruiz)" in caught.value.hint
    with pytest.raises(NotFoundError, match="there is no path"):
        begin(desk, name, path="front-office")
    assert count(session, Person) == people


def test_nobody_is_their_own_mentor(desk: Desk, mentor: Person) -> None:
    with pytest.raises(ConflictError, match="nobody is their own mentor"):
        begin(desk, "Maria Ruiz")


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"manager", "admin"}))
def test_who_may_not(desk: Desk, mentor: Person, name: str, role: str) -> None:
    somebody = replace(desk, actor=Identity("e-x", "x", frozenset({role})))
    with pytest.raises(DeniedError, match="x lacks the role manager or admin"):
        begin(somebody, name)


def test_a_manager_alone_starts_whom_the_safe_knows(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    """And is refused before anything is stored where the person is new to the safe."""
    manager = replace(desk, actor=Identity("e-m", "max", frozenset({"manager"})))
    people = count(session, Person)
    with savepoint(session), pytest.raises(DeniedError, match="max lacks the role admin"):
        begin(replace(manager, transaction=lambda: savepoint(session)), name)
    assert count(session, Person) == people
    known = staff.ensure_person(session, name=name, at=desk.at, actor=desk.actor)
    entity_id = desk.accounts.ensure_entity(known.login)
    staff.link_entity(session, person=known, entity_id=entity_id, at=desk.at, actor=desk.actor)
    assert begin(manager, name).person.id == known.id


def test_a_start_that_the_safe_interrupted_is_repeated(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    away = VaultAccounts(SafeClient(Connection("http://127.0.0.1:1"), Secret("a token")))
    with pytest.raises(UnavailableError):
        begin(replace(desk, accounts=away), name)
    people = count(session, Person)
    assert count(session, Consultant) == 0
    assert len(open_intents(session)) == 1
    walk = begin(desk, name)
    assert walk.person.entity_id is not None
    assert (count(session, Person), count(session, Consultant)) == (people, 1)
    assert open_intents(session) == []


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2027, 2, 7), date(2020, 2, 3)])
def test_a_first_day_on_a_holiday_a_sunday_or_in_the_past(
    desk: Desk, mentor: Person, name: str, day: date
) -> None:
    walk = begin(desk, name, start_on=day)
    assert walk.run.anchor_on == day
    assert all(step.due_on.weekday() < 5 for step in walk.run.steps)
    assert all(step.due_on != date(2027, 1, 1) for step in walk.run.steps)


def test_a_newcomer_cannot_sign_what_needs_another_person(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    walk = begin(desk, name)
    run, newcomer = walk.run, Identity(str(walk.person.entity_id), name, frozenset({"consultant"}))
    step = next(step for step in run.steps if step.asked.approval == "other-person")
    settle_needs(run, step.key)
    tick(session, desk, run, step.key, newcomer)
    assert step.state == "submitted"
    with pytest.raises(SecondPersonError, match=f"{name} cannot decide this"):
        tick(session, desk, run, step.key, newcomer)
    with pytest.raises(SecondPersonError):
        checklists.waive(
            session, run=run, key=step.key, reason="no need", at=desk.at, actor=newcomer
        )
    tick(session, desk, run, step.key, Identity("e-mruiz", "maria", frozenset({"agent"})))
    assert step.state == "done"


def test_who_may_change_a_path(desk: Desk, session: Session, mentor: Person, name: str) -> None:
    run = begin(desk, name).run
    refusals = {"auditor": "x reads paths", "consultant": "is not x's own path"}
    for role in ROLES:
        somebody = Identity("e-x", "x", frozenset({role}))
        if role in {"manager", "admin"}:
            assert services.find_to_change(session, run.name, somebody) is run
        else:
            refusal = refusals.get(role, "is the path of none of x's newcomers")
            with pytest.raises(DeniedError, match=refusal):
                services.find_to_change(session, run.name, somebody)


def test_a_newcomer_works_on_the_own_path(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    run = begin(desk, name).run
    newcomer = Identity(run.prepared_by, "n", frozenset({"consultant"}))
    assert services.find_to_change(session, run.name, newcomer) is run
    mentor.entity_id = "e-mentor"
    guide = Identity("e-mentor", "m", frozenset({"consultant", "agent"}))
    assert services.find_to_change(session, run.name, guide) is run


def test_who_has_left_is_no_mentor(desk: Desk, session: Session, mentor: Person, name: str) -> None:
    mentor.state = "disabled"
    session.flush()
    with pytest.raises(ConflictError, match="is disabled and can be no mentor"):
        begin(desk, name)


def test_the_person_behind_a_run_is_found_by_name_login_and_number(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    walk = begin(desk, name)
    for typed in (name, name.upper(), walk.person.login, walk.run.name, walk.run.name.lower()):
        assert services.find(session, typed).run.id == walk.run.id
        assert services.find_run(session, typed).id == walk.run.id
    for stranger in ("Maria Ruiz", "nobody at all", "O99"):
        with pytest.raises(NotFoundError):
            services.find(session, stranger)
    with pytest.raises(NotFoundError, match="no consultant is called 'Maria Ruiz'"):
        services.find_run(session, "Maria Ruiz")
    with pytest.raises(NotFoundError, match="there is no run O99"):
        services.find_run(session, "o99")


def test_the_board_goes_by_the_first_day(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    later = begin(desk, f"{name} Later")
    sooner = begin(desk, f"{name} Sooner", start_on=date(2026, 12, 1), path="logistics")
    assert [each.person.id for each in services.walks(session)] == [
        sooner.person.id,
        later.person.id,
    ]


def settle_needs(run: Run, key: str) -> None:
    needs = {step.key: step.asked.needs for step in run.steps}
    waiting = [*needs[key]]
    while waiting:
        need = waiting.pop()
        next(step for step in run.steps if step.key == need).state = "done"
        waiting += needs[need]
    next(step for step in run.steps if step.key == key).state = "ready"


def tick(session: Session, desk: Desk, run: Run, key: str, actor: Identity) -> None:
    checklists.tick(
        session,
        run=run,
        key=key,
        answer="https://proof.example",
        ticket=None,
        on=START,
        at=desk.at,
        actor=actor,
    )


@contextmanager
def savepoint(session: Session) -> Iterator[Session]:
    with session.begin_nested():
        yield session


def test_a_second_path_begins_where_the_first_one_ended(
    desk: Desk, session: Session, mentor: Person, name: str
) -> None:
    first = begin(desk, name)
    with pytest.raises(ConflictError, match="is on the path"):
        begin(desk, name)
    first.run.state = "closed"
    session.flush()
    second = begin(desk, name)
    assert second.run.number != first.run.number
    assert first.consultant.state == "finished"
    assert [walk.run.name for walk in services.walks(session)] == [second.run.name]
