"""A quarterly contract report, what stands in it, and what was put right after it was published."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from triage import clock
from triage.tables.base import Base

STATES = ("draft", "approved", "published")
POLARITIES = ("higher", "lower")
ORIGINS = ("form", "csv", "figures", "carried")
NOTE_KINDS = ("success", "challenge", "experience")
DEEDS = ("entered", "removed")


class Report(Base):
    """One quarter's report. Triggers refuse what would change a published one, or an approved one unseen (0018)."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("approved_by is null or approved_by <> drafted_by", name="four_eyes"),
        CheckConstraint(
            "state = 'draft' or (approved_by is not null and approved_role is not null and approved_at is not null)",
            name="approved",
        ),
        CheckConstraint(
            "state <> 'published' or (published_by is not null and published_at is not null and content is not null "
            "and pdf is not null and digest is not null)",
            name="published",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code: Mapped[str] = mapped_column(unique=True, doc="The calendar quarter: 2016-q4.")
    state: Mapped[str] = mapped_column(default="draft", server_default=text("'draft'"))
    preset: Mapped[str] = mapped_column(doc="How results are rated: an id in data/reports/rag.")
    front: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default=text("'{}'"), doc="The front page's fields, as typed."
    )
    drafted_by: Mapped[UUID] = mapped_column(ForeignKey("agent.id"))
    drafted_at: Mapped[datetime] = mapped_column(default=clock.now)
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    approved_role: Mapped[str | None] = mapped_column(doc="Their role as it reads: 'Service owner'.")
    approved_at: Mapped[datetime | None]
    approved_digest: Mapped[str | None] = mapped_column(doc="SHA-256 of what it said when it was approved.")
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    published_at: Mapped[datetime | None]
    content: Mapped[dict[str, Any] | None] = mapped_column(doc="Everything that was published, as it was that day.")
    pdf: Mapped[bytes | None] = deferred(mapped_column(doc="The file that was published."))
    digest: Mapped[str | None] = mapped_column(doc="SHA-256 of the content, to be compared with a copy.")


class ReportIndicator(Base):
    """One indicator of one report. Only a draft's may be changed."""

    __tablename__ = "report_indicator"
    __table_args__ = (
        UniqueConstraint("report_id", "key"),
        CheckConstraint(f"polarity in {POLARITIES}", name="polarity"),
        CheckConstraint(f"origin in {ORIGINS}", name="origin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(doc="Its id, the same from quarter to quarter: CSG-01.")
    name: Mapped[str]
    definition: Mapped[str] = mapped_column(default="", server_default=text("''"), doc="What it counts, in a sentence.")
    owner: Mapped[str] = mapped_column(doc="The role that answers for it.")
    partner: Mapped[str] = mapped_column(doc="Who delivers it, as people read it.")
    area: Mapped[str] = mapped_column(doc="The service area it is reported under.")
    service: Mapped[str] = mapped_column(
        default="", server_default=text("''"), doc="The id of the one service that it is about; '': of several."
    )
    contract: Mapped[str] = mapped_column(default="", server_default=text("''"))
    polarity: Mapped[str] = mapped_column(doc="Whether higher or lower is better.")
    unit: Mapped[str] = mapped_column(default="", server_default=text("''"), doc="%, £, days; '' for a count.")
    target: Mapped[Decimal | None]
    result: Mapped[Decimal | None]
    numerator: Mapped[Decimal | None]
    denominator: Mapped[Decimal | None]
    prior: Mapped[Decimal | None] = mapped_column(doc="The quarter before.")
    year_before: Mapped[Decimal | None] = mapped_column(doc="The same quarter of the year before.")
    benchmark: Mapped[str] = mapped_column(default="", server_default=text("''"))
    comment: Mapped[str] = mapped_column(default="", server_default=text("''"))
    comment_role: Mapped[str] = mapped_column(default="", server_default=text("''"), doc="Whose comment it is.")
    action: Mapped[str] = mapped_column(default="", server_default=text("''"), doc="The corrective action, if any.")
    source: Mapped[str] = mapped_column(default="", server_default=text("''"), doc="Where the result comes from.")
    origin: Mapped[str] = mapped_column(default="form", server_default=text("'form'"))
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("agent.id"))
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)


class ReportWriter(Base):
    """Who entered or removed an indicator at any time, and so does not approve the report.

    The indicator itself names only the last hand, and one that was removed names nobody.
    """

    __tablename__ = "report_writer"
    __table_args__ = (
        PrimaryKeyConstraint("report_id", "agent_id", "key", "deed"),
        CheckConstraint(f"deed in {DEEDS}", name="deed"),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"))
    key: Mapped[str] = mapped_column(doc="The indicator's own id at that time.")
    deed: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class ReportNote(Base):
    """A success, a challenge, or what customers' experience was, under one partner and service area."""

    __tablename__ = "report_note"
    __table_args__ = (
        CheckConstraint(f"kind in {NOTE_KINDS}", name="kind"),
        Index("ix_report_note_report_id", "report_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    kind: Mapped[str]
    partner: Mapped[str]
    area: Mapped[str]
    text: Mapped[str]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("agent.id"))
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)


class ReportCorrection(Base):
    """Something put right after publication. The report stays as it was; this stands beside it, and stays too."""

    __tablename__ = "report_correction"
    __table_args__ = (Index("ix_report_correction_report_id", "report_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"))
    role: Mapped[str] = mapped_column(doc="Their role as it reads.")
    about: Mapped[str] = mapped_column(doc="What it is about: an indicator, or a part of the report.")
    was: Mapped[str]
    now: Mapped[str]
    why: Mapped[str]
