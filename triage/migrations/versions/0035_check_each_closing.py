"""Whether it was really settled is asked after each closing, and not only after the first."""

from alembic import op

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_constraint("uq_outcome_check_contact_id", "outcome_check", type_="unique")
    op.create_index("uq_outcome_check_closing", "outcome_check", ["contact_id", "closed_at"], unique=True)
