"""Who may sign in and how, and who did what: sessions, second factors, OpenID Connect, and an audit trail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None

REFUSE = """
create function audit_refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('frontdoor.audit_forget', true) = 'on' then
        return old;
    end if;
    raise exception 'the audit trail is only added to' using errcode = 'insufficient_privilege';
end $$
"""
# Nothing of the audit trail is taken out while it is younger than a year.
FORGET = """
create function audit_forget(before timestamptz) returns bigint language plpgsql as $$
declare gone bigint;
begin
    if before > now() - interval '1 year' then
        raise exception 'the audit trail is kept for a year at least' using errcode = 'insufficient_privilege';
    end if;
    perform set_config('frontdoor.audit_forget', 'on', true);
    delete from audit where at < before;
    get diagnostics gone = row_count;
    perform set_config('frontdoor.audit_forget', 'off', true);
    return gone;
end $$
"""


def _when(name: str, nullable: bool = True, default: str | None = None) -> sa.Column[object]:
    default_text = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default_text)


def _people() -> None:
    for column in (
        sa.Column("set_up_hash", sa.LargeBinary(), nullable=True),
        _when("set_up_until"),
        sa.Column("openid_name", sa.Text(), nullable=True),
        sa.Column("openid_subject", sa.Text(), nullable=True),
        sa.Column("openid_mapped", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("agent", column)
    for name in ("openid_name", "openid_subject"):
        op.create_unique_constraint(op.f(f"uq_agent_{name}"), "agent", [name])


def _sessions() -> None:
    for column in (
        _when("acted_at", nullable=False, default="now()"),
        sa.Column("id", sa.UUID(), nullable=False, server_default=sa.text("gen_random_uuid()")),
        sa.Column("method", sa.Text(), nullable=False, server_default=sa.text("'password'")),
        sa.Column("stage", sa.Text(), nullable=False, server_default=sa.text("'open'")),
        _when("second_factor_at"),
        sa.Column("browser", sa.Text(), nullable=True),
    ):
        op.add_column("sign_in", column)
    op.create_unique_constraint(op.f("uq_sign_in_id"), "sign_in", ["id"])
    op.create_check_constraint(op.f("ck_sign_in_method"), "sign_in", "method in ('password', 'openid', 'link')")
    op.create_check_constraint(op.f("ck_sign_in_stage"), "sign_in", "stage in ('open', 'code', 'enrol')")


def upgrade() -> None:
    """Apply."""
    _people()
    _sessions()
    op.create_table(
        "second_factor",
        sa.Column("agent_id", sa.UUID(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _when("confirmed_at"),
        sa.Column("last_step", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("recovery", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_second_factor_agent_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.UUID(), nullable=False),
        _when("at", nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_audit_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", [sa.text("at desc")])
    op.create_index("ix_audit_agent_at", "audit", ["agent_id", sa.text("at desc")])
    op.create_index("ix_audit_about", "audit", ["kind", "about"], postgresql_where=sa.text("about is not null"))
    # The audit page reads the contacts' own history by time as well.
    op.create_index("ix_contact_history_at", "contact_history", ["at"], postgresql_using="brin")
    op.execute(REFUSE)
    op.execute(
        "create trigger audit_rows before update or delete on audit for each row execute function audit_refuse()"
    )
    op.execute("create trigger audit_all before truncate on audit for each statement execute function audit_refuse()")
    op.execute(FORGET)
