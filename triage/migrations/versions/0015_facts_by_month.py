# ruff: noqa: S608 (every part of these statements is a constant of this file)
"""Facts know who answered for what was counted, and of whom it was counted; a table adds the days of a month up."""

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None

_KEY = "measure, level, service, queue, partner, channel, dimension, member, source"
_MONTH = "date_trunc('month', day)::date"


def _adding(name: str, rows: str, sign: str) -> str:
    """A trigger function that adds the rows of a statement to their months, in the order of the key.

    Two statements that meet lock the rows of a month in one order; recounting holds the whole month besides.
    """
    return f"""
        create function {name}() returns trigger language plpgsql as $$
        begin
            insert into fact_month (month, {_KEY}, count)
            select {_MONTH}, {_KEY}, {sign}sum(count) from {rows}
            group by {_MONTH}, {_KEY} order by {_MONTH}, {_KEY}
            on conflict on constraint pk_fact_month do update set count = fact_month.count + excluded.count;
            return null;
        end $$
    """


# A month of which nothing is left has no row, as if it had never been counted.
_TAKING = f"""
    create function fact_month_takes() returns trigger language plpgsql as $$
    begin
        update fact_month kept set count = kept.count - gone.count
        from (select {_MONTH} as month, {_KEY}, sum(count) as count from removed group by {_MONTH}, {_KEY}) gone
        where (kept.source, kept.dimension, kept.measure, kept.month, kept.level, kept.service, kept.queue,
               kept.partner, kept.channel, kept.member)
            = (gone.source, gone.dimension, gone.measure, gone.month, gone.level, gone.service, gone.queue,
               gone.partner, gone.channel, gone.member);
        delete from fact_month kept
        using (select distinct {_MONTH} as month, {_KEY} from removed) gone
        where (kept.source, kept.dimension, kept.measure, kept.month, kept.level, kept.service, kept.queue,
               kept.partner, kept.channel, kept.member)
            = (gone.source, gone.dimension, gone.measure, gone.month, gone.level, gone.service, gone.queue,
               gone.partner, gone.channel, gone.member)
            and kept.count = 0;
        return null;
    end $$
"""

# A changed row is taken from the month that it was in and added to the one that it is in.
_CHANGING = f"""
    create function fact_month_changes() returns trigger language plpgsql as $$
    begin
        insert into fact_month (month, {_KEY}, count)
        select {_MONTH}, {_KEY}, sum(count) from (
            select day, {_KEY}, count from added union all select day, {_KEY}, -count from removed
        ) changed
        group by {_MONTH}, {_KEY} having sum(count) <> 0 order by {_MONTH}, {_KEY}
        on conflict on constraint pk_fact_month do update set count = fact_month.count + excluded.count;
        return null;
    end $$
"""

_TRIGGERS = (
    ("fact_month_adds", "insert", "referencing new table as added"),
    ("fact_month_takes", "delete", "referencing old table as removed"),
    ("fact_month_changes", "update", "referencing old table as removed new table as added"),
)

# What counting a day reads.
_INDEXES = (
    ("ix_contact_arrived_at", "contact", "arrived_at", True),
    ("ix_contact_closed_at", "contact", "closed_at", False),
    ("ix_contact_first_answer_at", "contact", "first_answer_at", False),
    ("ix_contact_repeat_of", "contact", "repeat_of", False),
    ("ix_contact_clock_met_at", "contact_clock", "met_at", False),
    ("ix_conversation_started_at", "conversation", "started_at", True),
)


def upgrade() -> None:
    """Apply. A breach that was counted before says in its level who held the contact; it says so in a column now."""
    for name in ("partner", "dimension", "member"):
        op.add_column("fact", sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False))
    op.create_check_constraint(op.f("ck_fact_dimension"), "fact", "dimension in ('', 'ward', 'language', 'need')")
    op.drop_constraint(op.f("pk_fact"), "fact", type_="primary")
    key = ["day", "measure", "level", "service", "queue", "partner", "channel", "dimension", "member", "source"]
    op.create_primary_key(op.f("pk_fact"), "fact", key)
    op.execute(
        "update fact set measure = 'clock', partner = split_part(level, ':', 2), "
        "level = split_part(level, ':', 1) || ':' || 'late' where measure = 'breach'"
    )
    month = ["source", "dimension", "measure", "month", "level", "service", "queue", "partner", "channel", "member"]
    op.create_table(
        "fact_month",
        *(sa.Column(name, sa.Date() if name == "month" else sa.Text(), nullable=False) for name in month),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*month, name=op.f("pk_fact_month")),
    )
    op.execute(
        f"insert into fact_month (month, {_KEY}, count) select {_MONTH}, {_KEY}, sum(count) from fact "
        f"group by {_MONTH}, {_KEY}"
    )
    op.execute(_adding("fact_month_adds", "added", ""))
    op.execute(_TAKING)
    op.execute(_CHANGING)
    for function, event, tables in _TRIGGERS:
        op.execute(
            f"create trigger {function} after {event} on fact {tables} for each statement execute function {function}()"
        )
    for name, table, column, brin in _INDEXES:
        if brin:
            op.create_index(name, table, [column], postgresql_using="brin")
        else:
            op.create_index(name, table, [column], postgresql_where=sa.text(f"{column} is not null"))
    op.create_index(op.f("ix_invite_invited_at"), "invite", ["invited_at"])
