"""Counted rows, one a day for each thing counted. Figures are made from these and from nothing else."""

from datetime import date

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from triage.tables.base import Base

SOURCES = ("live", "demo", "import")


class Fact(Base):
    """`count` of `measure`=`level` on `day`. Any day can be counted again: its rows are deleted and rewritten."""

    __tablename__ = "fact"
    __table_args__ = (
        PrimaryKeyConstraint("day", "measure", "level", "service", "queue", "channel", "source"),
        CheckConstraint(f"source in {SOURCES}", name="source"),
    )

    day: Mapped[date]
    measure: Mapped[str] = mapped_column(doc="satisfaction, got_it, invited, answered, arrived, closed, breach.")
    level: Mapped[str] = mapped_column(
        default="",
        doc="For satisfaction '1'..'5'; for got_it yes/partly/no; for breach the clock and the partner; else ''.",
    )
    service: Mapped[str] = mapped_column(default="")
    queue: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="live", doc="Live, demo and import are never added together.")
    count: Mapped[int]
