"""How often somebody did something lately: limits that hold with any number of workers."""

from datetime import datetime

from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from triage.tables.base import Base


class Tally(Base):
    """A counter for one key in one window of time. The key is a keyed hash, so no address is kept."""

    __tablename__ = "tally"
    __table_args__ = (PrimaryKeyConstraint("key", "window_start"),)

    key: Mapped[str]
    window_start: Mapped[datetime]
    count: Mapped[int]
