"""What sorting makes of a contact, what is agreed about it, and what an agent can take on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None

ROLES = "('agent', 'partner', 'supervisor', 'owner', 'editor', 'administrator')"
STATUTORY = "('foi', 'eir', 'sar', 'complaint', 'homelessness', 'hazard')"


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'"))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def upgrade() -> None:
    """Apply. The defaults fill what is there already; new rows come from the code with all of it."""
    for column in (
        _flag("complaint"),
        sa.Column("statutory", sa.Text(), nullable=True),
        _json("vulnerable"),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("repeat_of", sa.UUID(), nullable=True),
        sa.Column("partner", sa.Text(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        _flag("messages_ok"),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        _json("tags"),
        sa.Column("merged_into", sa.UUID(), nullable=True),
    ):
        op.add_column("contact", column)
    op.create_check_constraint(op.f("ck_contact_statutory"), "contact", f"statutory in {STATUTORY}")
    for name in ("repeat_of", "merged_into"):
        op.create_foreign_key(op.f(f"fk_contact_{name}"), "contact", "contact", [name], ["id"])
    op.add_column("agent", sa.Column("partner", sa.Text(), nullable=True))
    op.add_column("agent", _json("skills"))
    op.add_column("agent", _json("languages"))
    op.add_column("agent", sa.Column("capacity", sa.Integer(), nullable=False, server_default="5"))
    op.drop_constraint(op.f("ck_agent_role"), "agent", type_="check")
    op.create_check_constraint(op.f("ck_agent_role"), "agent", f"role in {ROLES}")
