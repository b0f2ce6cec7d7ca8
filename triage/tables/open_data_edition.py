"""What was published of a quarter as open data, and stays as it was published."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base


class OpenDataEdition(Base):
    """One edition of a quarter. Two editions could be subtracted, so a later one is held to every earlier one."""

    __tablename__ = "open_data_edition"
    __table_args__ = (
        UniqueConstraint("source", "measure", "quarter", "number"),
        Index(
            "ix_open_data_edition_standing",
            "source",
            "measure",
            "quarter",
            unique=True,
            postgresql_where=text("withdrawn_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    source: Mapped[str]
    measure: Mapped[str]
    quarter: Mapped[date] = mapped_column(doc="Its first day.")
    number: Mapped[int] = mapped_column(doc="1 for the first edition.")
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
    groups: Mapped[list[Any]] = mapped_column(
        doc="Each: cells (service, queue, partner) and how many chose each level; empty where nothing may be shown, "
        "and in a later edition that would have told too much beside the earlier ones: its rows say withheld."
    )
