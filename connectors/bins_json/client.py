"""Fetches a property's days."""

from collections.abc import Mapping
from datetime import date

from connectors.bins_json import translate
from connectors.bins_json.settings import Settings
from connectors.errors import NotKnown
from connectors.feeds import Feed
from connectors.http import Http, part


class JsonCollections(Feed):
    """connectors.kinds.Collections by a list of days for each property."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._http = Http("bins_json", settings)
        self._date_format = settings.date_format

    async def _days(self, uprn: str, today: date) -> Mapping[str, list[date]]:
        try:
            answer = await self._http.call("days", "GET", self._feed.path.replace("{uprn}", part(uprn)))
        except NotKnown:
            return {}
        return translate.days_of(answer.json(), self._feed.streams, self._date_format)
