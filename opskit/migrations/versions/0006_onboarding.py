"""Onboarding: paths of layers and their breaks, skills, access that grows, boards."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _paths()
    # skills and reviews:
    _skills()
    _reviews()
    # access and leaving:
    _access_and_leaving()
    # boards, reports and privacy:


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `opskit upgrade` made")


def _paths() -> None:
    """What a path is composed of, how long the probation lasts, when a walk rested."""
    with op.batch_alter_table("onboarding_consultant") as table:
        table.add_column(sa.Column("pole", sa.String(60), nullable=True))
        table.add_column(sa.Column("site", sa.String(60), nullable=True))
        table.add_column(sa.Column("modules", sa.JSON(), nullable=True))
        table.add_column(sa.Column("probation_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("ended_at", MOMENT, nullable=True))
    under_way = sa.text("state IN ('active', 'paused')")
    op.drop_index("uq_onboarding_consultant_active_person", "onboarding_consultant")
    op.create_index(
        "uq_onboarding_consultant_active_person",
        "onboarding_consultant",
        ["person_id"],
        unique=True,
        sqlite_where=under_way,
        postgresql_where=under_way,
    )
    op.execute("UPDATE onboarding_consultant SET pole = path")  # one path a pole until now
    op.create_table(
        "onboarding_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultant_id", sa.Integer(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=False),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultant_id"],
            ["onboarding_consultant.id"],
            name=op.f("fk_onboarding_pause_consultant_id_onboarding_consultant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_pause")),
    )
    op.create_index(
        op.f("ix_onboarding_pause_consultant_id"), "onboarding_pause", ["consultant_id"]
    )


def _skills() -> None:
    """Trees of skills, ratings, sign-offs."""
    op.create_table(
        "onboarding_skill_tree",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("published_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_onboarding_skill_tree")),
        sa.UniqueConstraint("id", "version", name=op.f("uq_onboarding_skill_tree_id")),
    )
    op.create_table(
        "onboarding_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("tree_digest", sa.String(64), nullable=False),
        sa.Column("withdraws", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("rated_by", sa.String(64), nullable=False),
        sa.Column("rated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tree_digest"],
            ["onboarding_skill_tree.digest"],
            name=op.f("fk_onboarding_rating_tree_digest_onboarding_skill_tree"),
        ),
        sa.ForeignKeyConstraint(
            ["withdraws"],
            ["onboarding_rating.id"],
            name=op.f("fk_onboarding_rating_withdraws_onboarding_rating"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_rating")),
        sa.UniqueConstraint("withdraws", name=op.f("uq_onboarding_rating_withdraws")),
    )
    op.create_index(
        "ix_onboarding_rating_person_id_skill", "onboarding_rating", ["person_id", "skill"]
    )
    op.create_table(
        "onboarding_sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("competence", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("signed_by", sa.String(64), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.String(64), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_sign_off")),
    )
    op.create_index(
        "ix_onboarding_sign_off_person_id_competence",
        "onboarding_sign_off",
        ["person_id", "competence"],
    )


def _reviews() -> None:
    """Reviews, and what was noted at them."""
    op.create_table(
        "onboarding_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_review")),
        sa.UniqueConstraint("run_number", "kind", name=op.f("uq_onboarding_review_run_number")),
    )
    op.create_table(
        "onboarding_review_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("circle", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(64), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_review_note")),
    )
    op.create_index(
        "ix_onboarding_review_note_run_number_kind",
        "onboarding_review_note",
        ["run_number", "kind"],
    )


def _access_and_leaving() -> None:
    """How access grew; who leaves, and which secrets they had read."""
    op.create_table(
        "onboarding_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(10), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_access")),
    )
    op.create_index(op.f("ix_onboarding_access_person_id"), "onboarding_access", ["person_id"])
    op.create_table(
        "onboarding_leaving",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("leaves_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("run_number", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.Column("known_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_leaving")),
    )
    op.create_index(op.f("ix_onboarding_leaving_person_id"), "onboarding_leaving", ["person_id"])
    op.create_index(op.f("ix_onboarding_leaving_state"), "onboarding_leaving", ["state"])
    op.create_table(
        "onboarding_leaving_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leaving_id", sa.Integer(), nullable=False),
        sa.Column("mount", sa.String(20), nullable=False),
        sa.Column("entry", sa.String(400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(200), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["leaving_id"],
            ["onboarding_leaving.id"],
            name=op.f("fk_onboarding_leaving_read_leaving_id_onboarding_leaving"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_leaving_read")),
        sa.UniqueConstraint(
            "leaving_id", "mount", "entry", name=op.f("uq_onboarding_leaving_read_leaving_id")
        ),
    )
