"""What forms may look up. The web app passes in an implementation over its connectors."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from language.entities import CouncilWords


@dataclass(frozen=True, slots=True)
class AddressFound:
    """One property: its Unique Property Reference Number, its address on one line, and whether it is the council's."""

    uprn: str
    line: str
    ours: bool


@dataclass(frozen=True, slots=True)
class CollectionFound:
    """One stream's round at one property. `day` is a weekday's name; `alert` a known trouble in the street.

    `report_from` is the council's time of day before which the crew may still come; None when it is not known.
    """

    day: str
    last_date: date | None
    next_date: date | None
    alert: str | None = None
    report_from: time | None = None


@dataclass(frozen=True, slots=True)
class LibraryFound:
    """One library: its id in libraries.toml, and its name."""

    site: str
    name: str


class Lookups(Protocol):
    """Any method may raise when a supplier is away; a form then takes what the resident typed, unchecked."""

    @property
    def words(self) -> CouncilWords:
        """What this council calls its bins, areas and roads."""
        ...

    async def find_addresses(self, text: str) -> list[AddressFound]:
        """Properties that match what was typed, best first; none when nothing fits."""
        ...

    async def collection(self, uprn: str, stream: str) -> CollectionFound | None:
        """The round of one stream (black, blue, brown, green) at one property, or None when it has none."""
        ...

    async def find_library(self, text: str) -> LibraryFound | None:
        """The library that the words name, or None."""
        ...

    def now(self) -> datetime:
        """The present moment in the council's time zone."""
        ...
