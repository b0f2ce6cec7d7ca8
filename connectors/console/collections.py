"""Made-up bin rounds: every property has a steady weekday."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.console.settings import Settings
from connectors.missed import missed_bin
from connectors.shapes import Collection, MissedBin, ServiceAlert

STREAMS = ("black", "blue", "brown", "green")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


class ConsoleCollections:
    """Black, blue and brown bins weekly; green every second week."""

    def __init__(self, settings: Settings | None = None) -> None:
        pass

    async def rounds(self, uprn: str, today: date) -> list[Collection]:
        """See connectors.kinds.Collections.rounds."""
        found = [await self.collection(uprn, stream, today) for stream in STREAMS]
        return [one for one in found if one is not None]

    async def missed(self, uprn: str, stream: str, now: datetime) -> MissedBin:
        """See connectors.kinds.Collections.missed."""
        here = now.astimezone(ZoneInfo("Europe/London"))
        found = await self.collection(uprn, stream, here.date())
        if found is None:
            return MissedBin(False, "this property has no such bin in the demonstration data")
        return missed_bin(found.last_date, here, time(17), 2)

    async def alerts(self, today: date) -> list[ServiceAlert]:
        """See connectors.kinds.Collections.alerts."""
        text = "Demonstration alert: garden waste rounds are a day late this week"
        return [ServiceAlert("demonstration", text, today, today + timedelta(days=3), ("green",))]

    async def collection(self, uprn: str, stream: str, today: date) -> Collection | None:
        """See connectors.kinds.Collections.collection."""
        if stream not in STREAMS or not uprn.isdigit():
            return None
        weekday = int(uprn) % 5
        last = today - timedelta(days=(today.weekday() - weekday) % 7)
        step = timedelta(days=7)
        if stream == "green":
            step = timedelta(days=14)
            if last.isocalendar().week % 2:
                last -= timedelta(days=7)
        return Collection(
            uprn=uprn,
            stream=stream,
            day=DAYS[weekday],
            last_date=last,
            next_date=last + step,
            alert="Roadworks: the crew will come back tomorrow" if int(uprn) % 97 == 0 else None,
        )
