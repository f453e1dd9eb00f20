"""Indexes for a long register: a client's newest licences, the requests that wait of one client,
one action on one subject.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("core_event") as table:
        table.drop_index("ix_core_event_subject")
        table.create_index("ix_core_event_subject_action", ["subject", "action"])
    with op.batch_alter_table("licenses_record") as table:
        table.drop_index("ix_licenses_record_client")
        table.create_index("ix_licenses_record_client_serial", ["client", "serial"])
    with op.batch_alter_table("licenses_request") as table:
        table.drop_index("ix_licenses_request_client")
        table.create_index("ix_licenses_request_client_state", ["client", "state"])


def downgrade() -> None:
    with op.batch_alter_table("licenses_request") as table:
        table.drop_index("ix_licenses_request_client_state")
        table.create_index("ix_licenses_request_client", ["client"])
    with op.batch_alter_table("licenses_record") as table:
        table.drop_index("ix_licenses_record_client_serial")
        table.create_index("ix_licenses_record_client", ["client"])
    with op.batch_alter_table("core_event") as table:
        table.drop_index("ix_core_event_subject_action")
        table.create_index("ix_core_event_subject", ["subject"])
