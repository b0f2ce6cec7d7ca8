"""Made-up opening hours for the council's real sites, plainly marked as a demonstration."""

from datetime import date, time, timedelta

import holidays

from connectors.console.settings import Settings
from connectors.shapes import LibraryHours, LibrarySession, LibrarySite

# Long enough to find the next opening after Christmas.
DAYS = 14


def _staffed(opens: time, closes: time) -> LibrarySession:
    return LibrarySession(opens, closes, staffed=True)


def _self_service(opens: time, closes: time) -> LibrarySession:
    return LibrarySession(opens, closes, staffed=False)


# The brief's 9:30 opening and its self-service hours; everything else here is invented.
_FULL = (_staffed(time(9, 30), time(17)), _self_service(time(17), time(20)))
_SESSIONS = {
    1: _FULL,
    2: (_self_service(time(8), time(9, 30)), _staffed(time(9, 30), time(13))),
    3: (_staffed(time(9, 30), time(20)),),
    4: _FULL,
    5: (_staffed(time(9, 30), time(17)),),
}
WEEK = (
    "Monday closed",
    "Tuesday 9:30am to 5pm, self-service until 8pm",
    "Wednesday 9:30am to 1pm, self-service from 8am",
    "Thursday 9:30am to 8pm",
    "Friday 9:30am to 5pm, self-service until 8pm",
    "Saturday 9:30am to 5pm",
    "Sunday closed",
)


class ConsoleLibraries:
    """The same week at every site, closed on bank holidays."""

    def __init__(self, settings: Settings | None = None) -> None:
        pass

    async def sites(self) -> list[LibrarySite]:
        """See connectors.kinds.Libraries.sites."""
        return [LibrarySite("demonstration", "Demonstration library")]

    async def hours(self, site: str, today: date) -> LibraryHours | None:
        """See connectors.kinds.Libraries.hours."""
        if not site:
            return None
        coming = [today + timedelta(days=number) for number in range(DAYS)]
        closed = holidays.country_holidays("GB", subdiv="ENG", years=(coming[0].year, coming[-1].year))
        return LibraryHours(
            site=site,
            week="; ".join(WEEK),
            days=tuple((day, () if day in closed else _SESSIONS.get(day.weekday(), ())) for day in coming),
            provenance="demonstration data, not the real hours",
        )
