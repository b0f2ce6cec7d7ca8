"""Open311 GeoReport v2, as its client."""

from connectors.open311.client import Open311Casework

__all__ = ["Open311Casework"]
