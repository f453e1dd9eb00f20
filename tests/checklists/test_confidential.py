"""A confidential list: who reads it, in every place that shows lists."""

import pytest
from sqlalchemy.orm import Session

from opskit.checklists import projects, services
from opskit.checklists.agenda import agenda
from opskit.checklists.confidential import kept_from
from opskit.checklists.exporting import step_table
from opskit.checklists.models import Run
from opskit.checklists.todo import ChecklistTodo
from opskit.core.errors import DeniedError
from opskit.core.identity import NOBODY, ROLES, Identity
from opskit.core.todo import CONFIDENTIAL
from tests.checklists.samples import AT, ON, start_small

OVERSEERS = {"manager", "admin", "auditor"}


def who(login: str, *roles: str) -> Identity:
    return Identity(f"e-{login}", login, frozenset(roles))


def begin(session: Session, subject: str, *, is_confidential: bool) -> Run:
    return start_small(
        session,
        kind=projects.KIND,
        letter=projects.LETTER,
        subject=subject,
        client=None,
        is_confidential=is_confidential,
    )


@pytest.fixture
def run(session: Session) -> Run:
    """K2, beside K1, which everybody reads."""
    begin(session, "A move", is_confidential=False)
    return begin(session, "Zoé Kern", is_confidential=True)


def names_shown(session: Session, reader: Identity) -> list[set[str]]:
    """As a table, and as a calendar."""
    without = kept_from(session, lambda: reader)
    table = step_table(session, kind=projects.KIND, on=ON, without=without)
    events = agenda(session, kind=projects.KIND, at=AT, without=without)
    return [
        {str(row["number"]) for row in table.rows},
        {name for name in ("K1", "K2") if any(name in each.title for each in events)},
    ]


def test_who_oversees_the_team_reads_it(session: Session, run: Run) -> None:
    for role in ROLES:
        shown = {"K1", "K2"} if role in OVERSEERS else {"K1"}
        assert names_shown(session, who("x", role)) == [shown, shown]


def test_nobody_in_particular_reads_what_everybody_may(session: Session, run: Run) -> None:
    assert kept_from(session, lambda: NOBODY) == {run.id: "K2"}


def test_a_step_that_was_given_opens_it(session: Session, run: Run) -> None:
    reader = who("zoe", "agent")
    with pytest.raises(DeniedError, match="K2 is not for everybody to read") as caught:
        projects.find(session, "k2", lambda: reader)
    assert caught.value.hint == (
        "a manager can give you a step of it: opskit checklist assign K2 STEP zoe"
    )
    with pytest.raises(DeniedError):
        projects.find_to_change(session, "K2", reader)
    services.find_step(run, "note").assignee = "zoe"
    session.flush()
    assert projects.find(session, "K2", lambda: reader) is run
    assert projects.find_to_change(session, "K2", reader) is run
    assert names_shown(session, reader)[0] == {"K1", "K2"}
    assert kept_from(session, lambda: who("ann", "agent")) == {run.id: "K2"}


def test_so_does_looking_after_it(session: Session, run: Run) -> None:
    run.assignee = "zoe"
    session.flush()
    assert kept_from(session, lambda: who("zoe")) == {}


def test_nobody_is_asked_who_they_are_for_what_everybody_reads(session: Session) -> None:
    """As where the safe is away."""

    def asked() -> Identity:
        raise AssertionError

    one = begin(session, "A move", is_confidential=False)
    assert kept_from(session, asked) == {}
    begin(session, "Zoé Kern", is_confidential=True)
    assert projects.find(session, one.name, asked) is one


def test_its_steps_are_for_few_on_the_to_do_list(session: Session, run: Run) -> None:
    items = ChecklistTodo().items(session, today=ON)
    assert {(item.subject, item.readers) for item in items} == {
        ("K1", None),
        (run.name, CONFIDENTIAL),
    }
