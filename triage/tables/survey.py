"""Who was asked how it went, and what they said."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base


class Invite(Base):
    """One person asked once. The link's token is signed and single-use; we keep its hash."""

    __tablename__ = "invite"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"), unique=True)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id"), unique=True)
    service: Mapped[str | None]
    queue: Mapped[str | None]
    channel: Mapped[str]
    demo: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None] = mapped_column(doc="The last question was answered or skipped.")


class Answer(Base):
    """What a person said. Satisfaction runs from 1 (very dissatisfied) to 5 (very satisfied)."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("satisfaction between 1 and 5", name="satisfaction"),
        CheckConstraint("length(comment) <= 1200", name="comment"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    invite_id: Mapped[UUID] = mapped_column(ForeignKey("invite.id", ondelete="CASCADE"), unique=True)
    satisfaction: Mapped[int]
    got_it: Mapped[str | None] = mapped_column(doc="yes, partly or no: 'Did you get what you came for?'")
    comment: Mapped[str | None]
    answered_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
