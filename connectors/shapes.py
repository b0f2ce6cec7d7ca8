"""The plain records that connectors speak in. No supplier's word gets past them."""

from dataclasses import dataclass
from datetime import date, time


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
class LibrarySession:
    """A time in which a library is open: from `opens` to just before `closes`, as a clock on its wall shows them.

    `staffed`: nobody needs a card set up for it. A session ends on the day that it begins.
    """

    opens: time
    closes: time
    staffed: bool


@dataclass(frozen=True)
class LibraryHours:
    """One library's opening hours: the usual week in words, each coming day for certain, and where they come from.

    `days` begin with the day that was asked about and follow one another; a day without sessions is closed all day.
    Bank holidays and other closures are in it already. Sessions are in order and do not overlap.
    """

    site: str
    week: str
    days: tuple[tuple[date, tuple[LibrarySession, ...]], ...]
    provenance: str


@dataclass(frozen=True)
class Receipt:
    """A supplier has taken a message. `id` is the supplier's own name for it."""

    id: str
