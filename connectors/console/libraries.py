"""Made-up opening hours for the council's real sites, plainly marked as a demonstration."""

from datetime import date

from connectors.shapes import LibraryHours

# The brief's 9:30 opening; everything else here is invented.
WEEK = {
    "Monday": "closed",
    "Tuesday": "9:30am to 5pm",
    "Wednesday": "9:30am to 1pm",
    "Thursday": "9:30am to 8pm",
    "Friday": "9:30am to 5pm",
    "Saturday": "9:30am to 5pm",
    "Sunday": "closed",
}


class ConsoleLibraries:
    """The same week at every site."""

    async def hours(self, site: str, today: date) -> LibraryHours | None:
        """See connectors.kinds.Libraries.hours."""
        if not site:
            return None
        return LibraryHours(
            site=site,
            today=WEEK[f"{today:%A}"],
            week=", ".join(f"{day} {hours}" for day, hours in WEEK.items()),
            provenance="demonstration data, not the real hours",
        )
