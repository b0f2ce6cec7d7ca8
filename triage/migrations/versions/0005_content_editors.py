"""Content editors sign in, and find the messages that fell through lately."""

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_constraint(op.f("ck_agent_role"), "agent", type_="check")
    op.create_check_constraint(op.f("ck_agent_role"), "agent", "role in ('agent', 'supervisor', 'owner', 'editor')")
    op.create_index("ix_message_said_at", "message", ["said_at"], unique=False, postgresql_using="brin")
