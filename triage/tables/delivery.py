"""What is to be handed to somebody else's system, how that system is doing, and what it has told us back."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base

# What a delivery tells: a new case; what the resident added; that a case is open again, or is theirs no more; that
# another team of the same partner has it; a limit on what they may do, or by when.
DELIVERY_KINDS = ("create", "update", "reopen", "end", "moved", "limit")
DELIVERY_STATES = ("due", "sending", "sent", "failed", "dropped")


class Delivery(Base):
    """One thing that a supplier is to be told of a contact, written with the change that caused it.

    It holds no words and no address: they are looked up when it is sent. Its id is the client reference by which the
    supplier knows it, so a try that is made again makes no second case. Those of one contact go to one supplier in the
    order of `seq`.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(f"kind in {DELIVERY_KINDS}", name="kind"),
        CheckConstraint(f"state in {DELIVERY_STATES}", name="state"),
        # A contact is created once at each supplier; a line of its history is told to each once.
        Index("uq_delivery_create", "contact_id", "connector", unique=True, postgresql_where=text("kind = 'create'")),
        Index(
            "uq_delivery_change_id",
            "change_id",
            "connector",
            unique=True,
            postgresql_where=text("change_id is not null"),
        ),
        Index("ix_delivery_contact_id_seq", "contact_id", "seq"),
        Index("ix_delivery_due", "connector", "next_at", postgresql_where=text("state in ('due', 'sending')")),
        Index("ix_delivery_failed", "made_at", postgresql_where=text("state = 'failed'")),
        Index("ix_delivery_handle", "connector", "handle", postgresql_where=text("handle is not null")),
        Index("ix_delivery_asked_at", "asked_at", postgresql_where=text("kind = 'create' and state = 'sent'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    change_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("contact_history.id", ondelete="CASCADE"), doc="The line of history that it tells of."
    )
    connector: Mapped[str] = mapped_column(doc="The folder in connectors/ that it goes through.")
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="due", server_default="due")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_at: Mapped[datetime] = mapped_column(default=clock.now, doc="Not tried before then.")
    lease_until: Mapped[datetime | None] = mapped_column(
        doc="A try is being made until then; one whose process died is made again after it."
    )
    maybe_done: Mapped[bool] = mapped_column(
        default=False,
        server_default=false(),
        doc="A try was begun of which nobody knows what came: no answer, or its process died.",
    )
    handle: Mapped[str | None] = mapped_column(doc="What the supplier is asked for the case by.")
    reference: Mapped[str | None] = mapped_column(doc="The number by which a person there knows the case.")
    why: Mapped[str | None] = mapped_column(
        doc="Why the last try failed: a key of delivery.rules.WHY. Of one that was dropped: a person deals with it."
    )
    detail: Mapped[str | None] = mapped_column(doc="What was wrong and what to do; never a supplier's sentence.")
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(doc="When the supplier took it, or it failed or was dropped.")
    asked_at: Mapped[datetime | None] = mapped_column(doc="When the supplier was last asked how the case stands.")
    checked_at: Mapped[datetime | None] = mapped_column(doc="When reconciliation last found it at the supplier.")
    lost: Mapped[int] = mapped_column(
        default=0, server_default="0", doc="How often the supplier did not know it, though it had taken it."
    )


class Supplier(Base):
    """How one supplier is doing: the circuit breaker that every process shares."""

    __tablename__ = "supplier"

    connector: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0, server_default="0", doc="Failed tries since the last good one.")
    opened_until: Mapped[datetime | None] = mapped_column(doc="Nothing is tried before then, and then one at a time.")
    failed_at: Mapped[datetime | None]
    worked_at: Mapped[datetime | None]


class CaseUpdate(Base):
    """What a supplier said of a case, kept once however often it is delivered."""

    __tablename__ = "case_update"
    __table_args__ = (UniqueConstraint("connector", "update_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    connector: Mapped[str]
    update_id: Mapped[str] = mapped_column(doc="The supplier's own name for it, or a hash of what it says.")
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(doc="One of connectors.shapes.CaseState.")
    said_at: Mapped[datetime] = mapped_column(doc="When it became so, as the supplier says.")
    heard_at: Mapped[datetime] = mapped_column(default=clock.now)
    applied: Mapped[bool] = mapped_column(doc="False: something later was known already.")
