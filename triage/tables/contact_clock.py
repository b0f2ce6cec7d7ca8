"""A promise or a legal time limit that runs on a contact."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from triage.tables.base import Base

# The two that every contact has; every other kind is a key of data/clocks/statutory.toml.
FIRST, SETTLE = "first", "settle"
RUNNING = "met_at is null and ended_at is null and breached_at is null and paused_since is null"


class ContactClock(Base):
    """One clock. It is met, or breached, or ended (the contact was passed on, so that another has taken its place)."""

    __tablename__ = "contact_clock"
    __table_args__ = (
        Index("uq_contact_clock_kind", "contact_id", "kind", unique=True, postgresql_where=text("ended_at is null")),
        # The watch over clocks reads these two and nothing else.
        Index("ix_contact_clock_due", "due_at", postgresql_where=text(RUNNING)),
        Index("ix_contact_clock_warn", "warn_at", postgresql_where=text(f"{RUNNING} and warned_at is null")),
        Index("ix_contact_clock_met_at", "met_at", postgresql_where=text("met_at is not null")),
        Index("ix_contact_clock_breached", "breached_at", postgresql_where=text("breached_at is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(doc="first, settle, or a key of data/clocks/statutory.toml.")
    rule: Mapped[str] = mapped_column(doc="The target as it was promised, or the law.")
    calendar: Mapped[str | None] = mapped_column(doc="Whose opening hours count it; empty: the clock alone.")
    queue: Mapped[str] = mapped_column(doc="Where the contact is; once breached, where it was then.")
    partner: Mapped[str | None] = mapped_column(doc="The id of who holds it; once breached, of who held it then.")
    began_at: Mapped[datetime]
    counts_from: Mapped[datetime] = mapped_column(doc="When it began, or began again where the law says so.")
    due_at: Mapped[datetime]
    warn_at: Mapped[datetime] = mapped_column(doc="The desk is warned then.")
    paused_since: Mapped[datetime | None]
    paused: Mapped[timedelta] = mapped_column(
        default=timedelta(), server_default=text("'0'"), doc="How long it has stood still, as it counts time."
    )
    longer: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="Made longer once, as the law allows."
    )
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None] = mapped_column(doc="The moment at which it was due, unmet.")
    met_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
