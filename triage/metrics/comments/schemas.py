"""What the pages of comments are asked for, and what they show."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from triage.metrics.comments.repository import BroughtIn
from triage.metrics.comments.rules import Line
from triage.metrics.comments.themes import Theme
from triage.metrics.room.schemas import MONTH, Numbered
from triage.metrics.schemas import Viewed
from triage.tables.comment import MOST_DID, MOST_SAID

Months = Literal[3, 6, 12, 24]


class View(BaseModel):
    """What to show, kept in the address. '' is all services, or no theme."""

    source: Viewed = "live"
    theme: str = Field(default="", max_length=40)
    service: str = Field(default="", max_length=80)
    months: int = Field(default=12, ge=1, le=36)
    # The last month, such as 2016-12; '' is the newest that there is.
    until: str = Field(default="", pattern=MONTH)

    def address(self, **changes: str) -> str:
        """This view's query string with `changes`, without what is as usual."""
        view = self.model_dump() | changes
        usual = View().model_dump()
        said = {key: value for key, value in view.items() if usual.get(key) != value}
        return f"?{urlencode(said)}" if said else ""


@dataclass(frozen=True, slots=True)
class Example:
    """One comment, redacted, and the name of the service or of the queue that it is about."""

    text: str
    about: str
    day: date


@dataclass(frozen=True, slots=True)
class Found:
    """The page: all themes in the period, and of one theme its months and examples. All of it is of one source.

    `brought_in`: of a page of files its own, else what past surveys hold, to be looked at apart.
    """

    n: int
    last: date
    enough: bool
    lines: tuple[Line, ...]
    theme: Theme | None
    trend: tuple[Line, ...]
    said: str
    examples: tuple[Example, ...]
    service_choices: tuple[tuple[str, str], ...]
    brought_in: BroughtIn | None
    # Of a theme: what owners wrote on the chart of satisfaction of the same source and service, of these months.
    notes: tuple[Numbered, ...]


class Said(BaseModel):
    """An entry of "you said, we did" as its form sends it. Lengths are checked where it is written."""

    theme: str = Field(default="", max_length=80)
    service: str = Field(default="", max_length=80)
    said: str = Field(default="", max_length=10 * MOST_SAID)
    did: str = Field(default="", max_length=10 * MOST_DID)
