"""Calls a directory that speaks Open Referral UK 3.0."""

from connectors.errors import NotKnown
from connectors.http import Http, part
from connectors.open_referral import translate
from connectors.open_referral.settings import Settings
from connectors.postcodes import tidy
from connectors.shapes import CommunityService, Directory

PER_PAGE = 20


class OpenReferralCommunityDirectory:
    """connectors.kinds.CommunityDirectory by Open Referral UK."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Http("open_referral", settings)

    async def search(self, text: str, postcode: str | None = None, page: int = 1) -> Directory:
        """See connectors.kinds.CommunityDirectory.search."""
        params = {"search": text[:200], "page": str(max(1, page)), "per_page": str(PER_PAGE)}
        if near := tidy(postcode or ""):
            params |= {"postcode": near, "proximity": str(self._settings.proximity_m)}
        answer = await self._http.call("search", "GET", "/services", params=params)
        found = translate.page_of(answer.json(), self._settings.name)
        # A directory that gives more than it was asked for is not followed.
        return Directory(found.services[:PER_PAGE], found.more)

    async def service(self, service: str) -> CommunityService | None:
        """See connectors.kinds.CommunityDirectory.service."""
        try:
            answer = await self._http.call("service", "GET", f"/services/{part(service)}")
        except NotKnown:
            return None
        return translate.service_of(answer.json(), self._settings.name)
