"""Files and links of a contact, whether its resident's page is open, and what the desk looks up quickly."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "attachment",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("contact_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_attachment_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_attachment_agent_id")),
    )
    op.create_index(op.f("ix_attachment_contact_id"), "attachment", ["contact_id"])
    # Photographs and PDF files are packed already.
    op.execute("alter table attachment alter column content set storage external")
    op.create_table(
        "contact_link",
        sa.Column("one_id", sa.UUID(), nullable=False),
        sa.Column("other_id", sa.UUID(), nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_contact_link")),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_contact_link_order")),
        sa.ForeignKeyConstraint(["one_id"], ["contact.id"], name=op.f("fk_contact_link_one_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["other_id"], ["contact.id"], name=op.f("fk_contact_link_other_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_contact_link_agent_id")),
    )
    op.create_index(op.f("ix_contact_link_other_id"), "contact_link", ["other_id"])
    op.add_column("conversation", sa.Column("here_until", sa.DateTime(timezone=True), nullable=True))
    for name, columns, where in (
        ("ix_contact_reply_to", [sa.text("lower(reply_to)")], "reply_to is not null"),
        ("ix_contact_place", [sa.text("lower(place)")], "place is not null and state <> 'closed'"),
        ("ix_contact_merged_into", ["merged_into"], "merged_into is not null"),
        ("ix_contact_follow_up_on", ["follow_up_on"], "follow_up_on is not null"),
        ("ix_contact_taken_at", ["queue", "taken_at"], "live"),
    ):
        op.create_index(op.f(name), "contact", columns, postgresql_where=sa.text(where))
