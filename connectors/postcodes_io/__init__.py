"""postcodes.io."""

from connectors.postcodes_io.client import PostcodesIoAreas

__all__ = ["PostcodesIoAreas"]
