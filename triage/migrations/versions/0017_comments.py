"""Comments: what each is about, and "you said, we did"."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Comments given before are read by the night's round."""
    op.create_table(
        "comment_reading",
        sa.Column("answer_id", sa.UUID(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sentiment", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sentiment between 1 and 5", name=op.f("ck_comment_reading_sentiment")),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_comment_reading_answer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_comment_reading")),
    )
    op.create_index("ix_comment_reading_answered", "comment_reading", ["answered_at"], unique=False)
    op.create_table(
        "you_said",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_by", sa.UUID(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.UUID(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('draft', 'published', 'withdrawn')", name=op.f("ck_you_said_state")),
        sa.CheckConstraint("length(said) between 1 and 300", name=op.f("ck_you_said_said")),
        sa.CheckConstraint("length(did) between 1 and 900", name=op.f("ck_you_said_did")),
        sa.CheckConstraint("(state = 'draft') = (published_at is null)", name=op.f("ck_you_said_published")),
        sa.ForeignKeyConstraint(["made_by"], ["agent.id"], name=op.f("fk_you_said_made_by")),
        sa.ForeignKeyConstraint(["published_by"], ["agent.id"], name=op.f("fk_you_said_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_you_said")),
    )
    op.create_index("ix_you_said_published", "you_said", ["state", "published_at"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("you_said")
    op.drop_table("comment_reading")
