"""Files in a folder, out and in."""

from connectors.file_drop.client import FileDropCasework

__all__ = ["FileDropCasework"]
