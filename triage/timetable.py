"""The shapes of time in data/: opening hours, what a queue promises, and what the law sets."""

import re
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

# "uk" is a bank holiday of any part of the United Kingdom.
PLACES = ("england", "scotland", "wales", "northern_ireland", "uk")
PRIORITIES = ("P0", "P1", "P2", "P3", "P4")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TARGET = re.compile(r"(\d+) (min|h|d|wd|wk)")
_LENGTH = re.compile(r"(\d+) (min|h)")
_LAW_TARGET = re.compile(r"[1-9]\d* (h|d|wd|wk|mo)")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _target(text: str) -> str:
    if not _TARGET.fullmatch(text):
        raise ValueError(f"{text!r} is no target: write a number and min, h, d, wd or wk, such as '15 min' or '2 wd'")
    return text


def _length(text: str) -> str:
    if not _LENGTH.fullmatch(text):
        raise ValueError(f"{text!r} is no length of time: write a number and min or h, such as '30 min' or '2 h'")
    return text


def _law_target(text: str) -> str:
    if not _LAW_TARGET.fullmatch(text):
        raise ValueError(f"{text!r} is no time limit: write a number and h, d, wd, wk or mo, such as '20 wd' or '1 mo'")
    return text


def _time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise ValueError(f"{text!r} is no time of day: write it as 09:00, and the end of the day as 24:00")
    return text


def _span(text: str) -> str:
    parts = [part.strip() for part in text.split("-")]
    if len(parts) != 2:
        raise ValueError(f"{text!r} is no opening: write when it opens and when it closes, such as '09:00-17:15'")
    opens, closes = (_time(part) for part in parts)
    if opens >= closes:
        raise ValueError(f"{text!r} closes before it opens; an opening over midnight is two, one on each day")
    return f"{opens}-{closes}"


Target = Annotated[str, AfterValidator(_target)]
Length = Annotated[str, AfterValidator(_length)]
LawTarget = Annotated[str, AfterValidator(_law_target)]
Time = Annotated[str, AfterValidator(_time)]
Span = Annotated[str, AfterValidator(_span)]
Filled = Annotated[str, Field(min_length=1)]


class Closure(_Strict):
    """Days on which a calendar is closed, or opens late or closes early: what it is called, and why."""

    on: date
    to: date | None = None
    opens: Time | None = None
    closes: Time | None = None
    name: Filled
    reason: Filled

    @model_validator(mode="after")
    def _in_order(self) -> "Closure":
        if self.to is not None and self.to < self.on:
            raise ValueError(f"{self.name!r} ends on {self.to}, before it begins on {self.on}")
        if self.opens and self.closes and self.opens >= self.closes:
            raise ValueError(f"{self.name!r} closes at {self.closes}, before it opens at {self.opens}")
        return self

    @property
    def whole(self) -> bool:
        """Whether it is closed all day."""
        return self.opens is None and self.closes is None

    def covers(self, day: date) -> bool:
        """Whether it is about `day`."""
        return self.on <= day <= (self.to or self.on)


class Calendar(_Strict):
    """Opening hours by weekday (mon … sun), each a list of 'HH:MM-HH:MM'; closed on the bank holidays named.

    `closed` lists single days, or closures with a name and a reason, whole or for part of a day.
    """

    name: str = ""
    mon: tuple[Span, ...] = ()
    tue: tuple[Span, ...] = ()
    wed: tuple[Span, ...] = ()
    thu: tuple[Span, ...] = ()
    fri: tuple[Span, ...] = ()
    sat: tuple[Span, ...] = ()
    sun: tuple[Span, ...] = ()
    bank_holidays: str | None = None
    closed: tuple[Closure, ...] = ()

    @field_validator("closed", mode="before")
    @classmethod
    def _plain_days(cls, rows: Any) -> Any:
        plain = {"name": "Closed", "reason": "None given"}
        return [{"on": row, **plain} if isinstance(row, date) else row for row in rows or ()]

    @field_validator("bank_holidays")
    @classmethod
    def _known_place(cls, place: str | None) -> str | None:
        if place is not None and place not in PLACES:
            raise ValueError(f"{place!r} has no bank holidays we know: write one of {', '.join(PLACES)}")
        return place

    @model_validator(mode="after")
    def _apart(self) -> "Calendar":
        for weekday in WEEKDAYS:
            spans = sorted(getattr(self, weekday))
            for earlier, later in pairwise(spans):
                if later.split("-")[0] < earlier.split("-")[1]:
                    raise ValueError(f"on {weekday} {later} begins before {earlier} has ended")
        return self


