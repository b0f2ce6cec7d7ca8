"""Whose turn it is: skill, presence, automatic assignment, a bounce limit, moves of many contacts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None

PLACEMENTS = "('offered', 'bounced', 'final')"
ASSIGN = "('auto', 'by hand')"
MOVED = "('waiting', 'moved', 'left', 'back', 'stays')"
TURN: list[str | sa.TextClause] = ["priority", sa.text("live desc"), "first_due_at", "arrived_at", "id"]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def upgrade() -> None:
    """Apply."""
    op.add_column("agent", _moment("away_since"))
    op.add_column("contact", sa.Column("skill", sa.Text(), nullable=True))
    op.add_column("contact", sa.Column("placement", sa.Text(), nullable=True))
    op.add_column("contact", _moment("assigned_at"))
    op.create_check_constraint(op.f("ck_contact_placement"), "contact", f"placement in {PLACEMENTS}")
    anybody, skilled = "state = 'queued' and skill is null", "state = 'queued' and skill is not null"
    op.drop_index("ix_contact_next", "contact")
    op.create_index("ix_contact_next", "contact", ["queue", *TURN], postgresql_where=sa.text(anybody))
    op.create_index("ix_contact_turn", "contact", TURN, postgresql_where=sa.text(anybody))
    op.create_index("ix_contact_skill", "contact", ["skill", *TURN], postgresql_where=sa.text(skilled))
    op.create_index(
        "ix_contact_assigned_at", "contact", ["assigned_at"], postgresql_where=sa.text("assigned_at is not null")
    )
    op.create_table(
        "queue_switch",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("assign", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"assign in {ASSIGN}", name=op.f("ck_queue_switch_assign")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_queue_switch_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_switch")),
    )
    op.create_index("ix_queue_switch_newest", "queue_switch", ["queue", "at"])
    op.create_table(
        "bulk_move",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("filter", postgresql.JSONB(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        _moment("undone_at"),
        sa.Column("undone_by", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_bulk_move_agent_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["agent.id"], name=op.f("fk_bulk_move_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_move")),
    )
    op.create_index(op.f("ix_bulk_move_began_at"), "bulk_move", ["began_at"])
    op.create_table(
        "bulk_move_item",
        sa.Column("move_id", sa.UUID(), nullable=False),
        sa.Column("contact_id", sa.UUID(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(f"state in {MOVED}", name=op.f("ck_bulk_move_item_state")),
        sa.ForeignKeyConstraint(
            ["move_id"], ["bulk_move.id"], name=op.f("fk_bulk_move_item_move_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_bulk_move_item_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("move_id", "contact_id", name=op.f("pk_bulk_move_item")),
    )
    op.create_index(
        "ix_bulk_move_item_waiting",
        "bulk_move_item",
        ["move_id", "contact_id"],
        postgresql_where=sa.text("state in ('waiting', 'moved')"),
    )
