"""Surveys: everybody who could be asked, one row each; questions that take turns; letters; the outcome check."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None

WHY_NOT = (
    "test",
    "staff",
    "merged",
    "nothing_said",
    "not_sampled",
    "unsafe",
    "never_again",
    "asked_lately",
    "asked_later",
    "abandoned",
    "no_way_to_ask",
    "before",
    "undeliverable",
    "expired",
    "duplicate",
    "flood",
)
ENDINGS = (
    "settled",
    "abandoned",
    "not_eligible",
    "error",
    "closed",
    "message_left",
    "nothing_said",
    "merged",
)


def upgrade() -> None:
    """Apply. What ended before today is on record as well, with why nobody was asked about it."""
    _cases()
    _invites_and_answers()
    _letters()
    _from_the_record()


def _cases() -> None:
    op.create_table(
        "survey_case",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.UUID(), nullable=True),
        sa.Column("contact_id", sa.UUID(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("partner", sa.Text(), nullable=True),
        sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("staff", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("eligible", sa.Boolean(), nullable=True),
        sa.Column("reasons", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_by", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_not", sa.Text(), nullable=True),
        sa.Column("address_hash", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind in ('conversation', 'contact')", name=op.f("ck_survey_case_kind")),
        sa.CheckConstraint(f"ending in {ENDINGS}", name=op.f("ck_survey_case_ending")),
        sa.CheckConstraint(f"why_not in {WHY_NOT}", name=op.f("ck_survey_case_why_not")),
        sa.CheckConstraint("invited_by in ('chat', 'message', 'page')", name=op.f("ck_survey_case_invited_by")),
        sa.CheckConstraint("(ending is null) = (ended_at is null)", name=op.f("ck_survey_case_ended")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_survey_case_conversation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_survey_case_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_case")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_survey_case_conversation_id")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_survey_case_contact_id")),
    )
    op.create_index("ix_survey_case_began_at", "survey_case", ["began_at"])
    for moment in ("ended_at", "invited_at", "answered_at"):
        op.create_index(
            f"ix_survey_case_{moment}", "survey_case", [moment], postgresql_where=sa.text(f"{moment} is not null")
        )
    op.create_index(
        "ix_survey_case_open", "survey_case", ["kind", "began_at"], postgresql_where=sa.text("ended_at is null")
    )
    op.create_index(
        "ix_survey_case_address",
        "survey_case",
        ["address_hash"],
        postgresql_where=sa.text("address_hash is not null"),
    )


def _invites_and_answers() -> None:
    op.add_column("invite", sa.Column("case_id", sa.UUID(), nullable=True))
    op.add_column("invite", sa.Column("via", sa.Text(), server_default=sa.text("'chat'"), nullable=False))
    op.add_column("invite", sa.Column("version", sa.Text(), server_default=sa.text("'2026-11'"), nullable=False))
    op.add_column(
        "invite",
        sa.Column(
            "asked",
            postgresql.JSONB(),
            server_default=sa.text("""'["satisfaction", "got_it", "comment"]'"""),
            nullable=False,
        ),
    )
    op.add_column("invite", sa.Column("skipped", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False))
    op.create_foreign_key(op.f("fk_invite_case_id"), "invite", "survey_case", ["case_id"], ["id"], ondelete="CASCADE")
    op.create_unique_constraint(op.f("uq_invite_case_id"), "invite", ["case_id"])
    op.create_check_constraint(op.f("ck_invite_via"), "invite", "via in ('chat', 'message', 'page')")
    op.alter_column("answer", "satisfaction", nullable=True)
    op.add_column("answer", sa.Column("version", sa.Text(), server_default=sa.text("'2026-11'"), nullable=False))
    op.add_column("answer", sa.Column("effort", sa.Integer(), nullable=True))
    op.add_column("answer", sa.Column("taken_seriously", sa.Text(), nullable=True))
    op.add_column("answer", sa.Column("clear_next_step", sa.Text(), nullable=True))
    op.add_column("answer", sa.Column("excluded", sa.Text(), nullable=True))
    op.add_column("answer", sa.Column("source_hash", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(op.f("ck_answer_effort"), "answer", "effort between 1 and 5")
    for driver in ("taken_seriously", "clear_next_step"):
        op.create_check_constraint(op.f(f"ck_answer_{driver}"), "answer", f"{driver} in ('yes', 'partly', 'no')")
    op.create_check_constraint(op.f("ck_answer_excluded"), "answer", f"excluded in {WHY_NOT}")
    op.create_index(
        "ix_answer_source",
        "answer",
        ["source_hash", "answered_at"],
        postgresql_where=sa.text("source_hash is not null"),
    )


def _letters() -> None:
    op.create_table(
        "outcome_check",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("contact_id", sa.UUID(), nullable=True),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("partner", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=True),
        sa.Column("why_not", sa.Text(), nullable=True),
        sa.CheckConstraint(f"why_not in {WHY_NOT} or why_not = 'open_again'", name=op.f("ck_outcome_check_why_not")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_outcome_check_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_check")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_outcome_check_contact_id")),
    )
    op.create_index(
        "ix_outcome_check_asked_at",
        "outcome_check",
        ["asked_at"],
        postgresql_where=sa.text("asked_at is not null"),
    )
    op.create_table(
        "survey_letter",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=True),
        sa.Column("check_id", sa.UUID(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('invite', 'reminder', 'outcome')", name=op.f("ck_survey_letter_kind")),
        sa.CheckConstraint("state in ('due', 'sent', 'failed', 'not_sent')", name=op.f("ck_survey_letter_state")),
        sa.CheckConstraint("(case_id is null) <> (check_id is null)", name=op.f("ck_survey_letter_about")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["survey_case.id"], name=op.f("fk_survey_letter_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["check_id"], ["outcome_check.id"], name=op.f("fk_survey_letter_check_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_letter")),
    )
    op.create_index("uq_survey_letter_case_id_kind", "survey_letter", ["case_id", "kind"], unique=True)
    op.create_index("uq_survey_letter_check_id", "survey_letter", ["check_id"], unique=True)
    op.create_index("ix_survey_letter_due", "survey_letter", ["next_at"], postgresql_where=sa.text("state = 'due'"))
    op.create_table(
        "survey_refusal",
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_survey_refusal")),
    )


def _from_the_record() -> None:
    """A case for each conversation and contact that there is, and for each invite its case.

    How an old conversation ended is found by the step that looks at what was left (surveys.steps.end_idle), a few
    hundred at a time; it asks nobody about what has `why_not` already.
    """
    op.execute(
        """
        insert into survey_case (id, kind, conversation_id, channel, demo, began_at, sampled, share,
            invited_at, invited_by, opened_at, answered_at, why_not)
        select gen_random_uuid(), 'conversation', talk.id, 'chat', talk.demo, talk.started_at, talk.survey_sampled, 1,
            invite.invited_at, case when invite.id is not null then 'chat' end, invite.opened_at, invite.answered_at,
            case when talk.demo then 'test'
                when invite.id is null and (talk.mode = 'ended' or talk.last_at < now() - interval '1 hour')
                then 'before' end
        from conversation talk left join invite on invite.conversation_id = talk.id
        """
    )
    op.execute(
        """
        insert into survey_case (id, kind, contact_id, channel, service, queue, partner, demo, began_at, sampled, share,
            ending, ended_at, eligible, invited_at, invited_by, opened_at, answered_at, why_not)
        select gen_random_uuid(), 'contact', contact.id, contact.channel, contact.service, contact.queue,
            contact.partner, contact.demo, contact.arrived_at, coalesce(talk.survey_sampled, true), 1,
            case when contact.closed_at is null then null when contact.merged_into is null then 'closed'
                else 'merged' end,
            contact.closed_at,
            case when contact.closed_at is not null then not contact.demo and contact.merged_into is null end,
            invite.invited_at, case when invite.id is not null then 'chat' end, invite.opened_at, invite.answered_at,
            case when contact.demo then 'test' when contact.merged_into is not null then 'merged'
                when contact.closed_at is not null and invite.id is null then 'before' end
        from contact
        left join conversation talk on talk.id = contact.conversation_id
        left join invite on invite.contact_id = contact.id
        """
    )
    op.execute(
        "update invite set case_id = survey_case.id from survey_case "
        "where survey_case.conversation_id = invite.conversation_id"
    )
    op.execute(
        "update invite set case_id = survey_case.id from survey_case where survey_case.contact_id = invite.contact_id"
    )
