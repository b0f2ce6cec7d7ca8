"""What a comment was read to be about, and what the council says it did about a theme."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

SAID_STATES = ("draft", "published", "withdrawn")
MOST_SAID, MOST_DID = 300, 900  # characters


class CommentReading(Base):
    """One comment that came with a survey answer: its words redacted, its themes, and which reader read it.

    It holds what figures are filtered by, so that no page needs the answer itself. It goes when the answer goes.
    """

    __tablename__ = "comment_reading"
    __table_args__ = (
        CheckConstraint("sentiment between 1 and 5", name="sentiment"),
        Index("ix_comment_reading_answered", "answered_at"),
    )

    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(doc="Redacted (language/redaction). The only form that anybody is shown.")
    themes: Mapped[list[str]] = mapped_column(ARRAY(Text), doc="Ids of data/themes/council.toml.")
    sentiment: Mapped[int] = mapped_column(doc="1 very positive .. 5 very negative.")
    version: Mapped[str] = mapped_column(doc="The reader's folder: the hash of what it was trained from.")
    service: Mapped[str | None]
    queue: Mapped[str | None]
    demo: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime]
    read_at: Mapped[datetime] = mapped_column(default=clock.now)


class YouSaid(Base):
    """'You said, we did': an entry that an owner writes against a theme. Public once it is published."""

    __tablename__ = "you_said"
    __table_args__ = (
        CheckConstraint(f"state in {SAID_STATES}", name="state"),
        CheckConstraint(f"length(said) between 1 and {MOST_SAID}", name="said"),
        CheckConstraint(f"length(did) between 1 and {MOST_DID}", name="did"),
        CheckConstraint("(state = 'draft') = (published_at is null)", name="published"),
        Index("ix_you_said_published", "state", "published_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    theme: Mapped[str]
    service: Mapped[str | None]
    said: Mapped[str]
    did: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    made_by: Mapped[UUID] = mapped_column(ForeignKey("agent.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
