"""Lists that are not everybody's to read, such as that of a departure nobody has heard of yet."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PLANNED = """
UPDATE checklists_run SET is_confidential = :yes WHERE kind = 'checklist' AND number IN (
    SELECT run_number FROM onboarding_leaving WHERE state IN ('planned', 'withdrawn')
)
"""


def upgrade() -> None:
    # Added in place, with a default that stays: SQLite makes no table anew that others point at.
    op.add_column(
        "checklists_run",
        sa.Column("is_confidential", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.get_bind().execute(sa.text(PLANNED), {"yes": True})


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `opskit upgrade` made")
