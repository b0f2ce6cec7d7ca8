"""Two contacts that have to do with each other."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base


class ContactLink(Base):
    """One row for each pair, the smaller id first, so that a link is the same from both sides."""

    __tablename__ = "contact_link"
    __table_args__ = (
        PrimaryKeyConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="order"),
    )

    one_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
