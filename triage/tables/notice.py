"""What a resident is to be told of a change to their contact, and whether they were."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

KINDS = ("received", "taken", "passed_on", "asked", "answered", "late", "closed", "reopened", "new_day")
NOTICE_CHANNELS = ("chat", "message")
NOTICE_STATES = ("due", "sent", "failed", "not_sent")


class Notice(Base):
    """One row for each change that matters, written with the line of history that records it. It holds no address
    and no words: both are looked up when it is sent, as they are then."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"channel in {NOTICE_CHANNELS}", name="channel"),
        CheckConstraint(f"state in {NOTICE_STATES}", name="state"),
        Index("ix_notice_due", "next_at", postgresql_where=text("state = 'due'")),
        Index("ix_notice_failed", "made_at", postgresql_where=text("state = 'failed' and seen_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    change_id: Mapped[UUID] = mapped_column(
        ForeignKey("contact_history.id", ondelete="CASCADE"),
        unique=True,
        doc="The line of history that it tells of: one change, one notice, however often a step runs.",
    )
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="due")
    channel: Mapped[str | None] = mapped_column(doc="How they were told; empty: not decided, or not told.")
    why: Mapped[str | None] = mapped_column(doc="Why it was not sent or failed: a key of care.rules.WHY.")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now, doc="Not tried before then.")
    receipt: Mapped[str | None] = mapped_column(doc="The supplier's own name for the message.")
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(doc="When it was sent, failed, or was found not to be sent.")
    seen_at: Mapped[datetime | None] = mapped_column(doc="When somebody at the desk dealt with one that failed.")
    seen_by: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
