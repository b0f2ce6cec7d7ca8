"""A file that came with a contact, from its resident or from an agent."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base


class Attachment(Base):
    """One file, in the database: a backup, an erasure and who may see it cover it as they cover the words."""

    __tablename__ = "attachment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(doc="What its sender called it, without any folder.")
    kind: Mapped[str] = mapped_column(doc="The media type that its content shows; its name and sender are not asked.")
    size: Mapped[int]
    # Read only by whoever opens the file, not by every page that lists it.
    content: Mapped[bytes] = mapped_column(deferred=True)
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"), doc="Empty: the resident sent it.")
    at: Mapped[datetime] = mapped_column(default=clock.now)
