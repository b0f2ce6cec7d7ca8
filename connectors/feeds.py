"""What every feed of bin days has in common: its settings, and what is made of its days."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from pydantic import Field

from connectors.errors import NotOffered
from connectors.missed import missed_bin
from connectors.rounds import rounds_of
from connectors.settings import WebSettings
from connectors.shapes import Collection, MissedBin, ServiceAlert

MOST_UPRN = 12


class FeedSettings(WebSettings):
    """A feed gives a property's days at an address of its own."""

    path: str = Field(description="Where a property's days are below the url; {uprn} stands for its number.")
    streams: dict[str, str] = Field(
        default_factory=dict, description="Our stream for each of the feed's names, by words in them: refuse = 'black'."
    )
    report_from: time = Field(time(17), description="From when on its day a missed bin may be reported.")
    report_days: int = Field(2, ge=0, le=14, description="For how many working days after its day.")
    timezone: str = Field("Europe/London", description="The council's own time.")


def stream_of(name: str, streams: Mapping[str, str]) -> str | None:
    """Our stream for the feed's name, by the first words that stand in it; None for what is no bin of ours."""
    plain = " ".join(name.lower().split())
    return next((stream for words, stream in streams.items() if words.lower() in plain), None)


class Feed(ABC):
    """connectors.kinds.Collections over `_days`, which is all that a feed's own client has to know."""

    def __init__(self, settings: FeedSettings) -> None:
        self._feed = settings
        self._zone = ZoneInfo(settings.timezone)

    @abstractmethod
    async def _days(self, uprn: str, today: date) -> Mapping[str, list[date]]:
        """Each stream's days at one property; empty when there is no such property."""

    async def collection(self, uprn: str, stream: str, today: date) -> Collection | None:
        """See connectors.kinds.Collections.collection."""
        return next((one for one in await self.rounds(uprn, today) if one.stream == stream), None)

    async def rounds(self, uprn: str, today: date) -> list[Collection]:
        """See connectors.kinds.Collections.rounds."""
        if not uprn.isdecimal() or len(uprn) > MOST_UPRN:
            return []
        return rounds_of(uprn, await self._days(uprn, today), today)

    async def missed(self, uprn: str, stream: str, now: datetime) -> MissedBin:
        """See connectors.kinds.Collections.missed."""
        here = now.astimezone(self._zone)
        found = await self.collection(uprn, stream, here.date())
        if found is None:
            return MissedBin(False, "the round of this bin is not known; a person can look it up")
        return missed_bin(found.last_date, here, self._feed.report_from, self._feed.report_days)

    async def alerts(self, today: date) -> list[ServiceAlert]:
        """See connectors.kinds.Collections.alerts."""
        raise NotOffered("A feed of days says nothing of what holds them up.")
