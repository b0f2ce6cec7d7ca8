"""Rules that a supervisor has added to sorting, as data."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import EMPTY_LIST, Base
from triage.tables.contact import CHANNELS, PRIORITIES


class SortingRule(Base):
    """When a contact is like this, then do that. `version` rises when its wording changes, which switches it off."""

    __tablename__ = "sorting_rule"
    __table_args__ = (
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        CheckConstraint(f"then_priority in {PRIORITIES}", name="then_priority"),
        Index("ix_sorting_rule_on", "switched_on_at", postgresql_where=text("switched_on_at is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)
    phrases: Mapped[list[Any]] = mapped_column(
        default=list, server_default=EMPTY_LIST, doc="Any of them, word for word; none: whatever was said."
    )
    channel: Mapped[str | None]
    service: Mapped[str | None]
    place: Mapped[str | None] = mapped_column(doc="Words of the place that the contact is about.")
    then_queue: Mapped[str | None]
    then_priority: Mapped[str | None] = mapped_column(doc="At least this urgent.")
    then_tag: Mapped[str | None]
    from_day: Mapped[date | None]
    to_day: Mapped[date | None] = mapped_column(doc="The last day on which it works.")
    made_by: Mapped[UUID] = mapped_column(ForeignKey("agent.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    switched_on_at: Mapped[datetime | None] = mapped_column(doc="Empty: it is off.")
