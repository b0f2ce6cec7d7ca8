"""Counted rows, one a day for each thing counted. Figures are made from these and from nothing else."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from triage.tables.base import Base

SOURCES = ("live", "demo", "import")
# What a fact may be about besides everybody: where people live, what they write in, what care they need.
DIMENSIONS = ("", "ward", "language", "need")
SPANS = ("day", "month")

_EMPTY = text("''")


class Fact(Base):
    """`count` of `measure`=`level` on `day`. Any day can be counted again from the record (metrics/counting).

    What is counted here has one row for all levels of a measure, `levels`, so that five years stay a few million rows;
    what comes from a file may have a row for each. Rows with a `dimension` count again, for groups of people, what the
    rows without one count for everybody: the two are never added together. `fact_counts` of PostgreSQL reads both.
    Rows of wards are by service alone: their queue, partner and channel are empty.
    """

    __tablename__ = "fact"
    __table_args__ = (
        PrimaryKeyConstraint(
            "day", "measure", "level", "service", "queue", "partner", "channel", "dimension", "member", "source"
        ),
        CheckConstraint(f"source in {SOURCES}", name="source"),
        CheckConstraint(f"dimension in {DIMENSIONS}", name="dimension"),
    )

    day: Mapped[date]
    measure: Mapped[str] = mapped_column(doc="A measure of metrics/counting/measures.py: satisfaction, arrived …")
    level: Mapped[str] = mapped_column(default="", doc="For satisfaction '1'..'5'; each measure says its own.")
    service: Mapped[str] = mapped_column(default="")
    queue: Mapped[str] = mapped_column(default="")
    partner: Mapped[str] = mapped_column(
        default="", server_default=_EMPTY, doc="The id of who answered for it that day; '' when nobody is known."
    )
    channel: Mapped[str] = mapped_column(default="")
    dimension: Mapped[str] = mapped_column(default="", server_default=_EMPTY, doc="One of DIMENSIONS; '': everybody.")
    member: Mapped[str] = mapped_column(
        default="", server_default=_EMPTY, doc="Which group of the dimension; '' where `levels` says."
    )
    source: Mapped[str] = mapped_column(default="live", doc="Live, demo and import are never added together.")
    count: Mapped[int] = mapped_column(doc="All levels together; of a dimension, who is in two groups counts twice.")
    levels: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB, doc="{level: count}; with a dimension {member: {level: count}}. Empty: there is only `level`."
    )


class FactMonth(Base):
    """The days of a month added up, a row for each level and member. Triggers on `fact` keep it: nobody else writes."""

    __tablename__ = "fact_month"
    __table_args__ = (
        # In the order in which figures ask: one source and measure over some months.
        PrimaryKeyConstraint(
            "source",
            "dimension",
            "measure",
            "month",
            "level",
            "service",
            "queue",
            "partner",
            "channel",
            "member",
        ),
    )

    source: Mapped[str]
    dimension: Mapped[str]
    measure: Mapped[str]
    month: Mapped[date] = mapped_column(doc="Its first day.")
    level: Mapped[str]
    service: Mapped[str]
    queue: Mapped[str]
    partner: Mapped[str]
    channel: Mapped[str]
    member: Mapped[str]
    count: Mapped[int]


class FactTotal(Base):
    """All services, queues and partners together: of each month, and (for everybody, without a dimension) of each day.

    What is asked of the whole council is read here. Triggers on `fact` keep it: nobody else writes.
    """

    __tablename__ = "fact_total"
    __table_args__ = (
        PrimaryKeyConstraint("span", "source", "dimension", "measure", "start", "level", "channel", "member"),
        CheckConstraint(f"span in {SPANS}", name="span"),
    )

    span: Mapped[str]
    source: Mapped[str]
    dimension: Mapped[str]
    measure: Mapped[str]
    start: Mapped[date] = mapped_column(doc="The day, or the first of the month.")
    level: Mapped[str]
    channel: Mapped[str]
    member: Mapped[str]
    count: Mapped[int]


class DayCount(Base):
    """How far the counting of a day is: every event marks the days that it changes, and they are counted in turn.

    Of `marks` marks, `counted` were there when the day was last counted; where they differ it is to be counted again.
    """

    __tablename__ = "day_count"
    __table_args__ = (PrimaryKeyConstraint("day", "subject"),)

    day: Mapped[date]
    subject: Mapped[str] = mapped_column(doc="The part of the record: metrics/counting/measures.py has them.")
    marks: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    counted: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    tried_at: Mapped[datetime | None] = mapped_column(doc="When its counting last began.")
