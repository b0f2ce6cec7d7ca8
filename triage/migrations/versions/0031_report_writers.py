"""Everybody who wrote in a report, what was approved of it, and what each indicator counts."""

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | None = "0029"
branch_labels = None
depends_on = None

# As in 0018, and what was approved cannot be given another digest when it is published.
KEEP_REPORT = """
create or replace function report_keep() returns trigger language plpgsql as $$
begin
    if tg_op = 'TRUNCATE' then
        raise exception 'reports are kept' using errcode = 'insufficient_privilege';
    elsif tg_op = 'INSERT' then
        if new.state <> 'draft' then
            raise exception 'a report begins as a draft' using errcode = 'insufficient_privilege';
        end if;
        return new;
    elsif old.state = 'published' then
        raise exception 'a published report is kept as it is' using errcode = 'insufficient_privilege';
    elsif tg_op = 'DELETE' then
        return old;
    elsif old.state = 'draft' and new.state = 'published' then
        raise exception 'a report is approved before it is published' using errcode = 'insufficient_privilege';
    elsif old.state = 'approved' and new.state <> 'draft' and (
        new.state = 'approved'
        or (new.code, new.preset, new.front, new.drafted_by, new.approved_by, new.approved_at, new.approved_digest)
            is distinct from
            (old.code, old.preset, old.front, old.drafted_by, old.approved_by, old.approved_at, old.approved_digest)
    ) then
        raise exception 'an approved report is published as it was approved' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$
"""
# Whoever is known to have entered an indicator that is there now; nobody knows who wrote before them.
KNOWN = """
insert into report_writer (report_id, agent_id, key, deed, at)
select report_id, entered_by, key, 'entered', entered_at from report_indicator
"""


def upgrade() -> None:
    """Apply. The new table is kept as the other parts of a report are."""
    op.add_column("report", sa.Column("approved_digest", sa.Text(), nullable=True))
    op.add_column("report_indicator", sa.Column("definition", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.create_table(
        "report_writer",
        sa.Column("report_id", sa.UUID(), nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("deed in ('entered', 'removed')", name=op.f("ck_report_writer_deed")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_writer_report_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_report_writer_agent_id")),
        sa.PrimaryKeyConstraint("report_id", "agent_id", "key", "deed", name=op.f("pk_report_writer")),
    )
    op.execute(KNOWN)
    op.execute(KEEP_REPORT)
    op.execute(
        "create trigger report_writer_rows before insert or update or delete on report_writer "
        "for each row execute function report_part_keep()"
    )
    op.execute(
        "create trigger report_writer_all before truncate on report_writer "
        "for each statement execute function report_part_keep()"
    )
