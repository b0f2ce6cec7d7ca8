"""The sorters that were trained here, and what the one in shadow would have decided."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

SHADOW, LIVE, PAST = "shadow", "live", "past"


class SorterVersion(Base):
    """One trained sorter. With none live, contacts are sorted by the one that was built from data/ alone."""

    __tablename__ = "sorter_version"
    __table_args__ = (
        CheckConstraint(f"state in {(SHADOW, LIVE, PAST)}", name="state"),
        Index("ix_sorter_version_live", "state", unique=True, postgresql_where=text("state = 'live'")),
        # One at a time, so that each contact is read once more and not more often.
        Index("ix_sorter_version_shadow", "state", unique=True, postgresql_where=text("state = 'shadow'")),
    )

    version: Mapped[str] = mapped_column(primary_key=True, doc="The hash of what it was trained from.")
    state: Mapped[str] = mapped_column(default=SHADOW)
    trained_at: Mapped[datetime] = mapped_column(default=clock.now)
    examples: Mapped[int] = mapped_column(doc="How many it was trained on, corrections included.")
    corrections: Mapped[int] = mapped_column(doc="How many of them are accepted corrections.")
    score: Mapped[dict[str, Any]] = mapped_column(doc="On the held-out split: see sorters.contract.Score.")
    live_score: Mapped[dict[str, Any]] = mapped_column(doc="Of the sorter that was live then, on the same split.")
    live_version: Mapped[str] = mapped_column(doc="Which that was.")
    promoted_at: Mapped[datetime | None]
    instead_of: Mapped[str | None] = mapped_column(
        doc="Which was live until it was promoted, where rolling back leads; empty: the one built from data/ alone."
    )
    # Kept in the database, so that every replica can fetch what it is to sort with.
    model: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, doc="The model's files, as a tar archive.")


class ShadowDecision(Base):
    """What the sorter in shadow would have decided of a contact. Nothing ever acts on it."""

    __tablename__ = "shadow_decision"
    __table_args__ = (UniqueConstraint("decision_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("sorting_decision.id", ondelete="CASCADE"))
    version: Mapped[str] = mapped_column(ForeignKey("sorter_version.version", ondelete="CASCADE"), index=True)
    service: Mapped[str | None]
    queue: Mapped[str]
    priority: Mapped[str]
    confidence: Mapped[float]
    holding: Mapped[bool]
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
