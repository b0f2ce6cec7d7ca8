"""Past figures and comments that were brought in from a file: where they came from, and what is kept of each."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

IMPORT_SOURCES = ("import", "demo")
GRAINS = ("day", "month", "quarter")


class SurveyImport(Base):
    """One file that was brought in whole. The file itself is not kept: its name, its SHA-256, its counts and
    its comments (redacted) are.
    """

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
    measure: Mapped[str] = mapped_column(
        doc="As in fact, `face` (good, average or poor, which are no five points) and `comment`."
    )
    level: Mapped[str]
    service: Mapped[str]
    queue: Mapped[str]
    channel: Mapped[str]
    count: Mapped[int]


class ImportedComment(Base):
    """What somebody wrote in a past survey, redacted before it was stored. It goes when its import is taken back.

    Kept apart from `comment_reading`, which is of answers that were given here, and shown apart as well.
    """

    __tablename__ = "imported_comment"
    __table_args__ = (
        PrimaryKeyConstraint("import_id", "line"),
        Index("ix_imported_comment_day", "day"),
        CheckConstraint("sentiment between 1 and 5", name="sentiment"),
        CheckConstraint("(themes is null) = (sentiment is null)", name="read"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("survey_import.id", ondelete="CASCADE"))
    line: Mapped[int] = mapped_column(doc="Of the file, so that a comment is found again in what the council holds.")
    day: Mapped[date]
    service: Mapped[str]
    queue: Mapped[str]
    channel: Mapped[str]
    text: Mapped[str] = mapped_column(
        doc="Redacted (language/redaction). The only form that is stored; '' once it is past its time."
    )
    themes: Mapped[list[str] | None] = mapped_column(ARRAY(Text), doc="Ids of data/themes/council.toml. Empty: unread.")
    sentiment: Mapped[int | None] = mapped_column(doc="1 very positive .. 5 very negative.")
    version: Mapped[str] = mapped_column(default="", doc="Of the reader, as in comment_reading; '' while it is unread.")
