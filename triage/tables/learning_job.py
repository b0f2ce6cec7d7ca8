"""Work that learning does in the background, and what people decided about it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

RETRAIN, REPLAY = "retrain", "replay"
WAITS, RUNS, DONE, FAILED = "waiting", "running", "done", "failed"


class LearningJob(Base):
    """A training or a replay: how far it is, and what came of it."""

    __tablename__ = "learning_job"
    __table_args__ = (
        CheckConstraint(f"kind in {(RETRAIN, REPLAY)}", name="kind"),
        CheckConstraint(f"state in {(WAITS, RUNS, DONE, FAILED)}", name="state"),
        # One of a kind at a time; a second press finds the first.
        Index(
            "ix_learning_job_retrain",
            "kind",
            unique=True,
            postgresql_where=text("kind = 'retrain' and state in ('waiting', 'running')"),
        ),
        Index(
            "ix_learning_job_replay",
            "rule_id",
            unique=True,
            postgresql_where=text("kind = 'replay' and state in ('waiting', 'running')"),
        ),
        Index("ix_learning_job_asked", "kind", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=WAITS)
    rule_id: Mapped[UUID | None] = mapped_column(ForeignKey("sorting_rule.id", ondelete="CASCADE"))
    rule_version: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0, doc="0: not known yet.")
    says: Mapped[str] = mapped_column(default="Waiting for its turn.", doc="What it does now, or why it failed.")
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"), doc="Who asked; empty: the command line.")
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    moved_at: Mapped[datetime] = mapped_column(default=clock.now, doc="When it last got further.")
    ended_at: Mapped[datetime | None]


class LearningChange(Base):
    """One change that a person made to how contacts are sorted: the audit trail. Rows are only ever added."""

    __tablename__ = "learning_change"
    __table_args__ = (Index("ix_learning_change_at", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    what: Mapped[str] = mapped_column(
        doc="promoted, rolled_back, refused, retrain_asked, accepted, dropped, rule_made, rule_changed, rule_tried, "
        "rule_on, rule_off."
    )
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=clock.now)
