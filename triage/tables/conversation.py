"""A chat between a resident and the assistant, and later perhaps an agent."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

MODES = ("assistant", "waiting", "person", "ended")


class Conversation(Base):
    """One chat. Only the holder of the secret may read it or add to it; we keep the secret's hash."""

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint(f"mode in {MODES}", name="mode"),
        # Counting a day reads what began on it; rows lie in the order in which they began.
        Index("ix_conversation_started_at", "started_at", postgresql_using="brin"),
        # What the night erases next.
        Index("ix_conversation_to_forget", "last_at", "id", postgresql_where=text("erased_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    secret_hash: Mapped[bytes]
    mode: Mapped[str] = mapped_column(default="assistant", doc="Who speaks with the resident now.")
    contact_id: Mapped[UUID | None] = mapped_column(doc="The contact that this conversation is about now.")
    dialogue: Mapped[list[Any]] = mapped_column(
        default=list, doc="Rasa's own events since the last rest; Rasa itself keeps nothing between turns."
    )
    context: Mapped[dict[str, Any]] = mapped_column(
        default=dict,
        doc="What chat remembers: last service, unanswered danger question, failed turns in a row, what it waits for "
        "(passing_on.py), which agent has joined, a form set aside (paused.py); and what an open form was told "
        "(sealing.py).",
    )
    last_seq: Mapped[int] = mapped_column(default=0, doc="Number of the newest message.")
    turn_until: Mapped[datetime | None] = mapped_column(
        doc="A turn is being answered until then; the next message waits. Clears itself if its process dies."
    )
    here_until: Mapped[datetime | None] = mapped_column(
        doc="The resident's page is open, as far as its event stream tells; renewed while they wait or talk to a "
        "person. In the past: it has closed. Empty: not known."
    )
    survey_sampled: Mapped[bool] = mapped_column(
        default=True,
        doc="Decided when the conversation begins, so that a good ending is not asked more often.",
    )
    demo: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None] = mapped_column(doc="What was said in it was taken out then.")
