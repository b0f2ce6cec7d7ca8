"""Everybody who could be asked how it went, who was asked, and what they said."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import EMPTY_LIST, Base

KINDS_OF_CASE = ("conversation", "contact")
# How a conversation or a contact came to its end. See surveys/rules.py for which is which, with reasons.
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
# Why a case has no answer that counts. Empty: it has one, or it still may.
WHY_NOT = (
    # Not among those who could be asked (`eligible` is false).
    "test",
    "staff",
    "merged",
    "nothing_said",
    # Could be asked, and was not.
    "not_sampled",
    "unsafe",
    "never_again",
    "asked_lately",
    "asked_later",
    "abandoned",
    "no_way_to_ask",
    "before",
    # Was to be asked, and the message did not reach them; or it did, and they did not answer.
    "undeliverable",
    "expired",
    # Answered, and the answer is kept and does not count ("test" and "staff" may be found here as well).
    "duplicate",
    "flood",
)
WAYS_ASKED = ("chat", "message", "page")
LETTERS = ("invite", "reminder", "outcome")
LETTER_STATES = ("due", "sent", "failed", "not_sent")
FIRST_VERSION = "2026-11"
MOST_IN_A_COMMENT = 1_200  # characters
FIRST_ASKED = text("""'["satisfaction", "got_it", "comment"]'""")


class SurveyCase(Base):
    """One row for each conversation and for each contact, from its beginning: who could be asked, and what came of it.

    The funnel, each a part of the one before: ended (`ending` is not null) · eligible · sampled · invited
    (`invited_at`) · opened (`opened_at`; by post only, so never more than really opened it) · answered (`answered_at`)
    · counted (`answered_at` is not null and `why_not` is null). `demo` rows are never counted with the rest.
    """

    __tablename__ = "survey_case"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS_OF_CASE}", name="kind"),
        CheckConstraint(f"ending in {ENDINGS}", name="ending"),
        CheckConstraint(f"why_not in {WHY_NOT}", name="why_not"),
        CheckConstraint(f"invited_by in {WAYS_ASKED}", name="invited_by"),
        CheckConstraint("(ending is null) = (ended_at is null)", name="ended"),
        Index("ix_survey_case_began_at", "began_at"),
        Index("ix_survey_case_ended_at", "ended_at", postgresql_where=text("ended_at is not null")),
        Index("ix_survey_case_invited_at", "invited_at", postgresql_where=text("invited_at is not null")),
        Index("ix_survey_case_answered_at", "answered_at", postgresql_where=text("answered_at is not null")),
        # What has not ended yet is looked at again and again, and is little.
        Index("ix_survey_case_open", "kind", "began_at", postgresql_where=text("ended_at is null")),
        Index("ix_survey_case_address", "address_hash", postgresql_where=text("address_hash is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(doc="conversation or contact: what it is about; stays when that is erased.")
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="SET NULL"), unique=True
    )
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), unique=True)
    channel: Mapped[str] = mapped_column(doc="Of the conversation (chat) or contact: one of contact.CHANNELS.")
    service: Mapped[str | None] = mapped_column(doc="As it was at the end; empty: none was known.")
    queue: Mapped[str | None] = mapped_column(doc="As it was at the end; of a conversation, its service's.")
    partner: Mapped[str | None] = mapped_column(doc="Who held it or runs that queue at the end: id in partners.toml.")
    demo: Mapped[bool] = mapped_column(default=False, server_default=false(), doc="Test or demonstration.")
    staff: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="It was begun in a browser in which somebody was at the desk."
    )
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    sampled: Mapped[bool] = mapped_column(doc="Drawn when it began, from its id and a seed (triage/sampling.py).")
    share: Mapped[float] = mapped_column(doc="The chance with which it was drawn, 0 to 1.")
    ending: Mapped[str | None] = mapped_column(doc="One of ENDINGS; empty: it goes on.")
    ended_at: Mapped[datetime | None]
    eligible: Mapped[bool | None] = mapped_column(doc="One of those who could be asked; empty: it goes on.")
    reasons: Mapped[list[Any]] = mapped_column(
        default=list, server_default=EMPTY_LIST, doc="Why this ending and eligible, in sentences."
    )
    invited_at: Mapped[datetime | None] = mapped_column(doc="The question was put to them then.")
    invited_by: Mapped[str | None] = mapped_column(doc="chat, message or page (/contacts/{reference}).")
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None] = mapped_column(doc="The first question was answered then.")
    why_not: Mapped[str | None] = mapped_column(doc="One of WHY_NOT; empty: it has an answer that counts, or may yet.")
    address_hash: Mapped[bytes | None] = mapped_column(
        doc="Keyed hash of the address that they left, to ask nobody too often and to find answers given twice."
    )


class Invite(Base):
    """One person asked once. The link's token is signed and single-use; we keep its hash."""

    __tablename__ = "invite"
    __table_args__ = (CheckConstraint(f"via in {WAYS_ASKED}", name="via"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("survey_case.id", ondelete="CASCADE"), unique=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"), unique=True)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id"), unique=True)
    service: Mapped[str | None]
    queue: Mapped[str | None]
    channel: Mapped[str]
    demo: Mapped[bool] = mapped_column(default=False)
    via: Mapped[str] = mapped_column(default="chat", server_default=text("'chat'"), doc="chat, message or page.")
    version: Mapped[str] = mapped_column(
        default=FIRST_VERSION, server_default=text(f"'{FIRST_VERSION}'"), doc="Of the questions: data/surveys."
    )
    asked: Mapped[list[Any]] = mapped_column(
        default=lambda: ["satisfaction", "got_it", "comment"],
        server_default=FIRST_ASKED,
        doc="The ids of its questions in order, the one that takes turns included: each one's denominator.",
    )
    skipped: Mapped[list[Any]] = mapped_column(
        default=list, server_default=EMPTY_LIST, doc="The ids of questions that they chose not to answer."
    )
    invited_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None] = mapped_column(doc="The last question was answered or skipped.")


