"""Checklists by digest: what a step asks is kept once; waiting, pinned and waived steps, evidence
files, comments, decisions. Then what campaigns, calendars and reminders need.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _checklists()
    _calendars()
    _campaigns()
    _reminders()


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `opskit upgrade` made")


def _checklists() -> None:
    _templates()
    steps = _taken_apart()  # before the runs change, which SQLite makes anew for that
    _runs()
    _steps(steps)
    _beside_the_steps()


def _templates() -> None:
    with op.batch_alter_table("checklists_template") as table:
        table.add_column(sa.Column("published_by", sa.String(64), nullable=True))
    op.create_table(
        "checklists_retirement",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("retired_at", MOMENT, nullable=False),
        sa.Column("retired_by", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["checklists_template.digest"],
            name=op.f("fk_checklists_retirement_digest_checklists_template"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_checklists_retirement")),
    )
    op.create_table(
        "checklists_definition",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_checklists_definition")),
    )


def _taken_apart() -> list[dict[str, Any]]:
    """A step is known by its key; what it asks moves to the definitions."""
    connection = op.get_bind()
    old = sa.Table("checklists_step", sa.MetaData(), autoload_with=connection)
    rows = list(_carried(connection, old, _keep_definitions(connection)))
    op.drop_table("checklists_step")
    return rows


def _steps(rows: list[dict[str, Any]]) -> None:
    new = op.create_table(
        "checklists_step",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("assignee", sa.String(64), nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(64), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("ticket", sa.String(20), nullable=True),
        sa.Column("evidence_digest", sa.String(64), nullable=True),
        sa.Column("waived_until", sa.Date(), nullable=True),
        sa.Column("waiting_for", sa.String(10), nullable=True),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("nudge_on", sa.Date(), nullable=True),
        sa.Column("verdict", sa.String(10), nullable=True),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("fresh_until", sa.Date(), nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["checklists_definition.digest"],
            name=op.f("fk_checklists_step_digest_checklists_definition"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["checklists_run.id"], name=op.f("fk_checklists_step_run_id_checklists_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "key", name=op.f("pk_checklists_step")),
    )
    if rows:
        op.get_bind().execute(new.insert(), rows)


def _keep_definitions(connection: sa.Connection) -> dict[tuple[str, str], str]:
    """Every step of every published template; the digest by template and key."""
    bodies = connection.execute(sa.text("SELECT digest, body FROM checklists_template"))
    definitions: dict[str, str] = {}
    digests: dict[tuple[str, str], str] = {}
    for template, body in bodies:
        for step in json.loads(body)["steps"]:
            if step.pop("same_day", False):
                step["recheck"] = "before-go"
            text = json.dumps(step, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            digest = hashlib.sha256(text.encode()).hexdigest()
            definitions[digest], digests[template, step["key"]] = text, digest
    table = sa.table("checklists_definition", sa.column("digest"), sa.column("body"))
    if definitions:
        kept = [{"digest": digest, "body": body} for digest, body in definitions.items()]
        connection.execute(table.insert(), kept)
    return digests


def _carried(
    connection: sa.Connection, old: sa.Table, digests: dict[tuple[str, str], str]
) -> Iterator[dict[str, Any]]:
    same = ("run_id", "key", "position", "state", "due_on", "answer", "answered_by", "answered_at")
    found = ("ticket", "verdict", "proof", "fresh_until", "checked_at")
    pinned = connection.execute(sa.text("SELECT id, template_digest FROM checklists_run"))
    runs = {run: template for run, template in pinned}  # noqa: C416 (a Row is no pair to mypy)
    for row in connection.execute(sa.select(old)).mappings():
        yield {
            **{name: row[name] for name in (*same, *found)},
            "digest": digests[runs[row["run_id"]], row["key"]],
            "is_pinned": False,
            "settled_at": _settled_at(row),
            "failures": 0,
        }


def _settled_at(row: sa.RowMapping) -> Any:  # noqa: ANN401 (a moment, as the dialect has it)
    is_settled = row["state"] in {"done", "not-applicable", "waived"}
    return (row["answered_at"] or row["checked_at"]) if is_settled else None


def _runs() -> None:
    with op.batch_alter_table("checklists_run") as table:
        table.add_column(sa.Column("about", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("assignee", sa.String(64), nullable=True))
        table.add_column(sa.Column("ended_at", MOMENT, nullable=True))
        table.drop_column("title")
        table.drop_column("phases")
        table.create_index("ix_checklists_run_kind_state", ["kind", "state"])
    with op.batch_alter_table("checklists_run") as table:
        table.alter_column("about", server_default=None)


def _beside_the_steps() -> None:
    op.create_table(
        "checklists_file",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_checklists_file")),
    )
    op.create_table(
        "checklists_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(60), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("ticket", sa.String(20), nullable=True),
        sa.Column("written_by", sa.String(64), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        _of_a_run("checklists_comment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists_comment")),
    )
    op.create_index(op.f("ix_checklists_comment_run_id"), "checklists_comment", ["run_id"])
    op.create_table(
        "checklists_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ticket", sa.String(20), nullable=True),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("proofs", sa.JSON(), nullable=False),
        _of_a_run("checklists_decision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists_decision")),
    )
    op.create_index(op.f("ix_checklists_decision_run_id"), "checklists_decision", ["run_id"])


def _of_a_run(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_run_id_checklists_run")
    return sa.ForeignKeyConstraint(["run_id"], ["checklists_run.id"], name=name)


def _calendars() -> None:
    """Closures and half days, freeze periods, absences; a client may have no canton."""
    with op.batch_alter_table("clients_client") as table:
        table.alter_column("canton", existing_type=sa.String(2), nullable=True)
    op.create_table(
        "calendar_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("canton", sa.String(2), nullable=True),
        sa.Column("half", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        *_recorded(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_closure")),
    )
    op.create_index(op.f("ix_calendar_closure_day"), "calendar_closure", ["day"])
    op.create_table(
        "clients_freeze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(16), nullable=True),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("monthly_from", sa.Integer(), nullable=True),
        sa.Column("monthly_until", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        *_recorded(),
        sa.ForeignKeyConstraint(
            ["client"],
            ["clients_client.code"],
            name=op.f("fk_clients_freeze_client_clients_client"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients_freeze")),
    )
    op.create_index(op.f("ix_clients_freeze_client"), "clients_freeze", ["client"])
    op.create_table(
        "staff_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(10), nullable=False),
        *_recorded(),
        sa.ForeignKeyConstraint(
            ["person_id"], ["staff_person.id"], name=op.f("fk_staff_absence_person_id_staff_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_absence")),
    )
    op.create_index(op.f("ix_staff_absence_person_id"), "staff_absence", ["person_id"])
    op.create_index("ix_staff_absence_last_first", "staff_absence", ["last", "first"])


def _recorded() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
    )


def _campaigns() -> None:
    op.create_table(
        "patches_campaign",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("capacity", sa.String(12), nullable=False),
        sa.Column("query", sa.Text(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_patches_campaign")),
    )
    preparations = op.create_table(
        "patches_preparation",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("client", sa.String(16), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("from_version", sa.String(12), nullable=False),
        sa.Column("campaign", sa.Integer(), nullable=True),
        _of_a_run("patches_preparation"),
        sa.ForeignKeyConstraint(
            ["campaign"],
            ["patches_campaign.number"],
            name=op.f("fk_patches_preparation_campaign_patches_campaign"),
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_patches_preparation")),
    )
    for column in ("client", "campaign"):
        index = op.f(f"ix_patches_preparation_{column}")
        op.create_index(index, "patches_preparation", [column])
    _fill(preparations)


def _fill(preparations: sa.Table) -> None:
    """What the runs of before prepare stands in their facts."""
    runs = sa.table(
        "checklists_run",
        *(sa.column("id"), sa.column("kind"), sa.column("client"), sa.column("facts", sa.JSON())),
    )
    found = op.get_bind().execute(sa.select(runs).where(runs.c.kind == "patch"))
    rows = [
        {
            "run_id": run.id,
            "client": run.client,
            "version": run.facts["version"],
            "from_version": run.facts["from_version"],
        }
        for run in found
    ]
    if rows:
        op.get_bind().execute(preparations.insert(), rows)


def _reminders() -> None:
    op.create_table(
        "todo_reminder",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("receiver", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("item", sa.String(320), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_todo_reminder")),
    )
    op.create_index("ix_todo_reminder_receiver_channel", "todo_reminder", ["receiver", "channel"])
    op.create_index(op.f("ix_todo_reminder_message_id"), "todo_reminder", ["message_id"])
