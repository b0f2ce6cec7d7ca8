"""Addresses at which somebody who has been erased said that it is not safe to contact them."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import Base


class UnsafeAddress(Base):
    """What their contact said of it goes with the contact; that nothing may be sent there does not. A keyed hash."""

    __tablename__ = "unsafe_address"

    address_hash: Mapped[bytes] = mapped_column(primary_key=True, doc="As surveying.addresses.hash_of makes it.")
    at: Mapped[datetime] = mapped_column(default=clock.now)
