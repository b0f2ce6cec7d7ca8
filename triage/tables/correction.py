"""What people at the desk made of a sorting decision, and the examples that come of it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

# Right: settled where sorting had put it. Wrong: another team settled it. Held: sorting had left it to a person.
VERDICTS = ("right", "wrong", "held")
WAITING, ACCEPTED, DROPPED = "waiting", "accepted", "dropped"


class Correction(Base):
    """What became of one decision: where sorting put a contact, and where people say that it belongs.

    One row a contact, written again whole whenever the contact is passed on or closed.
    """

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint(f"verdict in {VERDICTS}", name="verdict"),
        Index("ix_correction_settled", "settled_at", postgresql_where=text("settled_at is not null")),
        Index("ix_correction_at", "at"),
    )

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("sorting_decision.id", ondelete="CASCADE"), index=True)
    from_queue: Mapped[str] = mapped_column(doc="Where sorting put it.")
    from_service: Mapped[str | None]
    to_queue: Mapped[str] = mapped_column(doc="Where a person says that it belonged.")
    to_service: Mapped[str | None] = mapped_column(doc="Empty when nobody has said.")
    verdict: Mapped[str]
    why: Mapped[str] = mapped_column(doc="agreed, wrong_team, sorted_by_hand, service or priority.")
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"), doc="Who said so last.")
    at: Mapped[datetime] = mapped_column(default=clock.now, doc="When that person did.")
    settled_at: Mapped[datetime | None] = mapped_column(doc="When the contact was closed; empty: not settled yet.")


class LearnedExample(Base):
    """A correction as an example to train on: redacted before it is stored, and used only once a person accepts it."""

    __tablename__ = "learned_example"
    __table_args__ = (
        CheckConstraint(f"state in {(WAITING, ACCEPTED, DROPPED)}", name="state"),
        Index("ix_learned_example_state", "state", "made_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # Whose contact is erased takes its example along.
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), unique=True)
    text: Mapped[str] = mapped_column(doc="What the resident said, without what says who they are; '' once dropped.")
    channel: Mapped[str]
    from_queue: Mapped[str]
    from_service: Mapped[str | None]
    queue: Mapped[str]
    service: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=WAITING)
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"), doc="Who accepted or dropped it.")
    decided_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(doc="It is forgotten then, used or not.")
