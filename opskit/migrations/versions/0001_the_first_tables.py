"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checklists_template",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_checklists_template")),
        sa.UniqueConstraint("id", "version", name=op.f("uq_checklists_template_id")),
    )
    op.create_table(
        "clients_client",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("canton", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("contract", sa.String(length=20), nullable=False),
        sa.Column("maintenance_until", sa.Date(), nullable=True),
        sa.Column("erp_version", sa.String(length=12), nullable=False),
        sa.Column("modules", sa.JSON(), nullable=False),
        sa.Column("named_users", sa.Integer(), nullable=False),
        sa.Column("pole", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_clients_client")),
        sa.UniqueConstraint("number", name=op.f("uq_clients_client_number")),
    )
    with op.batch_alter_table("clients_client", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clients_client_maintenance_until"), ["maintenance_until"], unique=False
        )

    op.create_table(
        "core_counter",
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("letter", name=op.f("pk_core_counter")),
    )
    op.create_table(
        "core_event",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("client", sa.String(length=16), nullable=True),
        sa.Column("ticket", sa.String(length=20), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("personal", sa.JSON(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("personal_digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_event")),
    )
    with op.batch_alter_table("core_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_event_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_core_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_core_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_core_event_client"), ["client"], unique=False)
        batch_op.create_index(batch_op.f("ix_core_event_subject"), ["subject"], unique=False)

    op.create_table(
        "core_event_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_event_head")),
    )
    op.create_table(
        "core_intent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_intent")),
    )
    with op.batch_alter_table("core_intent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_core_intent_finished_at"), ["finished_at"], unique=False
        )

    op.create_table(
        "licenses_record",
        sa.Column("serial", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request_number", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("product", sa.String(length=20), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("modules", sa.JSON(), nullable=False),
        sa.Column("named_users", sa.Integer(), nullable=True),
        sa.Column("concurrent_users", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("maintenance_until", sa.Date(), nullable=True),
        sa.Column("version_ceiling", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_licenses_record")),
        sa.UniqueConstraint("request_number", name=op.f("uq_licenses_record_request_number")),
    )
    with op.batch_alter_table("licenses_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licenses_record_client"), ["client"], unique=False)
        batch_op.create_index(batch_op.f("ix_licenses_record_last_day"), ["last_day"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_licenses_record_maintenance_until"), ["maintenance_until"], unique=False
        )

    op.create_table(
        "licenses_request",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("ticket", sa.String(length=20), nullable=True),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approval_key_version", sa.Integer(), nullable=True),
        sa.Column("approval", sa.LargeBinary(), nullable=True),
        sa.Column("client", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("product", sa.String(length=20), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("modules", sa.JSON(), nullable=False),
        sa.Column("named_users", sa.Integer(), nullable=True),
        sa.Column("concurrent_users", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("maintenance_until", sa.Date(), nullable=True),
        sa.Column("version_ceiling", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_licenses_request")),
        sa.UniqueConstraint("serial", name=op.f("uq_licenses_request_serial")),
    )
    with op.batch_alter_table("licenses_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licenses_request_client"), ["client"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_licenses_request_last_day"), ["last_day"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_licenses_request_maintenance_until"), ["maintenance_until"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_licenses_request_state"), ["state"], unique=False)

    op.create_table(
        "onboarding_consultant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=60), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("run_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_consultant")),
        sa.UniqueConstraint("run_number", name=op.f("uq_onboarding_consultant_run_number")),
    )
    with op.batch_alter_table("onboarding_consultant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_onboarding_consultant_mentor_id"), ["mentor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_onboarding_consultant_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_onboarding_consultant_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_onboarding_consultant_active_person",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )

    op.create_table(
        "staff_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("pole", sa.String(length=20), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("entity_id", sa.String(length=64), nullable=True),
        sa.Column("login_made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_person")),
        sa.UniqueConstraint("entity_id", name=op.f("uq_staff_person_entity_id")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_person_login")),
    )
    op.create_table(
        "checklists_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("client", sa.String(length=16), nullable=True),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("phases", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("template_digest", sa.String(length=64), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.Column("canton", sa.String(length=2), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("prepared_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_digest"],
            ["checklists_template.digest"],
            name=op.f("fk_checklists_run_template_digest_checklists_template"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists_run")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_checklists_run_kind")),
    )
    with op.batch_alter_table("checklists_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checklists_run_client"), ["client"], unique=False)
        batch_op.create_index(batch_op.f("ix_checklists_run_subject"), ["subject"], unique=False)

    op.create_table(
        "checklists_step",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("phase", sa.String(length=60), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("same_day", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=10), nullable=False),
        sa.Column("approval", sa.String(length=20), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticket", sa.String(length=20), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("fresh_until", sa.Date(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["checklists_run.id"], name=op.f("fk_checklists_step_run_id_checklists_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_checklists_step")),
        sa.UniqueConstraint("run_id", "key", name=op.f("uq_checklists_step_run_id")),
    )


def downgrade() -> None:
    op.drop_table("checklists_step")
    with op.batch_alter_table("checklists_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklists_run_subject"))
        batch_op.drop_index(batch_op.f("ix_checklists_run_client"))

    op.drop_table("checklists_run")
    op.drop_table("staff_person")
    with op.batch_alter_table("onboarding_consultant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_onboarding_consultant_active_person",
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.drop_index(batch_op.f("ix_onboarding_consultant_state"))
        batch_op.drop_index(batch_op.f("ix_onboarding_consultant_person_id"))
        batch_op.drop_index(batch_op.f("ix_onboarding_consultant_mentor_id"))

    op.drop_table("onboarding_consultant")
    with op.batch_alter_table("licenses_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licenses_request_state"))
        batch_op.drop_index(batch_op.f("ix_licenses_request_maintenance_until"))
        batch_op.drop_index(batch_op.f("ix_licenses_request_last_day"))
        batch_op.drop_index(batch_op.f("ix_licenses_request_client"))

    op.drop_table("licenses_request")
    with op.batch_alter_table("licenses_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licenses_record_maintenance_until"))
        batch_op.drop_index(batch_op.f("ix_licenses_record_last_day"))
        batch_op.drop_index(batch_op.f("ix_licenses_record_client"))

    op.drop_table("licenses_record")
    with op.batch_alter_table("core_intent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_intent_finished_at"))

    op.drop_table("core_intent")
    op.drop_table("core_event_head")
    with op.batch_alter_table("core_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_event_subject"))
        batch_op.drop_index(batch_op.f("ix_core_event_client"))
        batch_op.drop_index(batch_op.f("ix_core_event_at"))
        batch_op.drop_index(batch_op.f("ix_core_event_actor_id"))
        batch_op.drop_index(batch_op.f("ix_core_event_action"))

    op.drop_table("core_event")
    op.drop_table("core_counter")
    with op.batch_alter_table("clients_client", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clients_client_maintenance_until"))

    op.drop_table("clients_client")
    op.drop_table("checklists_template")
