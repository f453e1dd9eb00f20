"""Runs that follow their template to a later version, each answer with its question."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.errors import RunClosedError, TemplateChangedError
from opskit.checklists.models import Run, Step
from opskit.checklists.services import Awaited, ChangeKind
from opskit.checklists.templates import Template, Words, load_template
from opskit.core.business_days import PUBLIC
from opskit.core.errors import ConflictError
from opskit.core.events import Event, verify_chain
from tests.checklists.samples import (
    ALICE,
    AT,
    BOB,
    ON,
    SMALL,
    all_green,
    check,
    small_template,
    start_small,
    states,
    tick,
)

BACKUP = "en: Backup confirmed}"
NOTE = SMALL[SMALL.index("  - key: note") : SMALL.index("  - key: backup")]
COPY = """\
  - key: copy
    text: {fr: Copie de test, en: Test copy}
    phase: before
    owner: agent
    due: -5bd
"""


def version(number: int, body: str = SMALL) -> Template:
    return load_template(body.replace("version: 1", f"version: {number}"), "small.yaml")


SECOND = version(  # the note stands last, the backup asks another thing, a copy is new
    2,
    SMALL.replace(NOTE, COPY)
    .replace("needs: [license, note]", "needs: [license, copy]")
    .replace(BACKUP, "en: Backup confirmed and read back}")
    + NOTE,
)
THIRD = version(3, SMALL.replace(NOTE, "").replace("[license, note]", "[license]"))


@pytest.fixture
def run(session: Session) -> Run:
    """Everything but the second look and the go is answered."""
    made = start_small(session)
    check(session, made, all_green())
    tick(session, made, "note", answer="nothing")
    tick(session, made, "backup", answer="84 GB")
    return made


def upgrade(session: Session, run: Run, template: Template) -> list[tuple[str, str, int]]:
    changes = services.upgrade(
        session, run=run, template=template, calendar=PUBLIC, at=AT, actor=ALICE
    )
    return told(changes)


def told(changes: list[services.Change]) -> list[tuple[str, str, int]]:
    return [(each.kind.value, each.key, each.position) for each in changes]


def test_the_plan_says_what_becomes_of_each_step(session: Session, run: Run) -> None:
    planned = told(services.plan_upgrade(run, SECOND))
    assert planned == [
        ("kept", "license", 1),
        ("added", "copy", 2),
        ("reopened", "backup", 3),
        ("kept", "rerun", 4),
        ("kept", "go", 5),
        ("kept", "note", 6),
    ]
    assert [step.key for step in run.steps][1] == "note"
    assert run.template.version == 1
    assert upgrade(session, run, SECOND) == planned


def test_an_answer_stays_with_its_question(session: Session, run: Run) -> None:
    upgrade(session, run, SECOND)
    found = [(step.position, step.key, step.state, step.answer) for step in run.steps]
    assert found == [
        (1, "license", "done", None),
        (2, "copy", "ready", None),
        (3, "backup", "blocked", None),
        (4, "rerun", "blocked", None),
        (5, "go", "blocked", None),
        (6, "note", "done", "nothing"),
    ]
    assert run.template.version == 2
    assert {step.key: step.due_on.isoformat() for step in run.steps}["copy"] == "2027-01-13"
    session.expire_all()
    again = services.find_run(session, kind="patch", number=run.number)
    assert [step.key for step in again.steps] == [each[1] for each in found]


def test_what_was_answered_goes_into_the_log(session: Session, run: Run) -> None:
    upgrade(session, run, SECOND)
    upgraded, reopened = (
        session.scalars(select(Event).where(Event.action == f"patch.{action}")).one()
        for action in ("upgraded", "reopened")
    )
    assert upgraded.subject == run.name
    assert upgraded.before is not None
    assert upgraded.before["template"] == "small/1"
    assert upgraded.after is not None
    assert {key: upgraded.after[key] for key in ("template", "added", "reopened")} == {
        "template": "small/2",
        "added": ["copy"],
        "reopened": ["backup"],
    }
    assert (reopened.personal or {})["answer"] == "84 GB"
    assert verify_chain(session).faults == ()


def test_a_step_that_is_no_more_stays_in_the_database(session: Session, run: Run) -> None:
    assert ("removed", "note", 2) in upgrade(session, run, THIRD)
    assert "note" not in states(run)
    kept = session.get_one(Step, (run.id, "note"))
    assert (kept.answer, kept.dropped_at) == ("nothing", AT)
    event = session.scalars(select(Event).where(Event.action == "patch.dropped")).one()
    assert (event.personal or {})["answer"] == "nothing"


def test_a_step_that_comes_back_begins_afresh(session: Session, run: Run) -> None:
    upgrade(session, run, THIRD)
    assert ("added", "note", 2) in upgrade(session, run, version(4))
    (note,) = (step for step in run.steps if step.key == "note")
    assert (note.state, note.answer, note.dropped_at) == ("ready", None, None)


def test_what_is_open_changes_without_a_word(session: Session) -> None:
    run = start_small(session)
    changed = version(2, SMALL.replace(BACKUP, "en: Backup confirmed and read back}"))
    assert ("changed", "backup", 3) in upgrade(session, run, changed)
    assert run.steps[2].asked.text.en == "Backup confirmed and read back"


def test_whom_a_step_waits_for_was_asked_all_the_same(session: Session) -> None:
    run = start_small(session)
    services.wait(
        session,
        run=run,
        key="note",
        awaited=Awaited.CLIENT,
        nudge_on=ON.replace(day=8),
        reason="which one?",
        on=ON,
        at=AT,
        actor=ALICE,
    )
    changed = version(2, SMALL.replace("en: Optional note}", "en: A note}"))
    assert ("changed", "note", 2) in upgrade(session, run, changed)
    assert (run.steps[1].state, run.steps[1].answer) == ("waiting", "which one?")


def test_a_red_finding_is_forgotten_with_its_question(session: Session) -> None:
    run = start_small(session)
    check(session, run, all_green())
    changed = version(2, SMALL.replace("en: The licence is valid}", "en: The licence counts}"))
    upgrade(session, run, changed)
    license_step = run.steps[0]
    assert (license_step.state, license_step.verdict, license_step.proof) == ("ready", None, None)


def test_a_pinned_step_stays_where_it_was_pinned(session: Session, run: Run) -> None:
    day = ON.replace(day=15)
    services.pin(session, run=run, key="go", on=day, calendar=PUBLIC, at=AT, actor=ALICE)
    upgrade(session, run, SECOND)
    assert next(step for step in run.steps if step.key == "go").due_on == day


@pytest.mark.parametrize(
    "template",
    [version(1), load_template(SMALL.replace("id: small", "id: other"), "other.yaml")],
)
def test_a_run_only_goes_forward_along_its_template(
    session: Session, run: Run, template: Template
) -> None:
    upgrade(session, run, SECOND)
    for refused in (template, SECOND):
        with pytest.raises(ConflictError, match="does not come after that"):
            services.plan_upgrade(run, refused)
        with pytest.raises(ConflictError):
            upgrade(session, run, refused)


def test_a_run_that_is_over_stays_as_it_is(session: Session, run: Run) -> None:
    services.cancel(session, run=run, reason="no", at=AT, actor=ALICE)
    with pytest.raises(RunClosedError):
        services.plan_upgrade(run, SECOND)
    with pytest.raises(RunClosedError):
        upgrade(session, run, SECOND)
    services.resume(session, run=run, reason="yes", at=AT, actor=ALICE)
    for key in ("rerun", "go"):
        services.waive(session, run=run, key=key, reason="rehearsal", at=AT, actor=BOB)
    with pytest.raises(RunClosedError):
        upgrade(session, run, SECOND)
    assert run.template.version == 1


def test_a_version_that_was_edited_is_refused(session: Session, run: Run) -> None:
    services.publish(session, SECOND, at=AT, actor=BOB)
    edited = version(2, SMALL.replace(BACKUP, "en: Another backup}"))
    with pytest.raises(TemplateChangedError):
        upgrade(session, run, edited)


def test_the_kinds_are_words_that_scripts_know() -> None:
    assert [kind.value for kind in ChangeKind] == [
        "kept",
        "changed",
        "added",
        "reopened",
        "removed",
    ]


@st.composite
def successors(draw: st.DrawFn) -> Template:
    """A later version: steps left out, asked in other words, in another order, and new ones."""
    kept = [step for step in small_template().steps if draw(st.integers(0, 3))]
    words = [Words(fr="Autre", en="Other"), None]
    steps = [
        msgspec.structs.replace(step, text=words[0], needs=(), check=())
        if draw(st.sampled_from(words))
        else msgspec.structs.replace(step, needs=())
        if draw(st.booleans())
        else step
        for step in kept
    ]
    new = small_template().steps[1]
    steps += [
        msgspec.structs.replace(new, key=key) for key in draw(st.sets(st.sampled_from("xyz")))
    ]
    keys = {step.key for step in steps}
    whole = [step for step in steps if keys.issuperset(step.needs)]
    return msgspec.structs.replace(
        small_template(), version=2, steps=tuple(draw(st.permutations(whole)))
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(template=successors().filter(lambda found: bool(found.steps)))
def test_whatever_changes_the_plan_is_what_happens(session: Session, template: Template) -> None:
    with session.begin_nested() as savepoint:
        run = start_small(session)
        check(session, run, all_green())
        tick(session, run, "note", answer="nothing")
        before = {step.key: (step.state, step.answer) for step in run.steps}
        planned = services.plan_upgrade(run, template)
        assert upgrade(session, run, template) == told(planned)
        assert [step.key for step in run.steps] == [step.key for step in template.steps]
        assert [step.position for step in run.steps] == list(range(1, len(run.steps) + 1))
        kinds = {each.key: each.kind for each in planned}
        for step in run.steps:
            if kinds[step.key] is ChangeKind.KEPT and before[step.key][0] == "done":
                assert (step.state, step.answer) == before[step.key]
            elif kinds[step.key] is not ChangeKind.KEPT:
                assert (step.state in ("ready", "blocked"), step.answer) == (True, None)
        assert {each.key for each in planned if each.kind is ChangeKind.REMOVED} == (
            before.keys() - {step.key for step in template.steps}
        )
        savepoint.rollback()
