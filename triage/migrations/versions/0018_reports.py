"""Quarterly contract reports: drafted, approved by somebody else, published and then kept as they are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels = None
depends_on = None

# A report begins as a draft. An approved one can only be sent back or published, as it is; a published one is kept.
KEEP_REPORT = """
create function report_keep() returns trigger language plpgsql as $$
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
        or (new.code, new.preset, new.front, new.drafted_by, new.approved_by, new.approved_at)
            is distinct from (old.code, old.preset, old.front, old.drafted_by, old.approved_by, old.approved_at)
    ) then
        raise exception 'an approved report is published as it was approved' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$
"""
# What stands in a report is changed while it is a draft. The row of the report is held, so that nobody approves it
# meanwhile; where it has gone, the whole draft is being thrown away.
KEEP_PART = """
create function report_part_keep() returns trigger language plpgsql as $$
declare
    held text;
    one uuid;
begin
    if tg_op = 'TRUNCATE' then
        raise exception 'reports are kept' using errcode = 'insufficient_privilege';
    end if;
    foreach one in array case tg_op
        when 'INSERT' then array[new.report_id]
        when 'DELETE' then array[old.report_id]
        else array[old.report_id, new.report_id]
    end loop
        select state into held from report where id = one for share;
        if held is not null and held <> 'draft' then
            raise exception 'only a draft can be changed' using errcode = 'insufficient_privilege';
        end if;
    end loop;
    return case tg_op when 'DELETE' then old else new end;
end $$
"""
KEEP_CORRECTION = """
create function report_correction_keep() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        raise exception 'corrections are only added to' using errcode = 'insufficient_privilege';
    end if;
    if (select state from report where id = new.report_id) is distinct from 'published' then
        raise exception 'only a published report is corrected' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$
"""


def _text(name: str, default: str | None = None, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text(default) if default else None, nullable=nullable)


def _when(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _who(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["agent.id"], name=op.f(f"fk_{table}_{column}"))


def _of_report(table: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f(f"fk_{table}_report_id"), ondelete=ondelete)


def _reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.UUID(), nullable=False),
        _text("code"),
        _text("state", "'draft'"),
        _text("preset"),
        sa.Column("front", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("drafted_by", sa.UUID(), nullable=False),
        _when("drafted_at"),
        sa.Column("approved_by", sa.UUID(), nullable=True),
        _text("approved_role", nullable=True),
        _when("approved_at", nullable=True),
        sa.Column("published_by", sa.UUID(), nullable=True),
        _when("published_at", nullable=True),
        sa.Column("content", postgresql.JSONB(), nullable=True),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        _text("digest", nullable=True),
        sa.CheckConstraint("state in ('draft', 'approved', 'published')", name=op.f("ck_report_state")),
        sa.CheckConstraint("approved_by is null or approved_by <> drafted_by", name=op.f("ck_report_four_eyes")),
        sa.CheckConstraint(
            "state = 'draft' or (approved_by is not null and approved_role is not null and approved_at is not null)",
            name=op.f("ck_report_approved"),
        ),
        sa.CheckConstraint(
            "state <> 'published' or (published_by is not null and published_at is not null and content is not null "
            "and pdf is not null and digest is not null)",
            name=op.f("ck_report_published"),
        ),
        _who("report", "drafted_by"),
        _who("report", "approved_by"),
        _who("report", "published_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("code", name=op.f("uq_report_code")),
    )


def _indicators() -> None:
    numbers = ("target", "result", "numerator", "denominator", "prior", "year_before")
    op.create_table(
        "report_indicator",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("report_id", sa.UUID(), nullable=False),
        *(_text(name) for name in ("key", "name", "owner", "partner", "area")),
        _text("contract", "''"),
        _text("polarity"),
        _text("unit", "''"),
        *(sa.Column(name, sa.Numeric(), nullable=True) for name in numbers),
        *(_text(name, "''") for name in ("benchmark", "comment", "comment_role", "action", "source")),
        _text("origin", "'form'"),
        sa.Column("entered_by", sa.UUID(), nullable=False),
        _when("entered_at"),
        sa.CheckConstraint("polarity in ('higher', 'lower')", name=op.f("ck_report_indicator_polarity")),
        sa.CheckConstraint("origin in ('form', 'csv', 'figures', 'carried')", name=op.f("ck_report_indicator_origin")),
        _of_report("report_indicator", "CASCADE"),
        _who("report_indicator", "entered_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_indicator")),
        sa.UniqueConstraint("report_id", "key", name=op.f("uq_report_indicator_report_id_key")),
    )


def _notes_and_corrections() -> None:
    op.create_table(
        "report_note",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("report_id", sa.UUID(), nullable=False),
        *(_text(name) for name in ("kind", "partner", "area", "text")),
        sa.Column("entered_by", sa.UUID(), nullable=False),
        _when("entered_at"),
        sa.CheckConstraint("kind in ('success', 'challenge', 'experience')", name=op.f("ck_report_note_kind")),
        _of_report("report_note", "CASCADE"),
        _who("report_note", "entered_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_note")),
    )
    op.create_index("ix_report_note_report_id", "report_note", ["report_id"], unique=False)
    op.create_table(
        "report_correction",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("report_id", sa.UUID(), nullable=False),
        _when("at"),
        sa.Column("agent_id", sa.UUID(), nullable=False),
        *(_text(name) for name in ("role", "about", "was", "now", "why")),
        _of_report("report_correction"),
        _who("report_correction", "agent_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_correction")),
    )
    op.create_index("ix_report_correction_report_id", "report_correction", ["report_id", "at"], unique=False)


def upgrade() -> None:
    """Apply. The four tables, and the triggers that keep what was published."""
    _reports()
    _indicators()
    _notes_and_corrections()
    for function in (KEEP_REPORT, KEEP_PART, KEEP_CORRECTION):
        op.execute(function)
    for table, keeper in (
        ("report", "report_keep"),
        ("report_indicator", "report_part_keep"),
        ("report_note", "report_part_keep"),
        ("report_correction", "report_correction_keep"),
    ):
        op.execute(
            f"create trigger {table}_rows before insert or update or delete on {table} "
            f"for each row execute function {keeper}()"
        )
        op.execute(
            f"create trigger {table}_all before truncate on {table} for each statement execute function {keeper}()"
        )
