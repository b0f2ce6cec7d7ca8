"""What is kept of a contact or a conversation that was erased, and how the next to be erased are found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0029"
down_revision: str | None = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for table in ("contact", "conversation"):
        op.add_column(table, sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contact", sa.Column("held", postgresql.JSONB(), nullable=True))
    op.create_index(
        "ix_contact_to_forget",
        "contact",
        ["closed_at", "id"],
        postgresql_where=sa.text("closed_at is not null and erased_at is null"),
    )
    op.create_index(
        "ix_conversation_to_forget", "conversation", ["last_at", "id"], postgresql_where=sa.text("erased_at is null")
    )
    op.create_index("ix_contact_repeat_of", "contact", ["repeat_of"], postgresql_where=sa.text("repeat_of is not null"))
    op.create_table(
        "unsafe_address",
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_unsafe_address")),
    )
