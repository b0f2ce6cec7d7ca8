"""A calendar of one property's days: refuse as an event that repeats, the others each day by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.bins_ical import IcalCollections
from connectors.bins_ical.settings import Settings
from tests.connectors.suppliers import feed
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import serve

EVENTS = [f"DTSTART;VALUE=DATE:{feed.FIRST:%Y%m%d}\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:Refuse"]
EVENTS += [
    f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nSUMMARY:{name}"
    for name, weeks in feed.NAMES.items()
    if name != "Refuse"
    for day in feed.days(weeks)
]
BODY = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
    + "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in EVENTS)
    + "END:VCALENDAR\r\n"
)


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector, and the supplier that it speaks with."""
    async with serve(feed.build(BODY, "text/calendar; charset=utf-8", "ics")) as supplier:
        settings = Settings.model_validate({**QUICK, "url": supplier.url, "streams": feed.STREAMS})
        yield Running(IcalCollections(settings), supplier, lambda: 0)
