"""Made-up bin rounds: every property has a steady weekday."""

from datetime import date, timedelta

from connectors.shapes import Collection

STREAMS = ("black", "blue", "brown", "green")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


class ConsoleCollections:
    """Black, blue and brown bins weekly; green every second week."""

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
