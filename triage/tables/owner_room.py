"""What owners keep: notes on the chart, views that they come back to, and who gets the monthly summary."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

KINDS = ("event", "service", "question", "counting")


class Annotation(Base):
    """Something that happened, as an owner wrote it on the chart of one view. Taken off, it stays on record."""

    __tablename__ = "annotation"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("source in ('live', 'demo', 'import')", name="source"),
        Index("ix_annotation_day", "source", "day", postgresql_where=text("removed_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    day: Mapped[date] = mapped_column(doc="From when it counts.")
    words: Mapped[str]
    kind: Mapped[str] = mapped_column(doc="Something that happened, a changed service, question, or way of counting.")
    change: Mapped[bool] = mapped_column(doc="A declared change point: a new baseline begins with its month.")
    source: Mapped[str]
    service: Mapped[str] = mapped_column(default="", doc="'': of every service. So with the next three.")
    queue: Mapped[str] = mapped_column(default="")
    partner: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="")
    made_by: Mapped[UUID] = mapped_column(ForeignKey("agent.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    removed_by: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    removed_at: Mapped[datetime | None]


class SavedView(Base):
    """A view of the owner's page under a name, as its query string."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_agent", "agent_id", "name", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"))
    name: Mapped[str]
    address: Mapped[str] = mapped_column(doc="'?service=…', '' for everything.")
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class OwnerSubscription(Base):
    """Who asked for the monthly summary, of which view, and where it goes."""

    __tablename__ = "owner_subscription"

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str]
    address: Mapped[str] = mapped_column(default="", doc="The view's query string.")
    since: Mapped[datetime] = mapped_column(default=clock.now)


class OwnerSummary(Base):
    """One summary: a person and a month have one, whatever becomes of it."""

    __tablename__ = "owner_summary"
    __table_args__ = (
        PrimaryKeyConstraint("agent_id", "month"),
        CheckConstraint("state in ('due', 'sent', 'failed')", name="state"),
    )

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"))
    month: Mapped[date] = mapped_column(doc="The first day of the month that it tells of.")
    state: Mapped[str] = mapped_column(default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now)
    receipt: Mapped[str | None]
