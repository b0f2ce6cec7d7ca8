"""Why a contact went where it went."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import EMPTY_LIST, Base


class SortingDecision(Base):
    """One decision, kept for ever with its reasons and with the versions of what made it."""

    __tablename__ = "sorting_decision"
    __table_args__ = (Index("ix_sorting_decision_decided", "decided_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    service: Mapped[str | None]
    queue: Mapped[str]
    priority: Mapped[str]
    confidence: Mapped[float]
    holding: Mapped[bool]
    complaint: Mapped[bool] = mapped_column(default=False, server_default=false())
    statutory: Mapped[str | None]
    vulnerable: Mapped[list[Any]] = mapped_column(default=list, server_default=EMPTY_LIST)
    repeat_of: Mapped[UUID | None] = mapped_column(doc="The contact that it repeats, as it seemed then.")
    reasons: Mapped[list[Any]] = mapped_column(doc="Sentences an agent reads.")
    made_by: Mapped[dict[str, Any]] = mapped_column(
        doc="{rules, model: the intent reader, sorting: the sorter, sorting_rules: those that people added}: versions."
    )
    given: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default=text("'{}'"), doc="What was known before: see sorters.contract.Given."
    )
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
