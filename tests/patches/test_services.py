"""A patch preparation begins, is found again, and changes its mind with the facts."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists import services as checklists
from opskit.checklists.models import Run
from opskit.checklists.services import publish
from opskit.clients.models import Client
from opskit.core.business_days import PUBLIC, Calendar, Closure
from opskit.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError
from opskit.core.events import Event, verify_chain
from opskit.core.identity import ROLES, Identity
from opskit.core.refs import TicketKey
from opskit.patches import services
from opskit.patches.doubts import doubts
from tests.checklists.samples import small_template
from tests.patches.test_checks import AT, ON, OpenSafe, Register, a_client, a_fact, checks_of

PREPARERS = {"agent", "manager", "admin"}
BOB = Identity("e-bob", "bob", frozenset({"agent"}))


@pytest.fixture
def client(session: Session) -> Client:
    client = a_client()
    session.add(client)
    session.flush()
    return client


def prepare(session: Session, client: Client, **changes: Any) -> Run:
    facts: dict[str, Any] = {
        "client": client,
        "version": "12.4",
        "on": ON,
        "template": services.shipped_template(),
        "calendar": PUBLIC,
        "ticket": TicketKey("CS-1003"),
        "at": AT,
        "actor": BOB,
    }
    return services.prepare(session, **{**facts, **changes})


def check(session: Session, run: Run, on: date, **answers: Any) -> dict[str, str]:
    """Run the checks with these answers; the states of the steps that check themselves."""
    checks = checks_of(
        session,
        licenses=Register(answers.get("fact", a_fact())),
        safe=answers.get("safe", OpenSafe({("DELEZE", "prod"): ["erp-db"]})),
    )
    session.flush()
    findings = checklists.ask_checks(run, checks=checks, on=on)
    checklists.enter_findings(session, run=run, findings=findings, on=on, at=AT, actor=BOB)
    return {step.key: step.state for step in run.steps if step.asked.checks}


def test_a_run_knows_client_version_and_day(session: Session, client: Client) -> None:
    run = prepare(session, client)
    assert (run.name, run.subject, run.client) == ("P1", "DELEZE", "DELEZE")
    assert run.facts == {"version": "12.4", "from_version": "11.9"}
    assert (run.anchor_on, run.canton, run.prepared_by) == (ON, "VS", "e-bob")
    assert len(run.steps) == 19


def test_steps_are_dated_back_in_the_clients_working_days(session: Session, client: Client) -> None:
    due = {step.key: step.due_on for step in prepare(session, client).steps}
    assert due["backup"] == date(2027, 1, 19)
    assert due["closing"] == date(2027, 1, 21)
    assert due["open-file"] == date(2026, 12, 21)  # Christmas and New Year's Day lie between


def test_a_canton_moves_the_dates(session: Session, client: Client) -> None:
    after_joseph = date(2027, 3, 22)  # the Monday after Saint Joseph, a Friday
    in_valais = prepare(session, client, on=after_joseph)
    client.canton = "NE"
    in_neuchatel = prepare(session, client, on=after_joseph, version="12.3")
    assert _due(in_valais, "backup") == date(2027, 3, 18)
    assert _due(in_neuchatel, "backup") == date(2027, 3, 19)


def test_the_same_preparation_is_begun_once(session: Session, client: Client) -> None:
    run = prepare(session, client)
    with pytest.raises(ConflictError, match="P1 prepares this already") as caught:
        prepare(session, client)
    assert caught.value.hint == "opskit patch show P1"
    assert prepare(session, client, on=date(2027, 1, 21)).name == "P2"
    assert prepare(session, client, version="12.3").name == "P3"
    run.state = "closed"
    assert prepare(session, client).name == "P4"


@pytest.mark.parametrize("role", ROLES)
def test_who_may_prepare(session: Session, client: Client, role: str) -> None:
    somebody = Identity("e-x", "x", frozenset({role}))
    if role in PREPARERS:
        prepare(session, client, actor=somebody)
        return
    with pytest.raises(DeniedError, match="x lacks the role agent or manager or admin"):
        prepare(session, client, actor=somebody)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_work_on_a_run(session: Session, client: Client, role: str) -> None:
    run, somebody = prepare(session, client), Identity("e-x", "x", frozenset({role}))
    if role in {step.asked.owner for step in run.steps} | {"admin"}:
        assert services.find_to_change(session, "P1", somebody) is run
        return
    with pytest.raises(DeniedError, match="x lacks the role agent or sales or safe-keeper or"):
        services.find_to_change(session, "P1", somebody)


def test_the_beginning_is_in_the_log(session: Session, client: Client) -> None:
    prepare(session, client)
    event = session.scalars(select(Event).where(Event.client == "DELEZE")).one()
    assert (event.action, event.subject) == ("patch.started", "P1")
    assert (event.client, event.ticket) == ("DELEZE", "CS-1003")
    assert verify_chain(session).faults == ()


def test_a_list_without_a_go_prepares_no_patch(session: Session) -> None:
    plain = small_template()
    publish(session, plain, at=AT)
    with pytest.raises(InvalidError, match="small/1 prepares no patch") as caught:
        services.template_for(session, "small")
    assert caught.value.hint.startswith("opskit checklist start small ")
    assert services.template_for(session, None) == services.shipped_template()
    assert services.template_for(session, "patch-preparation/2") == services.shipped_template()


def test_what_speaks_against_a_preparation_is_said(session: Session, client: Client) -> None:
    prepare(session, client)

    def said(on: date, version: str = "12.4") -> list[str]:
        return list(doubts(session, client, version=version, on=on, calendar=PUBLIC))

    assert said(date(2027, 1, 21)) == ["P1 prepares 12.4 for DELEZE too, for 2027-01-20"]
    assert said(date(2027, 1, 23), "12.3") == ["2027-01-23 is no working day: weekend"]
    assert said(date(2027, 1, 21), "12.3") == []


def test_half_a_day_speaks_against_it_too(session: Session, client: Client) -> None:
    day = date(2027, 1, 21)
    calendar = Calendar(halves=frozenset({Closure(day, "town fair", "VS")}))
    found = doubts(session, client, version="12.4", on=day, calendar=calendar)
    assert list(found) == ["2027-01-21 is a half day only"]


def test_find(session: Session, client: Client) -> None:
    run = prepare(session, client)
    for typed in ("P1", "p1", "1", " P1 "):
        assert services.find(session, typed) is run
    with pytest.raises(NotFoundError, match="there is no run P9") as caught:
        services.find(session, "P9")
    assert caught.value.hint == "the last one is P1"
    with pytest.raises(InvalidError, match="'O1' is no number of this kind"):
        services.find(session, "O1")


def test_a_client_stands_for_its_open_run(session: Session, client: Client) -> None:
    with pytest.raises(NotFoundError, match="no preparation is open for DELEZE") as none:
        services.find(session, "deleze")
    assert none.value.hint == "opskit patch list --client DELEZE"
    run = prepare(session, client)
    assert services.find(session, "deleze") is run
    prepare(session, client, on=date(2027, 1, 21))
    with pytest.raises(ConflictError, match="DELEZE has several preparations: P1, P2"):
        services.find(session, "DELEZE")
    with pytest.raises(NotFoundError, match="there is no client DELEZZ"):
        services.find(session, "DELEZZ")


def test_red_turns_green_when_the_licence_comes(session: Session, client: Client) -> None:
    run, today = prepare(session, client), date(2026, 12, 1)
    nothing = a_fact(covered=False, reason="no production licence", modules=frozenset())
    states = check(session, run, today, fact=nothing)
    assert (states["license-version"], states["license-modules"]) == ("failed", "failed")
    assert states["contract-active"] == "done"
    states = check(session, run, today)
    assert (states["license-version"], states["license-modules"]) == ("done", "done")


def test_green_turns_red_when_the_contract_lapses(session: Session, client: Client) -> None:
    run = prepare(session, client)
    assert check(session, run, date(2026, 12, 1))["contract-active"] == "done"
    client.maintenance_until = date(2026, 12, 31)
    assert check(session, run, date(2026, 12, 2))["contract-active"] == "failed"
    proof = next(step.proof for step in run.steps if step.key == "contract-active")
    assert proof == "maintenance ends on 2026-12-31, before the patch on 2027-01-20"


def test_an_entry_that_is_gone_turns_its_step_red(session: Session, client: Client) -> None:
    run, today = prepare(session, client), date(2026, 12, 1)
    assert check(session, run, today)["credentials"] == "done"
    assert check(session, run, today, safe=OpenSafe({}))["credentials"] == "failed"


def test_a_past_day_is_refused(session: Session, client: Client) -> None:
    with pytest.raises(InvalidError, match="2020-01-22 is past"):
        prepare(session, client, on=date(2020, 1, 22))
    assert prepare(session, client, on=AT.date()).name == "P1"


@pytest.mark.parametrize("version", ["11.9", "11.8", "9.10"])
def test_a_version_that_the_client_has_already(
    session: Session, client: Client, version: str
) -> None:
    client.erp_version = "11.9"
    with pytest.raises(InvalidError, match=r"DELEZE runs 11\.9 already"):
        prepare(session, client, version=version)
    assert prepare(session, client, version="12.0").name == "P1"


def test_a_client_without_canton_has_the_national_holidays(
    session: Session, client: Client
) -> None:
    client.canton = None
    run = prepare(session, client, on=date(2027, 3, 22))
    assert _due(run, "backup") == date(2027, 3, 19)  # Saint Joseph is no day off everywhere


def test_after_the_patch_the_directory_has_the_new_version(
    session: Session, client: Client
) -> None:
    run = prepare(session, client)
    for _ in range(2):
        services.enter_version(session, run, at=AT, actor=BOB)
    assert client.erp_version == "12.4"
    event = session.scalars(select(Event).where(Event.action == "client.changed")).one()
    assert (event.before, event.after) == ({"erp_version": "11.9"}, {"erp_version": "12.4"})


def test_a_client_that_is_further_by_now_does_not_go_back(session: Session, client: Client) -> None:
    run = prepare(session, client)
    client.erp_version = "12.10"
    session.flush()
    services.enter_version(session, run, at=AT, actor=BOB)
    assert client.erp_version == "12.10"


def test_what_conditions_may_ask_of_the_client(session: Session, client: Client) -> None:
    about = prepare(session, client).about["client"]
    assert about.keys() == services.CLIENT_FACTS
    assert (about["canton"], about["modules"]) == ("VS", ["FIN", "AP"])
    assert {"contact", "email", "name"}.isdisjoint(about)


def _due(run: Run, key: str) -> date:
    return next(step.due_on for step in run.steps if step.key == key)
