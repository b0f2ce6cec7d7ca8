"""What a survey takes."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class AnswerIn(BaseModel):
    """Satisfaction from 1 (very dissatisfied) to 5 (very satisfied) first; the rest with it or after it."""

    model_config = ConfigDict(extra="forbid")

    satisfaction: int | None = Field(None, ge=1, le=5)
    got_it: Literal["yes", "partly", "no"] | None = None
    comment: str | None = Field(None, max_length=1200)
    finished: bool = False

    @field_validator("comment")
    @classmethod
    def storable(cls, comment: str | None) -> str | None:
        """Without the zero character, which PostgreSQL cannot store; empty counts as skipped."""
        return comment.replace("\x00", "").strip() or None if comment else None


class AnswerTaken(BaseModel):
    """What is kept so far, and the next question (None: that was all)."""

    satisfaction: int
    got_it: str | None
    next: Literal["got_it", "comment"] | None
