"""Comments of past surveys, redacted, each with the import that it came with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Files that were brought in before have none: their words were not kept."""
    op.create_table(
        "imported_comment",
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("sentiment", sa.Integer(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.CheckConstraint("sentiment between 1 and 5", name=op.f("ck_imported_comment_sentiment")),
        sa.CheckConstraint("(themes is null) = (sentiment is null)", name=op.f("ck_imported_comment_read")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["survey_import.id"], name=op.f("fk_imported_comment_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_imported_comment")),
    )
    op.create_index("ix_imported_comment_day", "imported_comment", ["day"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("imported_comment")
