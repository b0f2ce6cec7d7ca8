"""What search can find: the paragraphs of the content, as they are said today."""

from typing import Any

from sqlalchemy import Computed, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from triage.tables.base import Base


class Passage(Base):
    """One paragraph, made from data/ and kept in step with it; nothing in here was said by a resident.

    Beside these columns stands `meaning vector(768)`, the sentence encoder's vector, where the database has the
    pgvector extension (triage/migrations/meaning.py).
    """

    __tablename__ = "passage"
    # Kept up to date as rows are written: a list of what is still to be added would be read by every search.
    __table_args__ = (
        Index("ix_passage_words", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )

    id: Mapped[str] = mapped_column(primary_key=True, doc="Such as tip.cost.1: the first paragraph of tip.cost.")
    says: Mapped[str] = mapped_column(doc="The answer that is shown when this is found: tip.cost.")
    service: Mapped[str | None]
    title: Mapped[str] = mapped_column(doc="What it is about, in plain words.")
    text: Mapped[str]
    around: Mapped[str] = mapped_column(doc="The service's summary and the whole answer; words are looked for here.")
    source: Mapped[dict[str, Any]] = mapped_column(doc="{name, href, checked}.")
    hash: Mapped[str] = mapped_column(doc="Of all this and of the encoder; what has another hash is stored anew.")
    words: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('english'::regconfig, (title || ' '::text) || around)", persisted=True)
    )
