"""A run that goes on with another template: the same questions keep their answers."""

import msgspec
import pytest
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.errors import RunClosedError
from opskit.checklists.models import Run
from opskit.checklists.services import Change, ChangeKind
from opskit.checklists.templates import Template, Words
from opskit.core.business_days import PUBLIC
from opskit.core.errors import ConflictError
from opskit.core.events import verify_chain
from tests.checklists.samples import ALICE, AT, small_template, start_small, states, tick

SMALL = small_template()


def other(**changes: object) -> Template:
    """The small list under another name: the note waits for the backup, and is due later."""
    steps = [
        msgspec.structs.replace(step, due="-2bd", **changes) if step.key == "note" else step
        for step in SMALL.steps
    ]
    return msgspec.structs.replace(SMALL, id="other", steps=tuple(steps))


@pytest.fixture
def run(session: Session) -> Run:
    made = start_small(session)
    tick(session, made, "note", answer="a special interface")
    return made


def switch(session: Session, run: Run, template: Template) -> list[Change]:
    return services.switch(session, run=run, template=template, calendar=PUBLIC, at=AT, actor=ALICE)


def test_another_place_is_the_same_question(session: Session, run: Run) -> None:
    plan = services.plan_switch(run, other())
    assert {each.kind for each in plan} == {ChangeKind.KEPT}
    assert switch(session, run, other()) == plan
    note = next(step for step in run.steps if step.key == "note")
    assert (run.template.id, note.state, note.answer) == ("other", "done", "a special interface")
    assert note.asked.due == "-2bd"
    assert services.history(session, run)[-1].action == f"{run.kind}.switched"
    assert verify_chain(session).faults == ()


def test_another_text_is_another_question(session: Session, run: Run) -> None:
    changed = other(text=Words(fr="Autre", en="Another"))
    changes = {each.key: each.kind for each in switch(session, run, changed)}
    assert changes["note"] is ChangeKind.REOPENED
    assert states(run)["note"] == "ready"


def test_there_and_back_again_keeps_what_both_ask(session: Session, run: Run) -> None:
    switch(session, run, other())
    switch(session, run, SMALL)
    assert (run.template.id, states(run)["note"]) == ("small", "done")


def test_the_same_list_and_a_closed_one_are_refused(session: Session, run: Run) -> None:
    with pytest.raises(ConflictError, match="follows small/1 already"):
        services.plan_switch(run, SMALL)
    services.cancel(session, run=run, reason="no", at=AT, actor=ALICE)
    with pytest.raises(RunClosedError):
        switch(session, run, other())
