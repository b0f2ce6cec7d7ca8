"""Past figures from files, each with where it came from; and what was published as open data."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Demonstration figures from before have no import: the next demo load puts its own in their place."""
    op.create_table(
        "survey_import",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("grain", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.UUID(), nullable=True),
        sa.Column("taken_back_why", sa.Text(), nullable=True),
        sa.CheckConstraint("source in ('import', 'demo')", name=op.f("ck_survey_import_source")),
        sa.CheckConstraint("grain in ('day', 'month', 'quarter')", name=op.f("ck_survey_import_grain")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_survey_import_agent_id")),
        sa.ForeignKeyConstraint(["taken_back_by"], ["agent.id"], name=op.f("fk_survey_import_taken_back_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_import")),
    )
    op.create_index(
        "ix_survey_import_sha256",
        "survey_import",
        ["sha256"],
        unique=True,
        postgresql_where=sa.text("taken_back_at is null"),
    )
    op.create_table(
        "imported_count",
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_imported_count_count")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["survey_import.id"], name=op.f("fk_imported_count_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "import_id", "day", "measure", "level", "service", "queue", "channel", name=op.f("pk_imported_count")
        ),
    )
    op.create_index("ix_imported_count_day", "imported_count", ["day"], unique=False)
    op.create_table(
        "open_data_edition",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("groups", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_data_edition")),
        sa.UniqueConstraint(
            "source", "measure", "quarter", "number", name=op.f("uq_open_data_edition_source_measure_quarter_number")
        ),
    )
    op.create_index(
        "ix_open_data_edition_standing",
        "open_data_edition",
        ["source", "measure", "quarter"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
    )
