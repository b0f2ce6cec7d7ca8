"""Past figures that were brought in from a file: where they came from, and what was counted of each."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

IMPORT_SOURCES = ("import", "demo")
GRAINS = ("day", "month", "quarter")


class SurveyImport(Base):
    """One file that was brought in whole. The file itself is not kept: its name, its SHA-256 and its counts are."""

    __tablename__ = "survey_import"
    __table_args__ = (
        CheckConstraint(f"source in {IMPORT_SOURCES}", name="source"),
        CheckConstraint(f"grain in {GRAINS}", name="grain"),
        # The same file counts once; one that was taken back may be brought in again.
        Index("ix_survey_import_sha256", "sha256", unique=True, postgresql_where=text("taken_back_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"), doc="Empty: from the command line.")
    file_name: Mapped[str]
    sha256: Mapped[bytes]
    layout: Mapped[str] = mapped_column(doc="A key of triage.metrics.importing.layouts.LAYOUTS.")
    source: Mapped[str] = mapped_column(default="import", doc="demo: made up, and shown with the demonstration only.")
    grain: Mapped[str] = mapped_column(doc="A month's or a quarter's count stands on its first day.")
    rows: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    note: Mapped[str] = mapped_column(default="", doc="Where the figures come from, in the words of who brought them.")
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    taken_back_why: Mapped[str | None]


class ImportedCount(Base):
    """What one import counts. Facts of source import and demo are the sums of these, and made again from them."""

    __tablename__ = "imported_count"
    __table_args__ = (
        PrimaryKeyConstraint("import_id", "day", "measure", "level", "service", "queue", "channel"),
        Index("ix_imported_count_day", "day"),
        CheckConstraint("count > 0", name="count"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("survey_import.id", ondelete="CASCADE"))
    day: Mapped[date]
    measure: Mapped[str] = mapped_column(doc="As in fact, and `face`: good, average or poor, which are no five points.")
    level: Mapped[str]
    service: Mapped[str]
    queue: Mapped[str]
    channel: Mapped[str]
    count: Mapped[int]
