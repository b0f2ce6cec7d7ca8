"""One need, from any channel, that the council must settle."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import EMPTY_LIST, Base

CHANNELS = ("chat", "web", "email", "phone", "api")
STATES = ("arrived", "sorted", "queued", "taken", "closed")
PRIORITIES = ("P0", "P1", "P2", "P3", "P4")
# Freedom of Information Act 2000; Environmental Information Regulations 2004; subject access (UK GDPR article 15);
# complaint (FACTS R13); Housing Act 1996 part 7; hazard in a council home (Awaab's Law).
# How it came to its queue from another: passed on by another partner and not accepted by this one yet; sent to and fro,
# so that a supervisor decides; decided by a supervisor, who alone may pass it on again.
PLACEMENTS = ("offered", "bounced", "final")
STATUTORY = ("foi", "eir", "sar", "complaint", "homelessness", "hazard")
CLOCKLESS = "queued_at is null or first_due_at is null or settle_due_at is null"
SAME = r"regexp_replace(regexp_replace(lower(reply_to), '[\s-]', '', 'g'), '\+?44\(?0?\)?7', '07', 'g')"
TURN = ("priority", text("live desc"), "first_due_at", "arrived_at", "id")


class Contact(Base):
    """A contact's whole state. `version` rises at every change, so a stale holder's write is refused (409)."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"priority in {PRIORITIES}", name="priority"),
        CheckConstraint(f"statutory in {STATUTORY}", name="statutory"),
        CheckConstraint(f"placement in {PLACEMENTS}", name="placement"),
        # Taking the next contact reads the head of these, in the order of taking.ORDER: of one queue, of every queue,
        # and of what only an agent with a certain skill is given.
        Index("ix_contact_next", "queue", *TURN, postgresql_where=text("state = 'queued' and skill is null")),
        Index("ix_contact_turn", *TURN, postgresql_where=text("state = 'queued' and skill is null")),
        Index("ix_contact_skill", "skill", *TURN, postgresql_where=text("state = 'queued' and skill is not null")),
        # What an agent was given and has not looked at.
        Index("ix_contact_assigned_at", "assigned_at", postgresql_where=text("assigned_at is not null")),
        Index("ix_contact_unsettled", "state", "arrived_at", postgresql_where=text("state <> 'closed'")),
        Index("ix_contact_paused", "paused_until", postgresql_where=text("paused_until is not null")),
        # The sweeper looks for these every five seconds, and they are to be empty.
        Index("ix_contact_without_queue", "arrived_at", postgresql_where=text("state <> 'closed' and queue is null")),
        Index(
            "ix_contact_without_clock",
            "arrived_at",
            postgresql_where=text(f"state in ('queued', 'taken') and ({CLOCKLESS})"),
        ),
        Index(
            "ix_contact_settle_due",
            "settle_due_at",
            postgresql_where=text("state <> 'closed' and paused_at is null"),
        ),
        # Whoever said that it is not safe to contact them is not written to about any other contact either.
        Index(
            "ix_contact_unsafe_address",
            "reply_to",
            postgresql_where=text("safe_to_contact = false and reply_to is not null"),
        ),
        # What sorting looks for: the same thing still open; the same resident has the indexes on reply_to below.
        Index("ix_contact_open_service", "service", "arrived_at", postgresql_where=text("state <> 'closed'")),
        Index("ix_contact_agent", "agent_id", postgresql_where=text("state = 'taken'")),
        # A resident's earlier contacts, what is open at one place, what was made part of another, what is due again.
        Index("ix_contact_reply_to", text("lower(reply_to)"), postgresql_where=text("reply_to is not null")),
        # The same resident, however they typed it: telling.same_in.
        Index("ix_contact_reply_same", text(SAME), postgresql_where=text("reply_to is not null")),
        Index(
            "ix_contact_place",
            text("lower(place)"),
            postgresql_where=text("place is not null and state <> 'closed'"),
        ),
        Index("ix_contact_merged_into", "merged_into", postgresql_where=text("merged_into is not null")),
        # What is counted by a contact that is to be erased.
        Index("ix_contact_repeat_of", "repeat_of", postgresql_where=text("repeat_of is not null")),
        Index("ix_contact_follow_up_on", "follow_up_on", postgresql_where=text("follow_up_on is not null")),
        # Counting a day reads these and no other contact.
        Index("ix_contact_arrived_at", "arrived_at", postgresql_using="brin"),
        Index("ix_contact_closed_at", "closed_at", postgresql_where=text("closed_at is not null")),
        Index("ix_contact_first_answer_at", "first_answer_at", postgresql_where=text("first_answer_at is not null")),
        # What the night erases next: those that have been closed for longest.
        Index(
            "ix_contact_to_forget",
            "closed_at",
            "id",
            postgresql_where=text("closed_at is not null and erased_at is null"),
        ),
        # How long people waited lately.
        Index("ix_contact_taken_at", "queue", "taken_at", postgresql_where=text("live")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(unique=True, doc="What people read out: BN-7K3M-9QXF.")
    secret_hash: Mapped[bytes]
    channel: Mapped[str]
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    live: Mapped[bool] = mapped_column(default=False, doc="The resident is waiting in the chat for an agent.")
    text: Mapped[str] = mapped_column(doc="What the resident said, whole.")
    details: Mapped[dict[str, Any]] = mapped_column(
        default=dict, doc="What a form gathered, label to answer, in the order asked."
    )
    name: Mapped[str | None]
    reply_to: Mapped[str | None] = mapped_column(doc="An email address or phone number the resident gave.")
    place: Mapped[str | None]
    safe_to_contact: Mapped[bool | None] = mapped_column(doc="Answer to 'Is it safe for us to contact you?'")
    consent: Mapped[bool] = mapped_column(default=False, doc="Agreed that we may keep and pass on these details.")
    service: Mapped[str | None] = mapped_column(doc="Known when the assistant or a form named it; else sorting says.")
    danger: Mapped[str | None] = mapped_column(doc="The id of the danger signal that was seen, if any.")
    priority: Mapped[str] = mapped_column(default="P3")
    state: Mapped[str] = mapped_column(default="arrived")
    queue: Mapped[str | None]
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    lease_until: Mapped[datetime | None] = mapped_column(doc="A taken contact returns to its queue after this.")
    close_reason: Mapped[str | None]
    outcome: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    idempotency_key: Mapped[str | None] = mapped_column(unique=True)
    # What sorting made of it.
    complaint: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="Says that they are not satisfied with the council."
    )
    statutory: Mapped[str | None] = mapped_column(doc="The law's clock that it starts: one of STATUTORY.")
    vulnerable: Mapped[list[Any]] = mapped_column(
        default=list, server_default=EMPTY_LIST, doc="Short words: older, baby, no money."
    )
    language: Mapped[str | None] = mapped_column(doc="ISO 639-1 code of what they write in, when it is not English.")
    repeat_of: Mapped[UUID | None] = mapped_column(
        ForeignKey("contact.id"), doc="An earlier contact of the same resident and need, or the same place and kind."
    )
    # Whose turn it is.
    skill: Mapped[str | None] = mapped_column(doc="The service that only an agent with this skill is given.")
    placement: Mapped[str | None] = mapped_column(doc="One of PLACEMENTS; empty: it came as it was sorted.")
    assigned_at: Mapped[datetime | None] = mapped_column(
        doc="Given to its agent automatically then, who has not opened it yet: a colleague may still take it."
    )
    # What is agreed and done about it.
    partner: Mapped[str | None] = mapped_column(doc="The id in partners.toml of who holds it and answers for it.")
    paused_at: Mapped[datetime | None] = mapped_column(doc="Its clocks stand still since then, for a reason on record.")
    pause_reason: Mapped[str | None] = mapped_column(doc="Why: an id in clocks/pausing.py.")
    paused_until: Mapped[datetime | None] = mapped_column(doc="Its clocks go on by themselves then.")
    messages_ok: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="Agreed to be told by message at `reply_to`."
    )
    follow_up_on: Mapped[date | None] = mapped_column(doc="The desk looks at it again on that day.")
    tags: Mapped[list[Any]] = mapped_column(
        default=list, server_default=EMPTY_LIST, doc="Short words of the desk's own."
    )
    merged_into: Mapped[UUID | None] = mapped_column(
        ForeignKey("contact.id"), doc="The contact that this one was made part of; this one is closed then."
    )
    demo: Mapped[bool] = mapped_column(default=False)
    arrived_at: Mapped[datetime] = mapped_column(default=clock.now)
    queued_at: Mapped[datetime | None]
    first_due_at: Mapped[datetime | None] = mapped_column(doc="A first answer is due by then, in working time.")
    settle_due_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    first_answer_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None] = mapped_column(
        doc="Its person, words and addresses were taken out then; what figures are counted from stays."
    )
    held: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB,
        doc="What counting found of it before something that this depends on was erased: {came_back, avoidable}.",
    )
