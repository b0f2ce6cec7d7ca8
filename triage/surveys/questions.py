"""The survey's questions, read from data/surveys."""

import tomllib
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from triage.catalogue import DATA


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(_Strict):
    value: int | str
    label: str


class Scale(_Strict):
    question: str
    levels: tuple[Level, ...]


class Comment(_Strict):
    question: str
    hint: str
    limit: Literal[1200]


class Questions(_Strict):
    """One version of the survey. Satisfaction runs from 5 (very satisfied) to 1 (very dissatisfied)."""

    version: str
    satisfaction: Scale
    got_it: Scale
    comment: Comment


@lru_cache
def questions() -> Questions:
    """The questions in use. Raises pydantic.ValidationError when the file is wrong."""
    table: dict[str, Any] = tomllib.loads((DATA / "surveys" / "how_it_went.toml").read_text(encoding="utf-8"))
    return Questions.model_validate(table)
