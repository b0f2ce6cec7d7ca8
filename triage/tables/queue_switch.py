"""A supervisor's switching of automatic assignment for one queue."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

ASSIGN = ("auto", "by hand")


class QueueSwitch(Base):
    """One row each time it was switched, and by whom; the newest stands. None: as queues.toml says."""

    __tablename__ = "queue_switch"
    __table_args__ = (
        CheckConstraint(f"assign in {ASSIGN}", name="assign"),
        Index("ix_queue_switch_newest", "queue", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    queue: Mapped[str]
    assign: Mapped[str]
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"), doc="The supervisor who switched it.")
    at: Mapped[datetime] = mapped_column(default=clock.now)
