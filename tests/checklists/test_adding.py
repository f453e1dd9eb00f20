"""A step that one run alone has: it counts, it moves, it outlives a later version."""

import pytest
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.errors import RunClosedError
from opskit.checklists.models import Run, Step
from opskit.checklists.services import ChangeKind
from opskit.checklists.templates import StepTemplate, Words
from opskit.core.business_days import PUBLIC
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.events import verify_chain
from tests.checklists.samples import ALICE, AT, start_small, states, tick
from tests.checklists.test_upgrading import SECOND

OWN = StepTemplate(
    key="own-visit",
    text=Words(fr="Visite", en="Visit"),
    phase="after",
    owner="agent",
    due="+3bd",
    mandatory=False,
)


@pytest.fixture
def run(session: Session) -> Run:
    return start_small(session)


def add(session: Session, run: Run, asked: StepTemplate = OWN) -> Step:
    return services.add_step(session, run=run, asked=asked, calendar=PUBLIC, at=AT, actor=ALICE)


def test_it_stands_last_and_counts(session: Session, run: Run) -> None:
    before = len(run.steps)
    step = add(session, run)
    assert (step.position, step.state, step.asked) == (before + 1, "ready", OWN)
    assert step.due_on == PUBLIC.add(run.anchor_on, 3, run.canton)
    assert [each.key for each in run.steps][-1] == "own-visit"
    (event,) = [each for each in services.history(session, run) if each.action.endswith(".added")]
    assert event.after == {"owner": "agent", "phase": "after", "due_on": step.due_on.isoformat()}
    assert (event.personal or {})["text"] == "Visit"
    assert verify_chain(session).faults == ()


def test_it_is_answered_and_moves_like_any_other(session: Session, run: Run) -> None:
    step = add(session, run)
    to = PUBLIC.add(run.anchor_on, 5, run.canton)
    services.move_run(session, run=run, to=to, calendar=PUBLIC, at=AT, actor=ALICE)
    assert step.due_on == PUBLIC.add(to, 3, run.canton)
    tick(session, run, "own-visit", answer="a good day")
    assert states(run)["own-visit"] == "done"


def test_it_stays_when_the_run_follows_a_later_version(session: Session, run: Run) -> None:
    add(session, run)
    tick(session, run, "own-visit", answer="a good day")
    changes = services.upgrade(
        session, run=run, template=SECOND, calendar=PUBLIC, at=AT, actor=ALICE
    )
    assert "own-visit" not in {each.key for each in changes}
    assert ChangeKind.REMOVED not in {each.kind for each in changes}
    own = run.steps[-1]
    assert (own.key, own.state, own.answer) == ("own-visit", "done", "a good day")
    assert [step.position for step in run.steps] == list(range(1, len(run.steps) + 1))


def test_what_does_not_fit_is_refused(session: Session, run: Run) -> None:
    add(session, run)
    with pytest.raises(ConflictError, match="has the step own-visit already"):
        add(session, run)
    assert services.free_key(session, run, "own-visit") == "own-visit-2"
    elsewhere = StepTemplate(key="own-other", text=OWN.text, phase="aftr", owner="agent", due="0bd")
    with pytest.raises(NotFoundError, match="has no phase 'aftr'") as caught:
        add(session, run, elsewhere)
    assert caught.value.hint == "did you mean after?"
    services.cancel(session, run=run, reason="no", at=AT, actor=ALICE)
    with pytest.raises(RunClosedError):
        add(session, run, StepTemplate(key="x", text=OWN.text, phase="after", owner="a", due="0bd"))
