"""Fetches a property's calendar."""

from collections.abc import Mapping
from datetime import date

from connectors.bins_ical import translate
from connectors.bins_ical.settings import Settings
from connectors.errors import NotKnown
from connectors.feeds import Feed, stream_of
from connectors.http import Http, part


class IcalCollections(Feed):
    """connectors.kinds.Collections by a calendar for each property."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._http = Http("bins_ical", settings)

    async def _days(self, uprn: str, today: date) -> Mapping[str, list[date]]:
        path = self._feed.path.replace("{uprn}", part(uprn))
        try:
            answer = await self._http.call("days", "GET", path, accept=("text/calendar",))
        except NotKnown:
            return {}
        found: dict[str, list[date]] = {}
        # RFC 5545 is UTF-8; a feed that is not must not end the whole calendar.
        for event in translate.events(answer.body.decode("utf-8", "replace")):
            if stream := stream_of(translate.title(event), self._feed.streams):
                found.setdefault(stream, []).extend(translate.days(event, today, self._zone))
        return found
