"""What the assistant's forms may look up: properties, bin rounds and libraries, by this council's connectors."""

import re
from datetime import datetime, time

from bot.actions.lookups import AddressFound, CollectionFound, LibraryFound
from connectors.registry import Connectors
from language.entities import CouncilWords
from triage import clock, reading
from triage.catalogue import catalogue


def _report_from() -> time | None:
    """When a missed bin may be reported on its day, as the council's fact says ("5pm", "4:30pm"), if it is in force."""
    fact = catalogue().fact("missed_bin_report_from")
    found = (
        re.fullmatch(r"(\d{1,2})(?::(\d\d))?(am|pm)", fact.value) if fact and fact.can_state(clock.today()) else None
    )
    if not found:
        return None
    return time(int(found[1]) % 12 + (12 if found[3] == "pm" else 0), int(found[2] or 0))


class CouncilLookups:
    """bot.actions.lookups.Lookups over the connectors and the catalogue."""

    def __init__(self, connectors: Connectors) -> None:
        self._connectors = connectors

    @property
    def words(self) -> CouncilWords:
        """What this council calls its bins, areas and roads."""
        return reading.council_words()

    async def find_addresses(self, text: str) -> list[AddressFound]:
        """Properties that match what the resident typed; at most 20."""
        found = await self._connectors.addresses.find(text)
        return [AddressFound(uprn=one.uprn, line=one.line, ours=one.ours) for one in found[:20]]

    async def collection(self, uprn: str, stream: str) -> CollectionFound | None:
        """The round of one stream at one property."""
        found = await self._connectors.collections.collection(uprn, stream, clock.today())
        if found is None:
            return None
        return CollectionFound(
            day=found.day,
            last_date=found.last_date,
            next_date=found.next_date,
            alert=found.alert,
            report_from=_report_from(),
        )

    async def find_library(self, text: str) -> LibraryFound | None:
        """The one site that the words name, by its name or by how people call it; the longest match wins."""
        words = " ".join(text.lower().split())
        matches = [
            (len(alias), site_id, site["name"])
            for site_id, site in catalogue().libraries.items()
            for alias in (*site["aliases"], site["name"].lower(), site_id)
            if alias in words
        ]
        if not matches:
            return None
        _, site_id, name = max(matches)
        return LibraryFound(site=site_id, name=name)

    def now(self) -> datetime:
        """The present moment in the council's time zone."""
        return clock.now().astimezone(clock.LONDON)
