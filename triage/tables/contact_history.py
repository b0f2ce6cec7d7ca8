"""What happened to a contact: the audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

# What counting looks for by its day (metrics/counting).
COUNTED = "what in ('closed', 'danger seen')"


class ContactHistory(Base):
    """One row for each change or note. Rows are only ever added."""

    __tablename__ = "contact_history"
    __table_args__ = (
        # Lines lie in the order they were written, so the newest day is found by the smallest of indexes.
        Index("ix_contact_history_at", "at", postgresql_using="brin"),
        # Counting a day reads these of it, and no other line.
        Index("ix_contact_history_counted", "what", "at", postgresql_where=text(COUNTED)),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(
        doc="arrived, sorted, queued, taken, released, answered, noted, transferred, added, closed, reopened, outcome, "
        "withdrew, paused, resumed, made_longer, reached, clock_near, clock_missed, moved, late, promised (for "
        "the day in its detail)."
    )
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"), doc="Empty: software did it.")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=clock.now)
