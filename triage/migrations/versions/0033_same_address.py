"""A resident's other contacts are found however they typed their address or number."""

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | None = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    same = r"regexp_replace(regexp_replace(lower(reply_to), '[\s-]', '', 'g'), '\+?44\(?0?\)?7', '07', 'g')"
    op.create_index(
        "ix_contact_reply_same", "contact", [sa.text(same)], postgresql_where=sa.text("reply_to is not null")
    )
