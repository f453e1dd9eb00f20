"""Runs that begin: conditions, many at once."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.models import Definition, Run
from opskit.checklists.templates import load_template
from opskit.core.business_days import PUBLIC
from opskit.core.events import Event, verify_chain
from tests.checklists.samples import (
    ALICE,
    ANCHOR,
    AT,
    SMALL,
    small_template,
    start_small,
    states,
    tick,
)

CONDITIONAL = SMALL.replace(
    "    mandatory: false\n", '    when: client.canton == "BE"\n    evidence: text\n'
).replace("    needs: [license, note]\n", '    when: answers.note != "none"\n')


def begin(session: Session, canton: str) -> Run:
    template = load_template(CONDITIONAL, "conditional.yaml")
    return start_small(session, template=template, about={"client": {"canton": canton}})


def test_a_step_that_does_not_concern_the_client_is_left_out_from_the_start(
    session: Session,
) -> None:
    assert states(begin(session, "BE"))["note"] == "ready"
    run = begin(session, "JU")
    assert states(run)["note"] == "not-applicable"
    assert run.steps[1].proof == 'only when client.canton == "BE"'


def test_a_condition_on_an_answer_waits_for_it(session: Session) -> None:
    run = begin(session, "BE")
    assert states(run)["backup"] == "blocked"
    tick(session, run, "note", answer="none")
    assert states(run)["backup"] == "not-applicable"
    services.reopen(session, run=run, key="note", reason="mistaken", at=AT, actor=ALICE)
    assert states(run)["backup"] == "blocked"
    tick(session, run, "note", answer="two interfaces")
    assert states(run)["backup"] == "ready"


def test_many_begin_like_one(session: Session) -> None:
    one = start_small(session)
    beginnings = [
        services.Beginning(
            subject=f"CLIENT{i}",
            client=f"CLIENT{i}",
            anchor_on=ANCHOR + timedelta(days=i),
            canton="BE",
        )
        for i in range(30)
    ]
    ids = services.start_many(
        session,
        beginnings,
        kind="patch",
        letter="P",
        template=small_template(),
        calendar=PUBLIC,
        at=AT,
        actor=ALICE,
        ticket="CS-7",
    )
    runs = [session.get_one(Run, each) for each in ids]
    assert [(run.name, run.subject) for run in runs] == [
        (f"P{i + 2}", f"CLIENT{i}") for i in range(30)
    ]
    assert states(runs[0]) == states(one)
    assert [step.due_on for step in runs[0].steps] == [step.due_on for step in one.steps]
    assert session.scalar(select(func.count()).select_from(Definition)) == 5


def test_every_run_of_many_has_its_event(session: Session) -> None:
    start_small(session, ticket="CS-7")
    event = session.scalars(select(Event).where(Event.action == "patch.started")).one()
    assert (event.subject, event.client, event.ticket) == ("P1", "DELEZE", "CS-7")
    assert event.personal == {"actor": "alice", "subject": "DELEZE"}
    assert verify_chain(session).faults == ()


def test_none_is_none(session: Session) -> None:
    assert not services.start_many(
        session,
        [],
        kind="patch",
        letter="P",
        template=small_template(),
        calendar=PUBLIC,
        at=AT,
        actor=ALICE,
    )


def test_an_overview_counts_in_the_database(session: Session) -> None:
    first, second = start_small(session), start_small(session, anchor_on=ANCHOR)
    tick(session, first, "note")
    services.cancel(session, run=first, reason="twice", at=AT, actor=ALICE)
    lines = services.overview(session, kind="patch", on=ANCHOR)
    assert [(each.name, each.state) for each in lines] == [("P2", "open"), ("P1", "cancelled")]
    assert (lines[1].progress.done, lines[1].progress.total, lines[1].progress.late) == (1, 5, 0)
    assert lines[0].progress.late == 4
    assert second.anchor_on == lines[0].anchor_on
    assert services.overview(session, kind="patch", on=ANCHOR, state="open") == [lines[0]]
