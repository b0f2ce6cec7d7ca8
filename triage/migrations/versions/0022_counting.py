# ruff: noqa: S608 (every part of these statements is a constant of this file)
"""What is to be counted again is on record, and what is asked of the whole council is added up beforehand."""

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels = None
depends_on = None

_MONTH_KEY = "month, measure, level, service, queue, partner, channel, dimension, member, source"
_OF = "measure, level, channel, dimension, member, source"
_TOTAL_KEY = f"span, start, {_OF}"
# Days of groups of people are not asked for often enough to be added up.
_SPANS = "(values ('day', day), ('month', month)) each(span, start)"
_KEPT = "(span = 'month' or dimension = '')"


def _counted(rows: str, sign: str = "") -> str:
    """The rows of a statement by day, level and member."""
    return f"""
        select day, date_trunc('month', day)::date as month, row.measure, counted.level, row.service, row.queue,
            row.partner, row.channel, row.dimension, counted.member, row.source, {sign}counted.n as n
        from {rows} row,
            fact_counts(row.dimension, row.level, row.member, row.count, row.levels) counted
    """


def _same(key: str) -> str:
    return " and ".join(f"kept.{name} = gone.{name}" for name in key.split(", "))


def _following(name: str, changes: str) -> str:
    """A trigger function that adds what a statement changed to its months and totals, in the order of the keys.

    Two statements that meet lock the rows of a month in one order; recounting holds the whole month besides. Where
    nothing is left there is no row, as if it had never been counted.
    """
    return f"""
        create or replace function {name}() returns trigger language plpgsql as $$
        begin
            with changed as materialized ({changes}), months as (
                insert into fact_month ({_MONTH_KEY}, count)
                select {_MONTH_KEY}, sum(n) from changed
                group by {_MONTH_KEY} having sum(n) <> 0 order by {_MONTH_KEY}
                on conflict on constraint pk_fact_month do update set count = fact_month.count + excluded.count
            )
            insert into fact_total ({_TOTAL_KEY}, count)
            select {_TOTAL_KEY}, sum(n) from changed cross join lateral {_SPANS} where {_KEPT}
            group by {_TOTAL_KEY} having sum(n) <> 0 order by {_TOTAL_KEY}
            on conflict on constraint pk_fact_total do update set count = fact_total.count + excluded.count;
            if tg_op <> 'INSERT' then
                delete from fact_month kept
                using (select distinct {_MONTH_KEY} from ({_counted("removed")}) each) gone
                where {_same(_MONTH_KEY)} and kept.count = 0;
                delete from fact_total kept
                using (
                    select distinct {_TOTAL_KEY} from ({_counted("removed")}) gone cross join lateral {_SPANS}
                ) gone
                where {_same(_TOTAL_KEY)} and kept.count = 0;
            end if;
            return null;
        end $$
    """


def upgrade() -> None:
    """Apply. Nothing is counted while what there is is added up; who reads does not wait."""
    op.create_table(
        "day_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("marks", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("counted", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", "subject", name=op.f("pk_day_count")),
    )
    key = ["span", "source", "dimension", "measure", "start", "level", "channel", "member"]
    op.create_table(
        "fact_total",
        *(sa.Column(name, sa.Date() if name == "start" else sa.Text(), nullable=False) for name in key),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("span in ('day', 'month')", name=op.f("ck_fact_total_span")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_fact_total")),
    )
    op.execute("lock table fact in share row exclusive mode")
    op.execute(
        f"insert into fact_total (span, start, {_OF}, count) "
        f"select 'month', month, {_OF}, sum(count) from fact_month group by month, {_OF}"
    )
    op.execute(
        f"insert into fact_total (span, start, {_OF}, count) select 'day', day, {_OF}, sum(n) "
        f"from ({_counted('fact')}) each where dimension = '' group by day, {_OF}"
    )
    op.execute(_following("fact_month_adds", _counted("added")))
    op.execute(_following("fact_month_takes", _counted("removed", "-")))
    op.execute(_following("fact_month_changes", f"{_counted('added')} union all {_counted('removed', '-')}"))
