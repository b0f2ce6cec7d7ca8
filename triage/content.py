"""The shapes of what stands in data/: what a service says, a fact and its proof, a queue, a calendar."""

import re
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

# What a sentence may hold: {fact:council_phone} or {value:reference}.
PLACEHOLDER = re.compile(r"\{(fact|value):([a-z0-9_]+)\}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where something was read, and when somebody last looked."""

    name: str
    url: str
    checked: date
    kind: str = "council"


class Fact(_Strict):
    """One value that may change, with its proof. It is not stated past `review_by` or while unverified."""

    value: str
    source: str
    reviewed_on: date
    review_by: date
    verified: bool = True
    kind: str = "text"
    # What it is a value of, such as "school.secondary.closes": two facts about one thing must agree.
    about: str | None = None
    note: str | None = None

    def can_state(self, day: date) -> bool:
        """Whether the value may be told to a resident on `day` (DESIGN decision 6)."""
        return self.verified and day <= self.review_by


class Reviewed(_Strict):
    """What somebody read somewhere on a day, and must read again by another. Not used past that, nor unverified."""

    source: str
    reviewed_on: date
    review_by: date
    verified: bool = True
    note: str | None = None

    def can_state(self, day: date) -> bool:
        """Whether it may be told to anybody on `day` (DESIGN decision 6)."""
        return self.verified and day <= self.review_by


# A place on a council's housing list: cannot stay; high need with and without a contribution; too few years here.
Standing = Literal["urgent", "contributing", "high", "short"]


class Allocations(Reviewed):
    """How a council orders its housing list: data/councils/<council>/allocations.toml. `bands` are its own names."""

    years_here: int = Field(ge=0, le=30)
    bands: dict[Standing, str] = Field(min_length=4)


# Who looks for work, and whose benefits, rent or bills are the trouble.
SchemeId = Literal["jobs", "welfare"]


class Scheme(_Strict):
    """A team that people are referred to for help into work, and how long after closing they are asked about it."""

    name: str
    queue: str
    follow_up_weeks: int = Field(ge=1, le=52)


# What came of a referral, as an agent records it.
ReferralOutcome = Literal["started_work", "training", "benefit_changed", "no_change", "not_reached"]


class UnitValue(Reviewed):
    """What one such outcome is taken to save the public purse."""

    pounds: Decimal = Field(ge=0)


class Spend(_Strict):
    """What a scheme cost, for the people who were referred to it between two days, both included."""

    scheme: SchemeId
    from_: date = Field(alias="from")
    to: date
    pounds: Decimal = Field(gt=0)
    source: str


class Referrals(_Strict):
    """A council's schemes, what an outcome is worth and what was spent: data/councils/<council>/referrals.toml."""

    schemes: dict[SchemeId, Scheme]
    values: dict[ReferralOutcome, UnitValue] = {}
    spend: tuple[Spend, ...] = ()


# The figures that a target can be set for: those with one value of which more, or less, is better. Which these are is
# worked out from their definitions (metrics/figures), and a test holds this list to them.
Targeted = Literal[
    "satisfaction",
    "got_it",
    "effort",
    "taken_seriously",
    "clear_next_step",
    "response_rate",
    "still_settled",
    "first_contact_resolution",
    "avoidable_contact",
    "misroute_rate",
    "digital_takeup",
    "first_in_time",
    "settled_in_time",
    "law_in_time",
    "first_answer_median",
    "first_answer_ninety",
    "settlement_median",
    "settlement_ninety",
    "danger_median",
    "danger_ninety",
    "abandonment",
    "completion",
]


class Target(Reviewed):
    """What the council, or its contract with a partner, says that a figure should be from a day on.

    `value` is in per cent, or in minutes for a time. '' is every service, and every partner.
    """

    figure: Targeted
    value: float = Field(ge=0)
    service: str = ""
    partner: str = ""
    from_: date = Field(alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _sound(self) -> "Target":
        if self.value > 100 and not self.figure.endswith(("_median", "_ninety")):
            raise ValueError(f"{self.figure} is a share: no more than 100 per cent")
        if self.to is not None and self.to < self.from_:
            raise ValueError("it ends before it begins")
        return self

    def meets(self, other: "Target") -> bool:
        """Whether both say something of the same thing on the same day."""
        same = (self.figure, self.service, self.partner) == (other.figure, other.service, other.partner)
        return same and self.from_ <= (other.to or date.max) and other.from_ <= (self.to or date.max)


class Targets(_Strict):
    """Every target of a council: data/councils/<council>/targets.toml."""

    target: tuple[Target, ...] = ()


class Sentence(_Strict):
    """A sentence, and what to say instead when a fact in it cannot be stated."""

    text: str
    otherwise: str | None = None


class Link(_Strict):
    label: str
    source: str | None = None
    href: str | None = None

    @model_validator(mode="after")
    def one_target(self) -> "Link":
        if (self.source is None) == (self.href is None):
            raise ValueError("a link needs either a source or an href")
        return self


class Choice(_Strict):
    """A button: go to a service, do a task, or say something as if typed.

    `means` is what pressing it plainly says of who they are, in the words of sorting/vulnerable.py ("child", "older").
    """

    label: str = Field(max_length=60)
    service: str | None = None
    do: str | None = None
    say: str | None = None
    means: tuple[str, ...] = ()

    @model_validator(mode="after")
    def one_meaning(self) -> "Choice":
        if sum(x is not None for x in (self.service, self.do, self.say)) != 1:
            raise ValueError(f"choice {self.label!r} needs exactly one of service, do, say")
        return self


class Wording(_Strict):
    """Something the assistant says: sentences, where they come from, and what may come next."""

    say: tuple[Sentence, ...]
    source: str | None = None
    links: tuple[Link, ...] = ()
    next: tuple[Choice, ...] = ()
    choices: tuple[Choice, ...] = ()


class Point(Wording):
    """The answer to one exact question that residents ask first; `asks` are ways to ask it, compared by meaning."""

    asks: tuple[str, ...] = Field(min_length=3, max_length=12)


class Form(_Strict):
    """The questions and notes of one task."""

    ask: dict[str, Wording] = {}
    note: dict[str, Wording] = {}
    # Question → label, in the order that answers are read back to be checked.
    labels: dict[str, str] = {}
    # Which questions say where it is, and where to answer; both are kept in their own place on the contact.
    place: str | None = None
    reply_to: str | None = None
    # What heads a contact that the form files, when the service's name would say something else.
    heading: str | None = None
    # Which question asks whether we may share the answers; what was asked, what was said and when is kept.
    consent: str | None = None


# What residents ask next about a service that was just spoken of.
Detail = Literal["cost", "time", "documents", "eligible", "where", "how", "contact", "flats", "someone_else", "problem"]


class Service(_Strict):
    """One council service: data/services/<id>/service.toml."""

    id: str
    name: str = Field(max_length=40)
    summary: str
    lgsl: int | None = None
    queue: str
    priority: str = Field("P3", pattern="^P[0-4]$")
    answer: Wording
    details: dict[Detail, Wording] = {}
    points: dict[str, Point] = {}
    facts: dict[str, Fact] = {}
    sources: dict[str, Source] = {}
    forms: dict[str, Form] = {}
    lines: dict[str, Wording] = {}


class Everyday(_Strict):
    """What is said in any conversation: data/services/everyday/service.toml."""

    id: str
    name: str = "Everyday talk"
    summary: str = ""
    answers: dict[str, Wording]
    points: dict[str, Point] = {}
    facts: dict[str, Fact] = {}
    sources: dict[str, Source] = {}
    forms: dict[str, Form] = {}
    lines: dict[str, Wording] = {}


class Language(_Strict):
    """What somebody is told who writes in a language that we do not answer in: data/languages/<code>/texts.toml.

    `drafted` says who wrote it; `reviewed_on` is "" until a translator has checked it, and `note` is shown until then.
    """

    name: str = Field(min_length=1, max_length=40)
    english: str = Field(min_length=1, max_length=40)
    direction: Literal["ltr", "rtl"]
    drafted: Literal["machine", "translator"]
    reviewed_on: date | Literal[""]
    welcome: tuple[str, ...] = Field(min_length=2, max_length=3)
    short: str = Field(min_length=1)
    danger: str = Field(pattern=r"\b999\b")
    told: str = Field(min_length=1)
    person: str = Field(min_length=1, max_length=60)
    in_english: str = Field(min_length=1, max_length=60)
    did_you_mean: str = Field(min_length=1)
    note: str = Field(min_length=1)

    @property
    def checked(self) -> bool:
        """Whether a translator has checked these texts."""
        return self.drafted == "translator" and self.reviewed_on != ""


class LanguagesOn(_Strict):
    """The languages that a council answers in its welcome, and where it was read that they are spoken there."""

    on: tuple[str, ...]
    source: str
    verified: bool
    reviewed_on: date
    review_by: date


class Partner(_Strict):
    name: str
    kind: str
    note: str | None = None


class RunBy(_Strict):
    """Who delivers a queue's work, and from when to when."""

    profile: str
    queue: str
    partner: str
    from_: date = Field(alias="from")
    to: date | None = None
    source: str | None = None
    note: str | None = None
