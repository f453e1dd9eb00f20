"""Publishing templates, starting runs, finding them again."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.errors import TemplateChangedError
from opskit.checklists.models import CLOSED, Definition, PublishedTemplate, Run, Step
from opskit.checklists.templates import load_template
from opskit.core import events
from opskit.core.errors import InvalidError, NotFoundError
from tests.checklists.samples import (
    ALICE,
    AT,
    SMALL,
    small_template,
    start_small,
    states,
)


def test_publishing_twice_changes_nothing(session: Session) -> None:
    first = services.publish(session, small_template(), at=AT)
    assert services.publish(session, small_template(), at=AT) is first
    assert session.scalar(select(func.count()).select_from(PublishedTemplate)) == 1


def test_a_published_version_is_never_edited(session: Session) -> None:
    services.publish(session, small_template(), at=AT)
    edited = load_template(SMALL.replace("Backup", "Copy"), "small.yaml")
    with pytest.raises(TemplateChangedError, match="small version 1") as caught:
        services.publish(session, edited, at=AT)
    assert "version 2" in caught.value.hint
    newer = load_template(SMALL.replace("version: 1", "version: 2"), "small.yaml")
    assert services.publish(session, newer, at=AT).version == 2


def test_a_run_copies_its_template(session: Session) -> None:
    start_small(session)
    session.expire_all()
    run = services.find_run(session, kind="patch", number=1)
    assert (run.name, run.subject, run.canton, run.facts) == (
        "P1",
        "DELEZE",
        "BE",
        {"version": "12.4"},
    )
    assert run.template_digest == small_template().digest
    assert run.prepared_by == ALICE.entity_id
    assert run.created_at == AT
    assert run.phases[1].title.fr == "Après"
    assert [step.position for step in run.steps] == [1, 2, 3, 4, 5]
    assert tuple(step.asked for step in run.steps) == small_template().steps


def test_what_is_asked_is_kept_once(session: Session) -> None:
    first, second = start_small(session), start_small(session)
    assert [step.digest for step in first.steps] == [step.digest for step in second.steps]
    assert session.scalar(select(func.count()).select_from(Definition)) == 5


def test_dates_count_from_the_anchor_in_the_canton(session: Session) -> None:
    run = start_small(session, anchor_on=date(2027, 3, 2), canton="NE")
    assert [step.due_on.isoformat() for step in run.steps] == [
        "2027-02-15",  # 1 March is a day off in Neuchâtel
        "2027-02-15",
        "2027-02-26",
        "2027-02-26",
        "2027-03-02",
    ]


def test_steps_that_need_nothing_are_ready_at_once(session: Session) -> None:
    assert states(start_small(session)) == {
        "license": "ready",
        "note": "ready",
        "backup": "blocked",
        "rerun": "blocked",
        "go": "blocked",
    }


def test_starting_is_logged_with_the_digest(session: Session) -> None:
    run = start_small(session, ticket="CS-1")
    event = session.scalars(events.listing(client="DELEZE")).one()
    assert (event.action, event.subject, event.ticket) == ("patch.started", run.name, "CS-1")
    assert event.after == {
        "template": "small/1",
        "digest": small_template().digest,
        "anchor_on": "2027-01-20",
    }


def test_a_path_belongs_to_another_person_than_who_starts_it(session: Session) -> None:
    run = start_small(
        session, kind="onboarding", letter="O", subject="cperret", client=None, prepared_by="e-c"
    )
    assert (run.prepared_by, run.client, run.name) == ("e-c", None, "O1")


def test_an_unknown_canton_starts_nothing(session: Session) -> None:
    with pytest.raises(InvalidError, match="'XX' is no Swiss canton"):
        start_small(session, canton="XX")
    assert session.scalar(select(func.count()).select_from(Run)) == 0
    assert session.scalar(select(func.count()).select_from(Step)) == 0


def test_numbers_run_by_letter(session: Session) -> None:
    assert [start_small(session).number for _ in range(2)] == [1, 2]
    assert start_small(session, kind="onboarding", letter="O").name == "O1"


def test_a_missing_run_names_the_last_one(session: Session) -> None:
    with pytest.raises(NotFoundError, match="no run 7") as caught:
        services.find_run(session, kind="patch", number=7)
    assert caught.value.hint == "none has been started yet"
    start_small(session)
    with pytest.raises(NotFoundError) as caught:
        services.find_run(session, kind="patch", number=7)
    assert caught.value.hint == "the last one is P1"


def test_runs_are_listed_by_kind_state_and_client(session: Session) -> None:
    first, second = start_small(session), start_small(session, client="BETSCH", subject="BETSCH")
    start_small(session, kind="onboarding", letter="O")
    second.state = CLOSED
    assert services.list_runs(session, kind="patch") == [first, second]
    assert services.list_runs(session, kind="patch", state="closed") == [second]
    assert services.list_runs(session, kind="patch", client="DELEZE") == [first]


@pytest.mark.parametrize("typed", ["backup", " Backup", "3"])
def test_a_step_is_found_by_key_or_position(session: Session, typed: str) -> None:
    assert services.find_step(start_small(session), typed).key == "backup"


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("bakup", "did you mean backup?"), ("99", "its steps are numbered 1 to 5")],
)
def test_an_unknown_step_is_answered_with_the_nearest(
    session: Session, typed: str, hint: str
) -> None:
    with pytest.raises(NotFoundError, match=f"P1 has no step '{typed}'") as caught:
        services.find_step(start_small(session), typed)
    assert caught.value.hint == hint


def test_a_run_of_another_kind_is_found_there(session: Session) -> None:
    start_small(session)
    assert services.read_number(session, "k3", letter="K") == 3
    with pytest.raises(InvalidError) as caught:
        services.read_number(session, "p1", letter="K")
    assert (caught.value.message, caught.value.hint) == (
        "'p1' is no number of this kind", "opskit patch show P1",
    )  # fmt: skip
    for text in ("p2", "p99999999999999999999", "office", ""):
        with pytest.raises(InvalidError) as caught:
            services.read_number(session, text, letter="K")
        assert caught.value.hint == "it looks like K12"
