"""Closings, and dangers that were seen, are counted from the lines that say so: an index of those by their day."""

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "ix_contact_history_counted",
        "contact_history",
        ["what", "at"],
        postgresql_where=sa.text("what in ('closed', 'danger seen')"),
    )
