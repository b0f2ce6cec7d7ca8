"""Made-up planning records: the same at the same place."""

from datetime import date

from connectors.console.settings import Settings
from connectors.shapes import PlanningApplication, PlanningConstraint


class ConsolePlanning:
    """One conservation area west of Greenwich, and one application everywhere."""

    def __init__(self, settings: Settings | None = None) -> None:
        pass

    async def constraints(self, latitude: float, longitude: float) -> list[PlanningConstraint]:
        """See connectors.kinds.Planning.constraints."""
        if longitude >= 0:
            return []
        return [PlanningConstraint("conservation-area", "Demonstration conservation area", "DEMO-CA-1")]

    async def applications(self, latitude: float, longitude: float) -> list[PlanningApplication]:
        """See connectors.kinds.Planning.applications."""
        about = "Demonstration: rear extension"
        return [PlanningApplication("DEMO/0001/HSE", about, "1 Demonstration Road", None, date(2026, 1, 5))]
