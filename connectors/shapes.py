"""The plain records that connectors speak in. No supplier's word gets past them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Address:
    """One property. `uprn` is its Unique Property Reference Number; `ours` says whether the council serves it."""

    uprn: str
    line: str
    postcode: str
    ours: bool


@dataclass(frozen=True)
class Collection:
    """When one stream is collected at one property. `day` is a weekday's English name."""

    uprn: str
    stream: str
    day: str
    last_date: date
    next_date: date
    alert: str | None = None


@dataclass(frozen=True)
class LibraryHours:
    """One library's opening hours in words, and where they come from."""

    site: str
    today: str
    week: str
    provenance: str
