"""Places in which somebody is named besides the obvious ones."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.models import LicenseDelivery
from onboarding.leaving.words import LeaveReason
from onboarding.privacy.forgetting import forget
from onboarding.privacy.own_data import own_data
from onboarding.privacy.pseudonyms import GONE
from onboarding.services import Walk
from onboarding.services.own_steps import OwnStep, add_own_step
from opskit.checklists import projects
from opskit.checklists import services as checklists
from opskit.checklists.models import Definition, Step
from opskit.clients.models import FreezePeriod
from opskit.core.business_days import PUBLIC
from opskit.core.events import Event, record, verify_chain
from opskit.core.identity import Identity
from opskit.core.intents import begin, open_intents
from opskit.staff.acts import Act
from opskit.todo.models import Outcome, Reminder
from opskit.wiring.personal_records import RecordsOfTheHouse
from tests.checklists.samples import BEGINNING, small_template
from tests.onboarding.walkers import ADMIN, AT, person, walk

ZOE = Identity("e-zdeleze", "zdeleze", frozenset({"consultant"}))
MARIA = Identity("e-mruiz", "mruiz", frozenset({"agent", "manager"}))


@pytest.fixture
def zoe(session: Session) -> Walk:
    maria = person(session, "mruiz", "Maria Ruiz")
    return walk(session, person(session, "zdeleze", "Zoé Délèze", "consultant"), maria)


def waived(session: Session, walked: Walk) -> str:
    """A step that the mentor left out, for a reason that concerns nobody else."""
    key = walked.run.steps[0].key
    checklists.waive(
        session, run=walked.run, key=key, reason="was ill for weeks", at=AT, actor=MARIA
    )
    return f"{walked.run.name}/{key}"


def test_what_the_log_says_of_single_steps_is_forgotten(session: Session, zoe: Walk) -> None:
    subject = waived(session, zoe)
    forget(session, zoe.person, at=AT, actor=ADMIN)
    told = session.query(Event).filter_by(subject=subject).all()
    assert told
    assert [event.personal for event in told] == [None] * len(told)
    assert verify_chain(session).faults == ()


def test_what_the_log_says_of_single_steps_is_told(session: Session, zoe: Walk) -> None:
    subject = waived(session, zoe)
    found = own_data(session, zoe.person, asker=ZOE, elsewhere=RecordsOfTheHouse())
    assert subject in {event["subject"] for event in found["events"]}


def test_ones_own_data_names_nobody_whom_one_judged(session: Session, zoe: Walk) -> None:
    """A manager's export: what they did, and not what became of whom."""
    maria = zoe.mentor
    secret = {"login": "zdeleze", "reason": LeaveReason.DISMISSED.value}
    record(
        session,
        actor=MARIA,
        at=AT,
        action="onboarding.leave-planned",
        subject=zoe.person.subject,
        personal=secret,
    )
    session.flush()
    found = own_data(session, maria, asker=MARIA, elsewhere=RecordsOfTheHouse())
    events = json.dumps(found["events"])
    assert "onboarding.leave-planned" in events
    assert "dismissed" not in events
    assert "zdeleze" not in events


def test_reminders_to_others_name_the_person_no_more(session: Session, zoe: Walk) -> None:
    session.add(
        Reminder(
            digest="d" * 64,
            receiver="staff/99",
            channel="mail",
            item="onboarding-leave zdeleze",
            reason="late",
            outcome=Outcome.SENT.value,
            message_id="m",
            attempts=1,
            tried_at=AT,
        )
    )
    session.flush()
    name = f"erased-{zoe.person.id}"
    RecordsOfTheHouse().forget(session, login="zdeleze", pseudonym=name)
    (row,) = session.query(Reminder).all()
    assert row.item == f"onboarding-leave {name}"
    assert row.digest != "d" * 64


def test_nothing_that_was_cut_off_lets_an_erased_person_in(session: Session, zoe: Walk) -> None:
    for kind in (Act.ENABLE, Act.GRANT, Act.ADD):
        begin(session, kind=kind, subject="zdeleze", data={}, at=AT, actor=ADMIN)
    begin(session, kind=Act.ENABLE, subject="mruiz", data={}, at=AT, actor=ADMIN)
    forget(session, zoe.person, at=AT + timedelta(days=1), actor=ADMIN)
    assert [each.subject for each in open_intents(session)] == ["mruiz"]


def added(session: Session, walked: Walk, text: str) -> str:
    """The key of a step that is on this list alone."""
    wish = OwnStep(text, walked.run.anchor_on + timedelta(days=7))
    step = add_own_step(session, walk=walked, wish=wish, calendar=PUBLIC, at=AT, actor=MARIA)
    return step.key


def asked(session: Session, walked: Walk, key: str) -> str:
    step = session.get_one(Step, (walked.run.id, key))
    assert step.digest == step.asked.digest
    return step.asked.text.en


def test_steps_beside_the_template_name_the_person_no_more(session: Session, zoe: Walk) -> None:
    """Those of the person go, those of others are renamed, and no row keeps the name."""
    max_ = walk(session, person(session, "mwolf", "Max Wolf", "consultant"), zoe.mentor)
    keys = {
        "own": added(session, zoe, "Zoé Délèze sees the doctor"),
        "shared": added(session, zoe, "German course"),
        "other": added(session, max_, "Lunch with zoe deleze"),
    }
    assert set(keys.values()) == {"own-step", "own-step-2"}
    shared = added(session, max_, "German course")
    first = zoe.run.steps[0].asked.text.en
    forget(session, zoe.person, at=AT, actor=ADMIN)
    name = f"erased-{zoe.person.id}"
    assert asked(session, zoe, keys["own"]) == asked(session, zoe, keys["shared"]) == GONE
    assert asked(session, zoe, zoe.run.steps[0].key) == first
    assert asked(session, max_, keys["other"]) == f"Lunch with {name}"
    assert asked(session, max_, shared) == "German course"
    bodies = " ".join(session.scalars(select(Definition.body)))
    assert "doctor" not in bodies
    assert "eleze" not in bodies


def test_texts_of_other_features_name_the_person_no_more(session: Session, zoe: Walk) -> None:
    told = {"recorded_by": "e-mruiz", "recorded_at": AT}
    days = {"first": AT.date(), "last": AT.date()}
    freeze = FreezePeriod(reason="Zoé Délèze is away, " + "x" * 180, **days, **told)
    delivery = LicenseDelivery(
        serial=1042,
        form="file",
        received_by="zdeleze@example.ch",
        delivered_by="e-mruiz",
        delivered_at=AT,
    )
    session.add_all([freeze, delivery])
    session.flush()
    texts = RecordsOfTheHouse().texts()
    forget(session, zoe.person, at=AT, actor=ADMIN, elsewhere=texts)
    name = f"erased-{zoe.person.id}"
    assert freeze.reason.startswith(f"{name} is away")
    assert len(freeze.reason) <= 200
    assert delivery.received_by == name


def test_a_list_that_is_called_after_the_person(session: Session, zoe: Walk) -> None:
    run = checklists.start(
        session,
        replace(BEGINNING, subject="A present for Zoé Délèze", client=None),
        kind=projects.KIND,
        letter="K",
        template=small_template(),
        calendar=PUBLIC,
        at=AT,
        actor=MARIA,
    )
    forget(session, zoe.person, at=AT, actor=ADMIN)
    assert run.subject == f"A present for erased-{zoe.person.id}"
