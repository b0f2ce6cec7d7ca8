"""Clocks: each promise and legal time limit of a contact in a row of its own, and why a contact waits."""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None

RUNNING = "met_at is null and ended_at is null and breached_at is null and paused_since is null"

# What is open already keeps its promises, counted by the clock alone: a migration does not read opening hours.
_OPEN_CONTACTS = """
    insert into contact_clock
        (id, contact_id, kind, rule, queue, partner, began_at, counts_from, due_at, warn_at, met_at)
    select gen_random_uuid(), contact.id, clock.kind, 'as promised before', contact.queue, contact.partner,
        coalesce(contact.queued_at, contact.arrived_at), coalesce(contact.queued_at, contact.arrived_at), clock.due_at,
        clock.due_at - (clock.due_at - coalesce(contact.queued_at, contact.arrived_at)) / 4, clock.met_at
    from contact
    cross join lateral (values
        ('first', contact.first_due_at, contact.first_answer_at), ('settle', contact.settle_due_at, null)
    ) as clock (kind, due_at, met_at)
    where contact.state in ('queued', 'taken') and contact.queue is not null and clock.due_at is not null
"""


def _moment(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "contact_clock",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("contact_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=True),
        _moment("began_at", nullable=False),
        _moment("counts_from", nullable=False),
        _moment("due_at", nullable=False),
        _moment("warn_at", nullable=False),
        _moment("paused_since"),
        sa.Column("paused", sa.Interval(), nullable=False, server_default=sa.text("'0'")),
        sa.Column("longer", sa.Boolean(), nullable=False, server_default=sa.false()),
        _moment("warned_at"),
        _moment("breached_at"),
        _moment("met_at"),
        _moment("ended_at"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_clock_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_clock")),
    )
    op.create_index(op.f("ix_contact_clock_contact_id"), "contact_clock", ["contact_id"])
    op.create_index(
        "uq_contact_clock_kind",
        "contact_clock",
        ["contact_id", "kind"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_contact_clock_due", "contact_clock", ["due_at"], postgresql_where=sa.text(RUNNING))
    op.create_index(
        "ix_contact_clock_warn",
        "contact_clock",
        ["warn_at"],
        postgresql_where=sa.text(f"{RUNNING} and warned_at is null"),
    )
    op.create_index(
        "ix_contact_clock_breached",
        "contact_clock",
        ["breached_at"],
        postgresql_where=sa.text("breached_at is not null"),
    )
    op.add_column("contact", sa.Column("pause_reason", sa.Text(), nullable=True))
    op.add_column("contact", _moment("paused_until"))
    op.create_index(
        "ix_contact_paused", "contact", ["paused_until"], postgresql_where=sa.text("paused_until is not null")
    )
    op.execute(_OPEN_CONTACTS)
