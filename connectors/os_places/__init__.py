"""OS Places."""

from connectors.os_places.client import OsPlacesAddresses, OsPlacesAreas

__all__ = ["OsPlacesAddresses", "OsPlacesAreas"]
