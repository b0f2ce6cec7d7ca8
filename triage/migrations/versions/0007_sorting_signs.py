"""What a sorting decision says beside the queue, so that it can be replayed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Decisions made before say nothing of these, which the defaults mean."""
    for column in (
        sa.Column("complaint", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("statutory", sa.Text(), nullable=True),
        sa.Column("vulnerable", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")),
        sa.Column("repeat_of", sa.UUID(), nullable=True),
    ):
        op.add_column("sorting_decision", column)
    op.create_index(
        "ix_contact_open_service", "contact", ["service", "arrived_at"], postgresql_where=sa.text("state <> 'closed'")
    )
