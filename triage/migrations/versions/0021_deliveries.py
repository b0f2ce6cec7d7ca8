"""What is handed to suppliers, how they are doing, and what they say back."""

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "supplier",
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opened_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("connector", name=op.f("pk_supplier")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("contact_id", sa.UUID(), nullable=False),
        sa.Column("change_id", sa.UUID(), nullable=True),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="due", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lost", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("kind in ('create', 'update', 'reopen')", name=op.f("ck_delivery_kind")),
        sa.CheckConstraint("state in ('due', 'sending', 'sent', 'failed', 'dropped')", name=op.f("ck_delivery_state")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_delivery_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["contact_history.id"], name=op.f("fk_delivery_change_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    where = sa.text
    op.create_index(
        "uq_delivery_create", "delivery", ["contact_id"], unique=True, postgresql_where=where("kind = 'create'")
    )
    op.create_index(
        "uq_delivery_change_id", "delivery", ["change_id"], unique=True, postgresql_where=where("change_id is not null")
    )
    op.create_index("ix_delivery_contact_id_seq", "delivery", ["contact_id", "seq"])
    op.create_index(
        "ix_delivery_due", "delivery", ["connector", "next_at"], postgresql_where=where("state in ('due', 'sending')")
    )
    op.create_index("ix_delivery_failed", "delivery", ["made_at"], postgresql_where=where("state = 'failed'"))
    op.create_index(
        "ix_delivery_handle", "delivery", ["connector", "handle"], postgresql_where=where("handle is not null")
    )
    op.create_index(
        "ix_delivery_asked_at", "delivery", ["asked_at"], postgresql_where=where("kind = 'create' and state = 'sent'")
    )
    op.create_table(
        "case_update",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("update_id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.UUID(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_case_update_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_update")),
        sa.UniqueConstraint("connector", "update_id", name=op.f("uq_case_update_connector_update_id")),
    )
    op.create_index(op.f("ix_case_update_delivery_id"), "case_update", ["delivery_id"])
