"""Requests for guarded entries."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vault_access_request",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ref", sa.String(length=220), nullable=False),
        sa.Column("ticket", sa.String(length=20), nullable=False),
        sa.Column("accessor", sa.String(length=64), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_vault_access_request")),
    )
    with op.batch_alter_table("vault_access_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vault_access_request_ends_at"), ["ends_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("vault_access_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vault_access_request_ends_at"))

    op.drop_table("vault_access_request")
