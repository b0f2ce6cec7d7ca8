"""Calls planning.data.gov.uk."""

from datetime import date
from typing import Any

from connectors.http import Http
from connectors.planning_data import translate
from connectors.planning_data.settings import Settings
from connectors.planning_data.translate import Entity
from connectors.shapes import PlanningApplication, PlanningConstraint

MOST = 100


class PlanningDataPlanning:
    """connectors.kinds.Planning by planning.data.gov.uk."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Http("planning_data", settings)

    async def constraints(self, latitude: float, longitude: float) -> list[PlanningConstraint]:
        """See connectors.kinds.Planning.constraints."""
        rows = await self._at("constraints", latitude, longitude, self._settings.datasets)
        found = [translate.constraint_of(row, self._settings.url) for row in rows]
        return [one for one in found if one]

    async def applications(self, latitude: float, longitude: float) -> list[PlanningApplication]:
        """See connectors.kinds.Planning.applications."""
        rows = await self._at("applications", latitude, longitude, ("planning-application",))
        found = [translate.application_of(row, self._settings.url) for row in rows]
        return sorted((one for one in found if one), key=lambda one: one.received or date.min, reverse=True)

    async def _at(self, call: str, latitude: float, longitude: float, datasets: tuple[str, ...]) -> list[Entity]:
        params: dict[str, Any] = {
            "latitude": f"{latitude:.6f}",
            "longitude": f"{longitude:.6f}",
            "dataset": list(datasets),
            "limit": str(MOST),
        }
        answer = await self._http.call(call, "GET", "/entity.json", params=params)
        return translate.entities(answer.json())[:MOST]
