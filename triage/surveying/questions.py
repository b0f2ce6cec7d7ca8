"""The survey's questions, read from data/surveys. A version that was asked once stays, so that its links go on."""

import hmac
import tomllib
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from triage.catalogue import DATA, catalogue

# Stands in the order for one of the questions that take turns.
TURN = "turn"
# The columns of an answer: no question can be asked that has none.
KNOWN = ("satisfaction", "got_it", "effort", "taken_seriously", "clear_next_step", "comment")
FOLDER = DATA / "surveys"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(_Strict):
    value: int | str
    label: str


class Question(_Strict):
    """One question: to choose a level of, or to write up to `limit` characters to."""

    question: str
    levels: tuple[Level, ...] = ()
    hint: str = ""
    limit: int | None = Field(None, ge=1, le=1200)

    @model_validator(mode="after")
    def one_kind(self) -> Self:
        """Refuse a question that has both levels and a limit, or neither."""
        if bool(self.levels) == bool(self.limit):
            raise ValueError("a question has levels to choose from, or a limit to write within")
        return self


class Version(_Strict):
    """One version of the survey. Scales run from 5 (very satisfied, very easy) to 1."""

    version: str
    order: tuple[str, ...]
    turns: tuple[str, ...] = ()
    questions: dict[str, Question]

    @model_validator(mode="after")
    def whole(self) -> Self:
        """Refuse an order that names what is not there, and a question that no answer has a place for."""
        named = {*self.order, *self.turns} - {TURN}
        if named != set(self.questions) or not named <= set(KNOWN) or (TURN in self.order) != bool(self.turns):
            raise ValueError(f"order and turns must name exactly the questions, from {', '.join(KNOWN)}")
        return self

    def asked_of(self, case_id: UUID) -> list[str]:
        """The ids of what one person is asked, in order; the one that takes turns is drawn from the case's id."""
        drawn = hmac.digest(self.version.encode(), b"turn:" + case_id.bytes, "sha256")
        turn = self.turns[int.from_bytes(drawn[:8], "big") % len(self.turns)] if self.turns else ""
        return [turn if one == TURN else one for one in self.order]


class Asking(_Strict):
    """Who is asked, when and how often: data/surveys/asking.toml, and what a council sets otherwise."""

    version: str
    share: float = Field(ge=0, le=1)
    seed: str
    open_days: int = Field(gt=0)
    quiet_days: int = Field(ge=0)
    duplicate_days: int = Field(ge=0)
    most_from_one_source: int = Field(gt=0)
    most_from_one_source_in_all: int = Field(gt=0)
    source_days: int = Field(gt=0)
    past_comment_days: int = Field(gt=0)
    idle_minutes: int = Field(gt=0)
    message_after_hours: int = Field(ge=0)
    message_from_hour: int = Field(ge=0, le=23)
    message_to_hour: int = Field(ge=1, le=24)
    remind_after_days: int = Field(gt=0)
    outcome_after_days: int = Field(gt=0)
    outcome_open_days: int = Field(gt=0)
    outcome_reasons: tuple[str, ...]
    not_eligible_notes: tuple[str, ...]


@lru_cache
def asking() -> Asking:
    """How this council asks. Raises pydantic.ValidationError when the file or council.toml is wrong."""
    table: dict[str, Any] = tomllib.loads((FOLDER / "asking.toml").read_text(encoding="utf-8"))
    return Asking.model_validate(table | catalogue().council.get("surveys", {}))


@lru_cache
def versions() -> dict[str, Version]:
    """Every version of the questions by its name. Raises pydantic.ValidationError when a file is wrong."""
    found = [
        Version.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted((FOLDER / "questions").glob("*.toml"))
    ]
    return {one.version: one for one in found}


def questions(version: str | None = None) -> Version:
    """One version of the questions; without a name, the one that is asked from now on."""
    return versions()[version or asking().version]


def asks_alike(one: Version, other: Version) -> bool:
    """Whether what both versions ask is asked in the same words, with the same levels and in the same order.

    A version that asks more besides does not change what the answers to the others mean.
    """
    both = [name for name in one.order if name in other.order]
    return both == [name for name in other.order if name in one.order] and all(
        one.questions[name] == other.questions[name] for name in {*one.questions} & {*other.questions}
    )


def first_alike(version: str) -> str:
    """The oldest version that asks alike, under whose name their answers belong together; itself if it is not known."""
    known = versions()
    if version not in known:
        return version
    return next(name for name, one in sorted(known.items()) if asks_alike(one, known[version]))
