"""What is away in the middle of a go: the decision is not recorded, and the message says so."""

from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
import typer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.checks import Verdict
from opskit.checklists.models import Decision
from opskit.checklists.step_cli import Samples, add_step_commands
from opskit.checklists.templates import load_template
from opskit.core.cliapp import group, run
from opskit.core.completion import choices
from opskit.core.context import AppContext
from opskit.core.db import snapshot, transaction
from opskit.core.errors import UnavailableError
from tests.checklists.samples import ALICE, AT, BOB, SMALL, all_green, start_small
from tests.checklists.sitting import Plugged, find, sitting

GATED = load_template(
    SMALL.replace("needs: [license, note]\n    evidence: value", "evidence: none").replace(
        "    approval: other-person\n", "    gate: go\n"
    ),
    "small.yaml",
)


@pytest.fixture
def number(own_engine: Engine) -> str:
    """A list of alice's in which only the second look and the go are left."""
    with transaction(own_engine) as session:
        begun = start_small(session, template=GATED)
        number = str(begun.number)
    assert go(sitting(own_engine, Plugged(all_green()), ALICE), "check", number) == 0
    with transaction(own_engine) as session:
        for key in ("note", "backup"):
            services.waive(
                session,
                run=find(session, number, BOB),
                key=key,
                reason="rehearsal",
                at=AT,
                actor=BOB,
            )
    return number


def commands() -> typer.Typer:
    app = group("lists")
    add_step_commands(
        app,
        group="patch",
        samples=Samples(run="P1", tick="1", waive="1", skip="1", reopen="1"),
        find=find,
        complete=choices(()),
    )
    return app


def go(here: AppContext, *words: str) -> int:
    return run(commands(), list(words), obj=here)


def decided(engine: Engine) -> list[str]:
    with snapshot(engine) as session:
        return [each.decision for each in session.query(Decision).order_by(Decision.id)]


def decide(here: AppContext, number: str) -> int:
    return go(here, "go", number, "--reason", "all is ready")


def test_with_all_registers_at_hand_it_goes(own_engine: Engine, number: str) -> None:
    assert decide(sitting(own_engine, Plugged(all_green()), BOB), number) == 0
    assert decided(own_engine) == ["go"]


def test_a_fact_that_lapsed_since_stops_it(
    own_engine: Engine, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    registers = all_green()
    registers.answer("license.valid", Verdict.FAILED)
    assert decide(sitting(own_engine, Plugged(registers), BOB), number) == 8
    said = capsys.readouterr().err
    assert said.endswith(
        f"error[steps-open]: P{number}: still open (2): 1 license, 4 rerun\n"
        f"hint: opskit patch show P{number}\n"
    )
    assert decided(own_engine) == []
    with snapshot(own_engine) as session:  # it was entered all the same
        assert find(session, number, BOB).steps[0].state == "failed"


def test_the_safe_is_away(
    own_engine: Engine, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    registers = all_green()
    registers.findings["safe.ready"] = UnavailableError(
        "the safe is sealed", hint="vault operator unseal"
    )
    assert decide(sitting(own_engine, Plugged(registers), BOB), number) == 7
    assert capsys.readouterr().err.endswith(
        f"error[unavailable]: P{number}: the decision was not recorded: the safe is sealed\n"
        "hint: vault operator unseal\n"
    )
    assert decided(own_engine) == []


def test_a_check_that_breaks_is_red_and_the_rest_go_on(
    own_engine: Engine, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    registers = all_green()
    registers.findings["safe.ready"] = RuntimeError("secret words")
    assert go(sitting(own_engine, Plugged(registers)), "check", number) == 8
    told = capsys.readouterr()
    assert "rerun\tfailed\tthe check broke: RuntimeError\n" in told.out
    assert "license\tok\t" in told.out
    assert "secret words" not in told.out + told.err
    assert decide(sitting(own_engine, Plugged(registers), BOB), number) == 8
    assert decided(own_engine) == []


class Flaky:
    """A database that goes away after so many transactions."""

    def __init__(self, here: AppContext, lasts: int) -> None:
        self._here, self._left = here, lasts

    def __call__(self) -> AbstractContextManager[Session]:
        self._left -= 1
        if self._left < 0:
            raise UnavailableError("the database does not answer", hint="opskit doctor")
        return self._here.transaction()


@pytest.mark.parametrize("lasts", [0, 1])
def test_the_database_goes_away_in_the_middle(
    own_engine: Engine, number: str, lasts: int, capsys: pytest.CaptureFixture[str]
) -> None:
    here = sitting(own_engine, Plugged(all_green()), BOB)
    away = replace(here, transaction=Flaky(here, lasts))
    assert decide(away, number) == 7
    assert "error[unavailable]: the database does not answer" in capsys.readouterr().err
    assert decided(own_engine) == []
    assert decide(here, number) == 0  # nothing stands in the way of the next try
    assert decided(own_engine) == ["go"]


def test_it_is_the_word_of_a_second_person(
    own_engine: Engine, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert decide(sitting(own_engine, Plugged(all_green()), ALICE), number) == 6
    assert "error[second-person]: alice cannot decide this" in capsys.readouterr().err
    assert decided(own_engine) == []
