"""A contact that was passed to a team for help into work, and what came of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from triage.tables.base import Base

OUTCOMES = ("started_work", "training", "benefit_changed", "no_change", "not_reached")


class Referral(Base):
    """One row for a referred contact. The newest outcome stands; each that was recorded is in the contact's history."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint(f"outcome in {OUTCOMES}", name="outcome"),
        CheckConstraint("(outcome is null) = (outcome_on is null)", name="outcome_on"),
        Index("ix_referral_follow_up", "follow_up_on", postgresql_where=text("follow_up_on is not null")),
    )

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    scheme: Mapped[str] = mapped_column(doc="jobs or welfare: a scheme of the council's referrals.toml.")
    may_share: Mapped[bool] = mapped_column(doc="Agreed that partners are given what they told us.")
    asked: Mapped[str] = mapped_column(doc="The question of consent, word for word.")
    answered_at: Mapped[datetime] = mapped_column(doc="When the question was answered.")
    referred_at: Mapped[datetime]
    follow_up_on: Mapped[date | None] = mapped_column(doc="Ask how it went on this day; empty: not yet, or done.")
    reminded_at: Mapped[datetime | None] = mapped_column(doc="When the desk was reminded to ask.")
    outcome: Mapped[str | None]
    outcome_on: Mapped[date | None] = mapped_column(doc="The day on which it happened.")
    demo: Mapped[bool] = mapped_column(default=False)
