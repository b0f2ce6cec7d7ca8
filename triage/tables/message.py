"""What was said in a conversation."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

AUTHORS = ("resident", "assistant", "agent", "system")


class Message(Base):
    """One message. `seq` counts from 1 within its conversation and is the event id of live streams."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "idempotency_key"),
        CheckConstraint(f"author in {AUTHORS}", name="author"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    seq: Mapped[int]
    author: Mapped[str]
    text: Mapped[str]
    by: Mapped[str | None] = mapped_column(doc="The name a resident sees for an agent.")
    extras: Mapped[dict[str, Any]] = mapped_column(
        default=dict,
        doc="choices [{id,label,send}], links [{label,href}], source {name,href,checked}, survey, place.",
    )
    understood: Mapped[dict[str, Any] | None] = mapped_column(
        doc="For a resident's message: {service, confidence, abstained, danger, given?}; `given` is pressed, form or "
        "between where it is no need in words of the resident's own."
    )
    idempotency_key: Mapped[str | None]
    answers_id: Mapped[UUID | None] = mapped_column(doc="The resident's message that this one answers.")
    answered_at: Mapped[datetime | None] = mapped_column(
        doc="For a resident's message: when it had a reply or reached an agent. Empty: the sweeper looks after it."
    )
    said_at: Mapped[datetime] = mapped_column(default=clock.now)
