"""Who signed in, changed or looked at what, besides what a contact's own history says."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base


class Audit(Base):
    """Rows are only ever added: a trigger refuses UPDATE and DELETE, but for `audit_forget` (migration 0011)."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_at", text("at desc")),
        Index("ix_audit_agent_at", "agent_id", text("at desc")),
        Index("ix_audit_about", "kind", "about", postgresql_where=text("about is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"), doc="Empty: nobody we know, or software.")
    role: Mapped[str | None] = mapped_column(doc="Their role at that moment.")
    what: Mapped[str] = mapped_column(doc="One of triage.audit.WHAT.")
    kind: Mapped[str | None] = mapped_column(doc="What kind of thing it is about: person, contact, session, audit.")
    about: Mapped[str | None] = mapped_column(doc="Its id or reference.")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict, doc="Never a resident's text.")
    address_hash: Mapped[bytes | None] = mapped_column(doc="Keyed hash of the address that it came from.")
