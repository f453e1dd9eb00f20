"""Licences and what becomes of them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("licenses_request") as table:
        table.add_column(_grace_days())
        table.add_column(_site())
        table.add_column(_action())
        table.add_column(sa.Column("replaces", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("order_ref", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("batch", sa.Integer(), nullable=True))
        table.add_column(sa.Column("reason", sa.String(length=500), nullable=True))
        table.alter_column("serial", type_=sa.BigInteger(), existing_type=sa.Integer())
        table.create_index("ix_licenses_request_replaces", ["replaces"])
        table.create_index("ix_licenses_request_order_ref", ["order_ref"])
        table.create_index("ix_licenses_request_batch", ["batch"])
    with op.batch_alter_table("licenses_record") as table:
        table.add_column(_grace_days())
        table.add_column(_site())
        table.add_column(_action())
        table.add_column(sa.Column("replaces", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("issued_event", sa.Integer(), nullable=True))
        table.alter_column("serial", type_=sa.BigInteger(), existing_type=sa.Integer())
        table.create_index("ix_licenses_record_replaces", ["replaces"])
        table.create_index("ix_licenses_record_latest", ["client", "kind", "sequence"])
    _create_batch()
    _create_delivery()
    _create_emergency()


def downgrade() -> None:
    op.drop_table("licenses_emergency")
    op.drop_table("licenses_delivery")
    op.drop_table("licenses_batch")
    with op.batch_alter_table("licenses_record") as table:
        table.drop_index("ix_licenses_record_latest")
        table.drop_index("ix_licenses_record_replaces")
        for name in ("issued_event", "replaces", "action", "site", "grace_days"):
            table.drop_column(name)
        table.alter_column("serial", type_=sa.Integer(), existing_type=sa.BigInteger())
    with op.batch_alter_table("licenses_request") as table:
        for name in ("batch", "order_ref", "replaces"):
            table.drop_index(f"ix_licenses_request_{name}")
        for name in ("reason", "batch", "order_ref", "replaces", "action", "site", "grace_days"):
            table.drop_column(name)
        table.alter_column("serial", type_=sa.Integer(), existing_type=sa.BigInteger())


def _grace_days() -> sa.Column[int]:
    return sa.Column("grace_days", sa.Integer(), nullable=False, server_default="0")


def _site() -> sa.Column[str]:
    return sa.Column("site", sa.String(length=64), nullable=True)


def _action() -> sa.Column[str]:
    return sa.Column("action", sa.String(length=12), nullable=False, server_default="new")


def _create_batch() -> None:
    op.create_table(
        "licenses_batch",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_licenses_batch")),
        sa.UniqueConstraint("digest", name=op.f("uq_licenses_batch_digest")),
    )


def _create_delivery() -> None:
    op.create_table(
        "licenses_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("received_by", sa.String(length=254), nullable=False),
        sa.Column("mailed", sa.Boolean(), nullable=False),
        sa.Column("delivered_by", sa.String(length=64), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licenses_delivery")),
    )
    with op.batch_alter_table("licenses_delivery") as table:
        table.create_index(table.f("ix_licenses_delivery_serial"), ["serial"])


def _create_emergency() -> None:
    op.create_table(
        "licenses_emergency",
        sa.Column("serial", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ticket", sa.String(length=20), nullable=False),
        sa.Column("given_by", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("serial", "number", name=op.f("pk_licenses_emergency")),
    )
