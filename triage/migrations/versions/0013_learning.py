"""Learning from agents: corrections, examples, sorters in shadow, and rules that people add."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Existing decisions were made with nothing on record of what was known before."""
    op.create_table(
        "sorter_version",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("score", postgresql.JSONB(), nullable=False),
        sa.Column("live_score", postgresql.JSONB(), nullable=False),
        sa.Column("live_version", sa.Text(), nullable=False),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instead_of", sa.Text(), nullable=True),
        sa.Column("model", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("state in ('shadow', 'live', 'past')", name=op.f("ck_sorter_version_state")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_sorter_version")),
    )
    op.create_index(
        "ix_sorter_version_live", "sorter_version", ["state"], unique=True, postgresql_where=sa.text("state = 'live'")
    )
    op.create_index(
        "ix_sorter_version_shadow",
        "sorter_version",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'shadow'"),
    )
    op.create_table(
        "learning_change",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=True),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_learning_change_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_change")),
    )
    op.create_index("ix_learning_change_at", "learning_change", ["at"], unique=False)
    op.create_table(
        "sorting_rule",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("phrases", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("then_queue", sa.Text(), nullable=True),
        sa.Column("then_priority", sa.Text(), nullable=True),
        sa.Column("then_tag", sa.Text(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("made_by", sa.UUID(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("switched_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel in ('chat', 'web', 'email', 'phone', 'api')", name=op.f("ck_sorting_rule_channel")),
        sa.CheckConstraint(
            "then_priority in ('P0', 'P1', 'P2', 'P3', 'P4')", name=op.f("ck_sorting_rule_then_priority")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["agent.id"], name=op.f("fk_sorting_rule_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sorting_rule")),
        sa.UniqueConstraint("name", name=op.f("uq_sorting_rule_name")),
    )
    op.create_index(
        "ix_sorting_rule_on",
        "sorting_rule",
        ["switched_on_at"],
        unique=False,
        postgresql_where=sa.text("switched_on_at is not null"),
    )
    op.create_table(
        "learned_example",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("contact_id", sa.UUID(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("from_queue", sa.Text(), nullable=False),
        sa.Column("from_service", sa.Text(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'accepted', 'dropped')", name=op.f("ck_learned_example_state")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_learned_example_agent_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_learned_example_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_example")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_learned_example_contact_id")),
    )
    op.create_index("ix_learned_example_state", "learned_example", ["state", "made_at"], unique=False)
    op.create_table(
        "learning_job",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.UUID(), nullable=True),
        sa.Column("rule_version", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('retrain', 'replay')", name=op.f("ck_learning_job_kind")),
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name=op.f("ck_learning_job_state")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_learning_job_agent_id")),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["sorting_rule.id"], name=op.f("fk_learning_job_rule_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_job")),
    )
    op.create_index("ix_learning_job_asked", "learning_job", ["kind", "asked_at"], unique=False)
    op.create_index(
        "ix_learning_job_retrain",
        "learning_job",
        ["kind"],
        unique=True,
        postgresql_where=sa.text("kind = 'retrain' and state in ('waiting', 'running')"),
    )
    op.create_index(
        "ix_learning_job_replay",
        "learning_job",
        ["rule_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'replay' and state in ('waiting', 'running')"),
    )
    op.create_table(
        "correction",
        sa.Column("contact_id", sa.UUID(), nullable=False),
        sa.Column("decision_id", sa.UUID(), nullable=False),
        sa.Column("from_queue", sa.Text(), nullable=False),
        sa.Column("from_service", sa.Text(), nullable=True),
        sa.Column("to_queue", sa.Text(), nullable=False),
        sa.Column("to_service", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("verdict in ('right', 'wrong', 'held')", name=op.f("ck_correction_verdict")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_correction_agent_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_correction_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["sorting_decision.id"], name=op.f("fk_correction_decision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_at", "correction", ["at"], unique=False)
    op.create_index(op.f("ix_correction_decision_id"), "correction", ["decision_id"], unique=False)
    op.create_index(
        "ix_correction_settled",
        "correction",
        ["settled_at"],
        unique=False,
        postgresql_where=sa.text("settled_at is not null"),
    )
    op.create_table(
        "shadow_decision",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("decision_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("holding", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["sorting_decision.id"], name=op.f("fk_shadow_decision_decision_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version"], ["sorter_version.version"], name=op.f("fk_shadow_decision_version"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadow_decision")),
        sa.UniqueConstraint("decision_id", "version", name=op.f("uq_shadow_decision_decision_id_version")),
    )
    op.create_index(op.f("ix_shadow_decision_version"), "shadow_decision", ["version"], unique=False)
    op.add_column(
        "sorting_decision", sa.Column("given", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False)
    )
    op.create_index("ix_sorting_decision_decided", "sorting_decision", ["decided_at"], unique=False)
