"""A delivery remembers that an earlier try may have been done, though no answer came."""

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What was tried before this was written down may have been done, but for what was refused."""
    op.add_column("delivery", sa.Column("maybe_done", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("""
        update delivery set maybe_done = true
        where kind = 'create' and state in ('due', 'sending', 'failed') and attempts > 0
            and why is distinct from 'refused'
    """)
