"""Registers are asked outside the transaction; what could not be asked decides nothing."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.asking_cli import ask_and_enter
from opskit.checklists.checks import Check, Verdict
from opskit.checklists.models import Decision, Run
from opskit.checklists.templates import load_template
from opskit.core.business_days import PUBLIC
from opskit.core.db import snapshot, transaction
from opskit.core.errors import CheckFailedError, ConflictError, UnavailableError
from tests.checklists.samples import (
    ALICE,
    AT,
    BOB,
    SMALL,
    all_green,
    start_small,
    states,
    tick,
)
from tests.checklists.sitting import Plugged, find, sitting


class Busy(Plugged):
    """Registers in front of which somebody else works on the run."""

    def __init__(self, engine: Engine, number: str, work: Callable[[Session, Run], object]) -> None:
        super().__init__(all_green())
        self._engine, self._number, self._work = engine, number, work

    def checks(self) -> Mapping[str, Check]:
        with transaction(self._engine) as session:
            self._work(session, find(session, self._number, ALICE))
        return super().checks()


@pytest.fixture
def number(own_engine: Engine) -> str:
    with transaction(own_engine) as session:
        return str(start_small(session).number)


def decisions(engine: Engine) -> int:
    with snapshot(engine) as session:
        return session.query(Decision).count()


def test_what_was_found_is_entered(own_engine: Engine, number: str) -> None:
    registers = all_green()
    run, results = ask_and_enter(sitting(own_engine, Plugged(registers)), find, number)
    assert [(each.key, each.verdict, each.changed) for each in results] == [
        ("license", Verdict.OK, True)
    ]
    assert states(run)["license"] == "done"
    registers.answer("license.valid", Verdict.FAILED, date(2027, 1, 1))
    run, _results = ask_and_enter(sitting(own_engine, Plugged(registers)), find, number)
    assert states(run)["license"] == "failed"


def test_others_may_write_while_a_register_is_asked(own_engine: Engine, number: str) -> None:
    """With the transaction open, SQLite would let nobody else write."""
    busy = Busy(own_engine, number, lambda session, run: tick(session, run, "note"))
    run, _results = ask_and_enter(sitting(own_engine, busy), find, number)
    assert (states(run)["note"], states(run)["license"]) == ("done", "done")


def test_what_was_asked_of_another_day_is_not_entered(own_engine: Engine, number: str) -> None:
    def move(session: Session, run: Run) -> None:
        words = {"to": date(2027, 2, 3), "calendar": PUBLIC, "at": AT, "actor": BOB}
        services.move_run(session, run=run, **words)  # type: ignore[arg-type]

    with pytest.raises(ConflictError, match=f"P{number} was moved to 2027-02-03 while"):
        ask_and_enter(sitting(own_engine, Busy(own_engine, number, move)), find, number)
    with snapshot(own_engine) as session:
        assert states(find(session, number, BOB))["license"] == "ready"


def test_a_register_that_is_away_decides_nothing(own_engine: Engine, number: str) -> None:
    registers = all_green()
    registers.findings["safe.ready"] = UnavailableError(
        "the safe is sealed", hint="vault operator unseal"
    )
    with pytest.raises(UnavailableError) as caught:
        ask_and_enter(sitting(own_engine, Plugged(registers), BOB), find, number, to_decide=True)
    assert caught.value.message == f"P{number}: the decision was not recorded: the safe is sealed"
    assert caught.value.hint == "vault operator unseal"
    with snapshot(own_engine) as session:
        assert states(find(session, number, BOB))["license"] == "ready"  # nothing was entered
    run, results = ask_and_enter(sitting(own_engine, Plugged(registers)), find, number)
    assert [each.key for each in results] == ["license"]  # the other one waits for the backup
    assert states(run)["license"] == "done"


def test_a_red_step_is_entered_before_the_decision_fails(own_engine: Engine, number: str) -> None:
    registers = all_green()
    ask_and_enter(sitting(own_engine, Plugged(registers)), find, number)
    registers.answer("license.valid", Verdict.FAILED)
    here = sitting(own_engine, Plugged(registers), BOB)
    ask_and_enter(here, find, number, to_decide=True)
    with pytest.raises(CheckFailedError), transaction(own_engine) as session:
        services.go(
            session, run=gated(session, number), reason="yes", on=AT.date(), at=AT, actor=BOB
        )
    assert decisions(own_engine) == 0
    with snapshot(own_engine) as session:
        assert states(find(session, number, BOB))["license"] == "failed"


def gated(session: Session, number: str) -> Run:
    """The small list, whose last step becomes the decision by a later version."""
    text = SMALL.replace("version: 1", "version: 2").replace(
        "    approval: other-person\n", "    gate: go\n"
    )
    run = find(session, number, BOB)
    services.upgrade(
        session,
        run=run,
        template=load_template(text, "small.yaml"),
        calendar=PUBLIC,
        at=AT,
        actor=ALICE,
    )
    return run
