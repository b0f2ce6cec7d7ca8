"""Calls postcodes.io."""

from connectors.errors import NotKnown
from connectors.http import Http, part
from connectors.postcodes import tidy
from connectors.postcodes_io import translate
from connectors.postcodes_io.settings import Settings
from connectors.shapes import Area


class PostcodesIoAreas:
    """connectors.kinds.Areas by postcodes.io."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Http("postcodes_io", settings)

    async def area(self, postcode: str) -> Area | None:
        """See connectors.kinds.Areas.area."""
        wanted = tidy(postcode)
        if wanted is None:
            return None
        try:
            answer = await self._http.call("area", "GET", f"/postcodes/{part(wanted)}")
        except NotKnown:
            return None
        return translate.area_of(answer.json(), self._settings)
