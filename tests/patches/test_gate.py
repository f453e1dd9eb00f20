"""The competence gate: with the setting, only those who are signed off work on patches."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.models import Run
from opskit.core.competences import CompetenceMissingError
from opskit.patches.campaigns.services.creating import create
from opskit.patches.gate import OPEN_GATE, PAYROLL, PREPARATION, CompetenceGate, needed
from tests.patches.campaigns.companies import TODAY, add_agent, add_client, drafted, frame, wish
from tests.patches.preparing import prepared
from tests.patches.test_services import BOB, prepare
from tests.support.home import House

WORD = "pass of carla"


@dataclass(frozen=True)
class Signed:
    """These sign-offs and no other."""

    known: Collection[tuple[str, str]] = ()

    def has(self, session: Session, entity_id: str, competence: str, on: date) -> bool:
        del session, on
        return (entity_id, competence) in self.known


def gate(*known: tuple[str, str]) -> CompetenceGate:
    return CompetenceGate(Signed(known))


def test_payroll_asks_for_one_more() -> None:
    assert needed(["FIN", "AP"]) == (PREPARATION,)
    assert needed(["FIN", "PAY"]) == (PREPARATION, PAYROLL)


def test_who_prepares_is_signed_off(session: Session) -> None:
    client = add_client(session, "DELEZE", modules=["FIN", "PAY"])
    facts: dict[str, Any] = {"on": date(2027, 1, 20), "actor": BOB}
    for known, missing in (((), PREPARATION), ((("e-bob", PREPARATION),), PAYROLL)):
        with pytest.raises(CompetenceMissingError, match=f"bob is not signed off for {missing}"):
            prepare(session, client, gate=gate(*known), **facts)
    both = gate(("e-bob", PREPARATION), ("e-bob", PAYROLL))
    assert prepare(session, client, gate=both, **facts).name == "P1"


def test_without_the_setting_the_gate_stands_open(session: Session) -> None:
    client = add_client(session, "DELEZE", modules=["PAY"])
    run = prepare(session, client, gate=OPEN_GATE)
    OPEN_GATE.require_for(session, run, actor=BOB, on=TODAY)
    OPEN_GATE.require_given(session, run, login="nobody-knows", on=TODAY)


def test_a_run_is_given_only_to_who_is_signed_off(session: Session) -> None:
    run = prepare(session, add_client(session, "DELEZE"))
    add_agent(session, "carla")
    add_agent(session, "dora", entity_id=None)
    closed = gate(("e-carla", PREPARATION))
    closed.require_given(session, run, login="carla", on=TODAY)
    with pytest.raises(CompetenceMissingError, match="dora is not signed off") as caught:
        closed.require_given(session, run, login="dora", on=TODAY)
    assert caught.value.hint.endswith(
        f'opskit onboarding sign-off dora {PREPARATION} --reason "prepared three with me"'
    )


def test_a_campaign_gives_no_run_to_who_is_not_signed_off(session: Session) -> None:
    for login in ("bob", "carla"):
        add_agent(session, login)
    for code in ("AAA", "BBB"):
        add_client(session, code)
    assert {each.agent for each in drafted(session).plan.placed} == {"bob", "carla"}
    with pytest.raises(CompetenceMissingError, match="bob is not signed off"):
        create(session, wish(), shown=None, frame=replace(frame(), gate=gate()))
    assert session.scalars(select(Run)).all() == []
    carla = gate(("e-carla", PREPARATION))
    create(session, wish(), shown=None, frame=replace(frame(), gate=carla))
    assert {run.assignee for run in session.scalars(select(Run))} == {"carla"}


def test_a_campaign_with_payroll_is_for_who_knows_payroll(session: Session) -> None:
    for login in ("bob", "carla"):
        add_agent(session, login)
    add_client(session, "AAA")
    add_client(session, "BBB", modules=["FIN", "PAY"])
    known = [(f"e-{login}", PREPARATION) for login in ("bob", "carla")]
    both = gate(*known, ("e-carla", PAYROLL))
    create(session, wish(), shown=None, frame=replace(frame(), gate=both))
    assert {run.assignee for run in session.scalars(select(Run))} == {"carla"}


def test_the_gate_at_work(own_house: House) -> None:
    """Prepare, assign and go, as typed, with the sign-offs of the onboarding."""
    house = own_house
    house.done("user", "add", "carla", "--role", "manager", "--password-file", "-", stdin=WORD)
    before = prepared(house, "DELEZE")
    settings = house.home.settings_file
    settings.write_text(
        settings.read_text(encoding="utf-8") + "patch_competence_required = true\n",
        encoding="utf-8",
    )
    words = ("patch", "prepare", "BERNAS", "--to", "12.4", "--on", "2035-03-05")
    denied = house.opskit(*words, as_user="bob")
    sign_off = f'onboarding sign-off bob {PREPARATION} --reason "prepared three with me"'
    assert (denied.code, denied.err.splitlines()) == (
        6,
        [
            f"error[competence-missing]: bob is not signed off for {PREPARATION}",
            f"hint: the mentor or a manager can do that: opskit {sign_off}",
        ],
    )
    assign = ("patch", "assign", before)
    given = house.opskit(*assign, "carla", as_user="alice")
    assert (given.code, given.err.splitlines()[0]) == (
        6,
        f"error[competence-missing]: carla is not signed off for {PREPARATION}",
    )
    house.done(*assign, "2", "carla")  # a step is anybody's
    house.done("onboarding", "sign-off", "bob", PREPARATION, "--reason", "prepared three with me")
    house.done(*words, as_user="bob")
    house.done(*assign, "bob")
    go = ("patch", "go", before, "--reason", "all green")
    undecided = house.opskit(*go, as_user="alice")
    assert (undecided.code, undecided.err.splitlines()[0]) == (
        6,
        f"error[competence-missing]: alice is not signed off for {PREPARATION}",
    )
    house.done("login", "carla", "--password-file", "-", stdin=WORD)
    house.done("onboarding", "sign-off", "alice", PREPARATION, "--reason", "ten years of them")
    open_steps = house.opskit(*go, as_user="alice")
    assert (open_steps.code, open_steps.err.split(":")[0]) == (8, "error[steps-open]")
    house.done("onboarding", "withdraw-sign-off", "bob", PREPARATION, "--reason", "a year away")
    again = ("patch", "prepare", "BLUMCO", "--to", "12.4", "--on", "2035-03-12")
    assert house.opskit(*again, as_user="bob").code == 6
