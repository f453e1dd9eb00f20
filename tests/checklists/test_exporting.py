"""Runs as a table: every step a row, in the order of runs and steps."""

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path

from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.exporting import step_table
from opskit.core.table_files import TableFormat, table_bytes
from tests.checklists.samples import ALICE, ANCHOR, AT, ON, start_small, tick
from tests.checklists.told_runs import NAMES, rich_run

FRIDAY = date(2027, 1, 8)


def test_a_step_has_everything_that_is_known_of_it(session: Session, tmp_path: Path) -> None:
    run = rich_run(session, tmp_path)
    table = step_table(session, kind="patch", on=FRIDAY, run=run, names=NAMES)
    assert len(table.rows) == 9
    row = dict(table.rows[6])
    assert len(row.pop("evidence")) == 64
    assert row == {
        "number": "P1",
        "subject": "DELEZE",
        "client": "DELEZE",
        "version": "12.4",
        "anchor_on": ANCHOR,
        "run_state": "open",
        "run_assignee": "bob",
        "template": "rich/3",
        "position": 7,
        "step": "backup",
        "phase": "before",
        "text": "Backup confirmed",
        "state": "done",
        "due_on": date(2027, 1, 18),
        "pinned": False,
        "late": False,
        "owner": "agent",
        "assignee": None,
        "waiting_for": None,
        "waiting_since": None,
        "nudge_on": None,
        "answer": "backup.log",
        "answered_by": "Alice Martin",
        "answered_at": AT,
        "ticket": "CS-7",
        "waived_until": None,
        "verdict": None,
        "proof": None,
        "checked_at": None,
        "fresh_until": None,
    }
    assert [each["late"] for each in table.rows] == [False, True, True, *[False] * 6]


def test_all_runs_and_no_dropped_step(session: Session) -> None:
    first, second = start_small(session), start_small(session)
    start_small(session, kind="checklist", letter="K")
    services.cancel(session, run=second, reason="the client left", at=AT, actor=ALICE)
    second.steps[0].dropped_at = AT
    session.flush()
    rows = step_table(session, kind="patch", on=date(2028, 1, 1)).rows
    assert [(row["number"], row["position"]) for row in rows] == [
        *((first.name, position) for position in range(1, 6)),
        *((second.name, position) for position in range(2, 6)),
    ]
    assert [row["late"] for row in rows] == [*[True] * 5, *[False] * 4]


def test_facts_have_columns_of_their_own_and_hide_none(session: Session) -> None:
    start_small(session, facts={"from_version": "11.9", "state": "x"})
    start_small(session, facts={"path": "logistics"})
    table = step_table(session, kind="patch", on=ON)
    keys = list(table.columns)
    assert keys[:7] == [
        *("number", "subject", "client", "from_version", "path", "anchor_on", "run_state")
    ]
    assert [table.rows[at][key] for at in (0, 5) for key in ("from_version", "path")] == [
        *("11.9", None, None, "logistics")
    ]
    assert table.rows[0]["state"] == "ready"


def test_every_column_is_filled_in_every_form(session: Session, tmp_path: Path) -> None:
    run = rich_run(session, tmp_path)
    table = step_table(session, kind="patch", on=FRIDAY, run=run, names=NAMES)
    assert all(set(row) == set(table.columns) for row in table.rows)
    rows = json.loads(table_bytes(TableFormat.JSON, table.rows, table.columns))
    assert [row["step"] for row in rows] == [step.key for step in run.steps]
    text = table_bytes(TableFormat.CSV, table.rows, table.columns).decode("utf-8-sig")
    lines = list(csv.reader(StringIO(text)))
    assert lines[0] == list(table.columns.values())
    assert len(set(lines[0])) == len(lines[0])
    assert table_bytes(TableFormat.XLSX, table.rows, table.columns).startswith(b"PK")


def test_nothing_yet_is_a_table_without_rows(session: Session) -> None:
    table = step_table(session, kind="patch", on=ON)
    assert table.rows == []
    assert "step" in table.columns


def test_an_answer_that_looks_like_a_formula_is_none(session: Session) -> None:
    run = start_small(session)
    tick(session, run, "note", answer="=1+1")
    table = step_table(session, kind="patch", on=ON)
    assert b"'=1+1" in table_bytes(TableFormat.CSV, table.rows, table.columns)
