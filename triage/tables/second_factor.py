"""What an authenticator app shares with us for one person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from triage.tables.base import EMPTY_LIST, Base


class SecondFactor(Base):
    """A person's TOTP secret (RFC 6238), sealed with a key made from the deployment's, and their recovery codes."""

    __tablename__ = "second_factor"

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(doc="The secret, encrypted; see triage/sealed.py.")
    confirmed_at: Mapped[datetime | None] = mapped_column(doc="Empty until a code of it was typed once.")
    last_step: Mapped[int] = mapped_column(
        BigInteger, default=0, server_default=text("0"), doc="The newest half minute whose code was used."
    )
    recovery: Mapped[list[Any]] = mapped_column(
        default=list, server_default=EMPTY_LIST, doc="SHA-256 of each recovery code not used yet, in hex."
    )
