# ruff: noqa: S608 (every part of these statements is a constant of this file)
"""Facts know who answered for what was counted, and of whom it was counted; a table adds the days of a month up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels = None
depends_on = None

_KEY = "measure, level, service, queue, partner, channel, dimension, member, source"
_MONTH = "date_trunc('month', day)::date"

# A row of facts as one row for each of its levels and members, whichever way it is stored.
_COUNTS = """
    create function fact_counts(dimension text, level text, member text, count int, levels jsonb)
    returns table (level text, member text, n int) language sql immutable parallel safe as $$
        select $2, $3, $4 where $5 is null
        union all select each.key, '', each.value::int
            from jsonb_each_text(case when $1 = '' then $5 end) each
        union all select each.key, groups.key, each.value::int
            from jsonb_each(case when $1 <> '' then $5 end) groups, jsonb_each_text(groups.value) each
    $$
"""


def _counted(rows: str, sign: str = "") -> str:
    """The rows of a statement by month, level and member."""
    return f"""
        select {_MONTH} as month, row.measure, counted.level, row.service, row.queue, row.partner, row.channel,
            row.dimension, counted.member, row.source, {sign}counted.n as n
        from {rows} row,
            fact_counts(row.dimension, row.level, row.member, row.count, row.levels) counted
    """


def _following(name: str, changes: str) -> str:
    """A trigger function that adds what a statement changed to its months, in the order of the key.

    Two statements that meet lock the rows of a month in one order; recounting holds the whole month besides. A month
    of which nothing is left has no row, as if it had never been counted.
    """
    same = " and ".join(f"kept.{name} = gone.{name}" for name in ("month", *_KEY.split(", ")))
    return f"""
        create function {name}() returns trigger language plpgsql as $$
        begin
            insert into fact_month (month, {_KEY}, count)
            select month, {_KEY}, sum(n) from ({changes}) changed
            group by month, {_KEY} having sum(n) <> 0 order by month, {_KEY}
            on conflict on constraint pk_fact_month do update set count = fact_month.count + excluded.count;
            if tg_op <> 'INSERT' then
                delete from fact_month kept
                using (select distinct month, {_KEY} from ({_counted("removed")}) each) gone
                where {same} and kept.count = 0;
            end if;
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
    ("ix_contact_clock_met_at", "contact_clock", "met_at", False),
    ("ix_conversation_started_at", "conversation", "started_at", True),
)


def upgrade() -> None:
    """Apply. A breach that was counted before says in its level who held the contact; it says so in a column now."""
    for name in ("partner", "dimension", "member"):
        op.add_column("fact", sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("fact", sa.Column("levels", postgresql.JSONB(), nullable=True))
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
    op.execute(_COUNTS)
    op.execute(
        f"insert into fact_month (month, {_KEY}, count) select {_MONTH}, {_KEY}, sum(count) from fact "
        f"group by {_MONTH}, {_KEY}"
    )
    op.execute(_following("fact_month_adds", _counted("added")))
    op.execute(_following("fact_month_takes", _counted("removed", "-")))
    op.execute(_following("fact_month_changes", f"{_counted('added')} union all {_counted('removed', '-')}"))
    for function, event, tables in _TRIGGERS:
        op.execute(
            f"create trigger {function} after {event} on fact {tables} for each statement execute function {function}()"
        )
    for name, table, column, brin in _INDEXES:
        if brin:
            op.create_index(name, table, [column], postgresql_using="brin")
        else:
            op.create_index(name, table, [column], postgresql_where=sa.text(f"{column} is not null"))
    op.create_index("ix_outcome_check_closed_at", "outcome_check", ["closed_at"])
