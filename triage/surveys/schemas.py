"""What a survey takes."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from triage.surveying.questions import KNOWN, Question
from triage.tables.survey import MOST_IN_A_COMMENT

Three = Literal["yes", "partly", "no"]


class AnswerIn(BaseModel):
    """One answer or more, of those that the link asks; `skip` names a question that is left out.

    Scales run from 1 (very dissatisfied, very hard) to 5 (very satisfied, very easy).
    """

    model_config = ConfigDict(extra="forbid")

    satisfaction: int | None = Field(None, ge=1, le=5)
    got_it: Three | None = None
    effort: int | None = Field(None, ge=1, le=5)
    taken_seriously: Three | None = None
    clear_next_step: Three | None = None
    comment: str | None = Field(None, max_length=MOST_IN_A_COMMENT)
    skip: Literal["satisfaction", "got_it", "effort", "taken_seriously", "clear_next_step", "comment"] | None = None
    finished: bool = False

    @field_validator("comment")
    @classmethod
    def storable(cls, comment: str | None) -> str | None:
        """Without the zero character, which PostgreSQL cannot store; empty counts as skipped."""
        return comment.replace("\x00", "").strip() or None if comment else None

    def answers(self) -> dict[str, int | str]:
        """What is answered, by the question's id."""
        found = {name: getattr(self, name) for name in KNOWN}
        return {name: value for name, value in found.items() if value is not None}


class QuestionOut(Question):
    """The next question, as it is shown."""

    id: str


class AnswerTaken(BaseModel):
    """What is kept so far, and the id of the next question, with its words (None: that was all).

    `danger`: help to show at once, where the comment tells of somebody in danger (triage.helping.danger_help).
    """

    satisfaction: int | None
    got_it: str | None
    next: str | None
    question: QuestionOut | None
    danger: dict[str, Any] | None = None


class Refused(BaseModel):
    """What is told to somebody who is not to be asked again."""

    said: str
