"""Another pole, another site, other modules, midway: answers to the same questions stay."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from onboarding import services
from onboarding.paths import Wish, choose_path
from onboarding.services import Switch, Walk
from opskit.checklists import services as checklists
from opskit.checklists.errors import ReasonMissingError
from opskit.checklists.services import ChangeKind
from opskit.core.business_days import PUBLIC
from opskit.core.errors import ConflictError
from opskit.core.events import verify_chain
from tests.onboarding.walking import AT, BOSS, SIGNED, answer, begin, last_event, settle

LOGISTICS = Wish(pole="logistics", site="sonceboz")


@pytest.fixture
def walk(session: Session) -> Walk:
    return begin(session)


def switch(session: Session, walk: Walk, wish: Wish, reason: str = "needed there") -> Switch:
    words: dict[str, Any] = {"reason": reason, "canton": "BE", "calendar": PUBLIC, **SIGNED}
    return services.switch_path(session, walk=walk, path=choose_path(session, wish), **words)


def test_what_both_poles_ask_keeps_its_answer(session: Session, walk: Walk) -> None:
    answer(session, walk, "mentor")
    settle(walk, "accounts", "workstation", "erp-navigation", "demo-company", "review-day-90")
    answer(session, walk, "ledger-and-payables")
    plan = services.plan_switch(walk, choose_path(session, LOGISTICS))
    done = switch(session, walk, LOGISTICS)
    assert done.changes == plan
    kinds = {each.key: each.kind for each in done.changes}
    assert kinds["mentor"] is ChangeKind.KEPT
    assert kinds["review-day-90"] is ChangeKind.KEPT  # it waits for another step, and asks the same
    assert kinds["items-and-stock"] is ChangeKind.ADDED
    assert kinds["ledger-and-payables"] is ChangeKind.REMOVED
    states = {step.key: step.state for step in walk.run.steps}
    assert (states["mentor"], states["review-day-90"], states["items-and-stock"]) == (
        "done", "done", "ready",
    )  # fmt: skip
    assert "ledger-and-payables" not in states
    assert len(walk.run.steps) == 35


def test_the_row_the_run_and_the_directory_follow(session: Session, walk: Walk) -> None:
    done = switch(session, walk, Wish(pole="logistics", site="lausanne", modules=("remote",)))
    row = walk.consultant
    assert (row.path, row.pole, row.site, row.modules) == (
        "path-logistics-lausanne-remote", "logistics", "lausanne", ["remote"],
    )  # fmt: skip
    assert (walk.run.facts["path"], walk.run.canton) == (row.path, "VD")
    assert (walk.person.pole, done.is_placed_anew) == ("logistics", True)
    event = last_event(session)
    assert event.action == "staff.changed"
    told = checklists.history(session, walk.run)[-1]
    assert (told.action, told.after) == ("onboarding.path-changed", {"path": row.path})
    assert verify_chain(session).faults == ()


def test_a_colleague_keeps_the_pole(session: Session, walk: Walk) -> None:
    walk.person.role = "agent"
    assert not switch(session, walk, LOGISTICS).is_placed_anew
    assert walk.person.pole == "back-office"


def test_a_switch_taken_back_finds_the_answers_of_before(session: Session, walk: Walk) -> None:
    """Of the steps that both have; one that was dropped begins afresh."""
    settle(walk, "accounts", "workstation", "erp-navigation", "demo-company")
    answer(session, walk, "ledger-and-payables")
    switch(session, walk, LOGISTICS)
    switch(session, walk, Wish(pole="back-office", site="sonceboz"))
    states = {step.key: step.state for step in walk.run.steps}
    assert (states["demo-company"], states["ledger-and-payables"]) == ("done", "ready")


def test_a_step_for_one_person_comes_along(session: Session, walk: Walk) -> None:
    wish = services.OwnStep("German course", walk.consultant.start_on)
    words: dict[str, Any] = {"calendar": PUBLIC, **SIGNED}
    services.add_own_step(session, walk=walk, wish=wish, **words)
    switch(session, walk, LOGISTICS)
    assert walk.run.steps[-1].key == "own-step"
    assert [step.position for step in walk.run.steps] == list(range(1, 37))


def test_the_same_path_and_no_reason_are_refused(session: Session, walk: Walk) -> None:
    with pytest.raises(ConflictError, match="follows path-back-office-sonceboz/2 already"):
        switch(session, walk, Wish(pole="back-office", site="sonceboz"))
    with pytest.raises(ReasonMissingError):
        switch(session, walk, LOGISTICS, reason="")


def test_a_path_of_one_file_goes_on_with_layers(session: Session) -> None:
    """A walk of before there were layers."""
    walk = begin(session, path="back-office")
    settle(walk, "mentor", "workstation", "accounts")
    kinds = {
        each.key: each.kind
        for each in switch(session, walk, Wish(pole="back-office", site="sonceboz")).changes
    }
    assert kinds["badge"] is ChangeKind.ADDED
    assert walk.consultant.site == "sonceboz"


def test_a_path_upgraded_midway(session: Session, walk: Walk) -> None:
    """The team publishes a later version of the composed path; the answers stay."""
    import msgspec

    from opskit.checklists.services.publishing import release

    answer(session, walk, "mentor")
    shipped = choose_path(session, Wish(path=walk.consultant.path)).template
    kept = [each for each in shipped.steps if each.key != "badge"]
    later = msgspec.structs.replace(shipped, version=3, steps=tuple(kept))
    release(session, later, at=AT, actor=BOSS)
    newest = choose_path(session, Wish(path=walk.consultant.path)).template
    changes = checklists.upgrade(
        session, run=walk.run, template=newest, calendar=PUBLIC, at=AT, actor=BOSS
    )
    assert [each.key for each in changes if each.kind is ChangeKind.REMOVED] == ["badge"]
    assert (walk.run.template.version, walk.run.steps[0].state) == (3, "done")
