"""Calls OS Places. The key goes in a header, where no log of an address will show it."""

from collections.abc import Mapping
from typing import Any

from connectors.errors import RequestRefused
from connectors.http import Http
from connectors.os_places import translate
from connectors.os_places.settings import Settings
from connectors.postcodes import tidy, within
from connectors.settings import plain
from connectors.shapes import Address, Area

# The most that OS gives at once. A postcode has at most about that many.
MOST = "100"


class OsPlaces:
    """The calls that both kinds make."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Http("os_places", settings)

    async def _records(self, call: str, path: str, asked: dict[str, str]) -> list[Mapping[str, Any]]:
        headers = {"key": plain(self._settings.api_key)}
        params = asked | {"dataset": "DPA", "output_srs": "EPSG:4326"}
        try:
            answer = await self._http.call(call, "GET", path, headers=headers, params=params)
        except RequestRefused:
            # OS answers 400 to a postcode or number that cannot be, however well it is formed.
            return []
        return translate.records(answer.json())

    async def _at(self, call: str, postcode: str) -> list[Mapping[str, Any]]:
        return await self._records(call, "/postcode", {"postcode": postcode, "maxresults": MOST})


class OsPlacesAddresses(OsPlaces):
    """connectors.kinds.Addresses by OS Places."""

    async def find(self, text: str) -> list[Address]:
        """See connectors.kinds.Addresses.find."""
        found = within(text)
        if found is None:
            return []
        postcode, rest = found
        return self._ours(translate.at_house(await self._at("find", postcode), rest))

    async def by_postcode(self, postcode: str) -> list[Address]:
        """See connectors.kinds.Addresses.by_postcode."""
        wanted = tidy(postcode)
        return self._ours(await self._at("by_postcode", wanted)) if wanted else []

    async def by_uprn(self, uprn: str) -> Address | None:
        """See connectors.kinds.Addresses.by_uprn."""
        if not uprn.isdecimal() or len(uprn) > 12:
            return None
        found = self._ours(await self._records("by_uprn", "/uprn", {"uprn": uprn}))
        return found[0] if found else None

    def _ours(self, rows: list[Mapping[str, Any]]) -> list[Address]:
        return [translate.address_of(row, self._settings.custodian_code) for row in rows]


class OsPlacesAreas(OsPlaces):
    """connectors.kinds.Areas by OS Places: by whose every property of the postcode is. It names no wards."""

    async def area(self, postcode: str) -> Area | None:
        """See connectors.kinds.Areas.area."""
        wanted = tidy(postcode)
        return translate.area_of(await self._at("area", wanted), self._settings.custodian_code) if wanted else None
