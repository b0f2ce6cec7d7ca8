"""What residents are to be told of each change, and whether they were."""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None

KINDS = "('received', 'taken', 'passed_on', 'asked', 'answered', 'late', 'follow_up', 'closed', 'reopened')"
STATES = "('due', 'sent', 'failed', 'not_sent')"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "notice",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("contact_id", sa.UUID(), nullable=False),
        sa.Column("change_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.UUID(), nullable=True),
        sa.CheckConstraint(f"kind in {KINDS}", name=op.f("ck_notice_kind")),
        sa.CheckConstraint("channel in ('chat', 'message')", name=op.f("ck_notice_channel")),
        sa.CheckConstraint(f"state in {STATES}", name=op.f("ck_notice_state")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_notice_contact_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["change_id"], ["contact_history.id"], name=op.f("fk_notice_change_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["seen_by"], ["agent.id"], name=op.f("fk_notice_seen_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("change_id", name=op.f("uq_notice_change_id")),
    )
    op.create_index(op.f("ix_notice_contact_id"), "notice", ["contact_id"], unique=False)
    op.create_index("ix_notice_due", "notice", ["next_at"], postgresql_where=sa.text("state = 'due'"))
    op.create_index(
        "ix_notice_failed", "notice", ["made_at"], postgresql_where=sa.text("state = 'failed' and seen_at is null")
    )
    # No message goes to an address that somebody has said is not safe, whichever contact they said it of.
    op.create_index(
        "ix_contact_unsafe_address",
        "contact",
        ["reply_to"],
        postgresql_where=sa.text("safe_to_contact = false and reply_to is not null"),
    )
    # What the sweeper looks for every five seconds.
    op.create_index(
        "ix_contact_without_queue",
        "contact",
        ["arrived_at"],
        postgresql_where=sa.text("state <> 'closed' and queue is null"),
    )
    op.create_index(
        "ix_contact_without_clock",
        "contact",
        ["arrived_at"],
        postgresql_where=sa.text(
            "state in ('queued', 'taken') and (queued_at is null or first_due_at is null or settle_due_at is null)"
        ),
    )
    # And what each minute looks for: open contacts whose time is up.
    op.create_index(
        "ix_contact_settle_due",
        "contact",
        ["settle_due_at"],
        postgresql_where=sa.text("state <> 'closed' and paused_at is null"),
    )