class Targets(_Strict):
    """What a queue promises for one priority, where that differs."""

    first: Target | None = None
    settle: Target | None = None


# Where a person decides what nobody could place, and what belongs to no other queue (DESIGN section 5).
HOLDING, GENERAL = "Q-HOLDING", "Q-GENERAL"


class Queue(_Strict):
    """One back-office queue with its two targets, such as '15 min', '4 h', '2 wd', '8 wk'."""

    name: str
    first: Target
    settle: Target
    # The first answer to what is P2 or more urgent, where the queue promises it sooner. "0 wd" is the same day.
    urgent_first: Target | None = None
    # The desk is warned when this much is left; without it, in the last quarter.
    warn: Length | None = None
    calendar: str = "office"
    # auto: whoever has the fewest contacts is given the next; a supervisor may switch it while it runs.
    assign: Literal["auto", "by hand"] = "by hand"
    # Services whose contacts only agents with that skill are given; true: every service of this queue.
    skill: bool = False
    skills: tuple[str, ...] = ()
    note: str | None = None
    P0: Targets | None = None
    P1: Targets | None = None
    P2: Targets | None = None
    P3: Targets | None = None
    P4: Targets | None = None

    def targets(self, priority: str) -> tuple[str, str]:
        """The first answer and settling that it promises for `priority`. P0 has P1's where it has none of its own."""
        first, settle = self.first, self.settle
        rows: list[Targets | None] = [getattr(self, priority)]
        rows = [self.P1, self.P0] if priority == "P0" else rows
        for row in rows:
            first, settle = (row and row.first) or first, (row and row.settle) or settle
        return first, settle


class Law(_Strict):
    """A time limit that the law sets, with its proof. Past `review_by` it still counts: a law does not lapse unread.

    `urgent`: it is for P0 and P1 (true), for the rest (false), or for all. `starts`: when the contact arrives; if not,
    when another is met by a person's word (`then`; `step` is what stands on the button) or the contact is opened again
    after it was met (`again`). `pauses` says what a reason to wait does: "days" are not counted, or it "begins again".
    """

    statutory: Literal["foi", "eir", "sar", "complaint", "homelessness", "hazard"]
    name: Filled
    target: LawTarget
    law: Filled
    source: str
    reviewed_on: date
    review_by: date
    verified: bool = True
    note: str | None = None
    working_days: Literal["england", "scotland", "wales", "northern_ireland", "uk"] = "england"
    first_day_counts: bool = False
    # A last day that is no working day moves to the next one that is.
    rolls: bool = False
    met_by: Literal["answer", "close"] = "close"
    urgent: bool | None = None
    starts: bool = True
    again: str | None = None
    then: tuple[str, ...] = ()
    step: str | None = None
    pauses: dict[Literal["resident", "identity", "third_party", "later"], Literal["days", "begins again"]] = {}
    longer: LawTarget | None = None
    longer_why: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Law":
        if self.then and not self.step:
            raise ValueError("`then` needs a `step`: the words on the button that says it has come to that")
        if bool(self.longer) != bool(self.longer_why):
            raise ValueError("`longer` and `longer_why` go together: how much longer, and when the law allows it")
        unit = self.target.split()[1]
        if self.longer and self.longer.split()[1] != unit:
            raise ValueError(f"{self.longer!r} cannot be added to {self.target!r}: use one unit")
        # What begins again with the proof leaves days out where no proof came.
        if self.pauses and unit not in ("d", "mo"):
            raise ValueError("days can be left out of d and mo only")
        return self
