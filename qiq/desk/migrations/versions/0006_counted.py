"""What limits count has a name and indexes that fit"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_code_requests_subject", table_name="code_requests")
    op.rename_table("code_requests", "counted")
    op.create_index("ix_counted_at", "counted", ["at"])
    op.create_index("ix_counted_subject_at", "counted", ["subject", "at"])