class Answer(Base):
    """What a person said; what they skipped is empty. Scales run from 1 (worst, hardest) to 5 (best, easiest).

    It counts when `excluded` is empty.
    """

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("satisfaction between 1 and 5", name="satisfaction"),
        CheckConstraint("effort between 1 and 5", name="effort"),
        CheckConstraint("taken_seriously in ('yes', 'partly', 'no')", name="taken_seriously"),
        CheckConstraint("clear_next_step in ('yes', 'partly', 'no')", name="clear_next_step"),
        CheckConstraint(f"length(comment) <= {MOST_IN_A_COMMENT}", name="comment"),
        CheckConstraint(f"excluded in {WHY_NOT}", name="excluded"),
        Index("ix_answer_source", "source_hash", "answered_at", postgresql_where=text("source_hash is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    invite_id: Mapped[UUID] = mapped_column(ForeignKey("invite.id", ondelete="CASCADE"), unique=True)
    version: Mapped[str] = mapped_column(default=FIRST_VERSION, server_default=text(f"'{FIRST_VERSION}'"))
    satisfaction: Mapped[int | None]
    got_it: Mapped[str | None] = mapped_column(doc="yes, partly or no: 'Did you get what you came for?'")
    effort: Mapped[int | None] = mapped_column(doc="5 is very easy.")
    taken_seriously: Mapped[str | None] = mapped_column(doc="yes, partly or no; asked of about half.")
    clear_next_step: Mapped[str | None] = mapped_column(doc="yes, partly or no; asked of the other half.")
    comment: Mapped[str | None]
    excluded: Mapped[str | None] = mapped_column(
        doc="Why it is kept and does not count: test, staff, duplicate, flood."
    )
    source_hash: Mapped[bytes | None] = mapped_column(
        doc="Keyed hash of the network address it came from, to see floods; forgotten after some weeks."
    )
    answered_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class OutcomeCheck(Base):
    """Some days after a contact was closed as done: "Was it really settled?", asked once for each contact."""

    __tablename__ = "outcome_check"
    __table_args__ = (
        # One of each closing: whoever said no is asked again once it is closed again.
        Index("uq_outcome_check_closing", "contact_id", "closed_at", unique=True),
        # Counting a day reads these.
        Index("ix_outcome_check_closed_at", "closed_at"),
        Index("ix_outcome_check_asked_at", "asked_at", postgresql_where=text("asked_at is not null")),
        CheckConstraint(f"why_not in {WHY_NOT} or why_not = 'open_again'", name="why_not"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    service: Mapped[str | None]
    queue: Mapped[str | None]
    partner: Mapped[str | None] = mapped_column(doc="Who closed it as done.")
    channel: Mapped[str]
    demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    closed_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(doc="Asked from then on.")
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    settled: Mapped[bool | None] = mapped_column(doc="Their answer; no opened the contact again.")
    why_not: Mapped[str | None] = mapped_column(doc="Why it was not asked or answered; open_again: no need to ask.")


class SurveyLetter(Base):
    """An email or text message that asks: it holds no address, words or link; they are put together as it is sent."""

    __tablename__ = "survey_letter"
    __table_args__ = (
        CheckConstraint(f"kind in {LETTERS}", name="kind"),
        CheckConstraint(f"state in {LETTER_STATES}", name="state"),
        CheckConstraint("(case_id is null) <> (check_id is null)", name="about"),
        # Of each kind at most one: nobody is reminded twice.
        Index("uq_survey_letter_case_id_kind", "case_id", "kind", unique=True),
        Index("uq_survey_letter_check_id", "check_id", unique=True),
        Index("ix_survey_letter_due", "next_at", postgresql_where=text("state = 'due'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("survey_case.id", ondelete="CASCADE"))
    check_id: Mapped[UUID | None] = mapped_column(ForeignKey("outcome_check.id", ondelete="CASCADE"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="due")
    why: Mapped[str | None] = mapped_column(doc="Why it was not sent, or failed.")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now, doc="Not tried before then.")
    receipt: Mapped[str | None] = mapped_column(doc="The supplier's own name for the message.")
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]


class SurveyRefusal(Base):
    """An address at which nobody is asked how it went, ever again. We keep a keyed hash of it."""

    __tablename__ = "survey_refusal"

    address_hash: Mapped[bytes] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
