"""A supervisor's move of many contacts to another queue, and what became of each."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

GOING = "state in ('waiting', 'moved')"
MOVED = ("waiting", "moved", "left", "back", "stays")


class BulkMove(Base):
    """The move: where to, why, by whom, and whether it was undone."""

    __tablename__ = "bulk_move"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"), doc="The supervisor.")
    queue: Mapped[str] = mapped_column(doc="Where to.")
    reason: Mapped[str]
    filter: Mapped[dict[str, Any]] = mapped_column(default=dict, doc="What was chosen by; empty: ticked one by one.")
    began_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))


class BulkMoveItem(Base):
    """One contact of a move. `state`: waiting, moved, left (not moved), back (undone), stays (not undone)."""

    __tablename__ = "bulk_move_item"
    __table_args__ = (
        CheckConstraint(f"state in {MOVED}", name="state"),
        Index("ix_bulk_move_item_waiting", "move_id", "contact_id", postgresql_where=text(GOING)),
    )

    move_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_move.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(default="waiting")
    why: Mapped[str | None] = mapped_column(doc="Why it was left where it was, or stays where it is.")
    version: Mapped[int | None] = mapped_column(doc="The contact's version after it was moved.")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict, doc="Its queue and clocks before.")
