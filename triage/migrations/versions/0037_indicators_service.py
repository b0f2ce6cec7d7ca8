"""An indicator of a report may name the one of its partner's services that it is about."""

import sqlalchemy as sa
from alembic import op

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("report_indicator", sa.Column("service", sa.Text(), server_default=sa.text("''"), nullable=False))
