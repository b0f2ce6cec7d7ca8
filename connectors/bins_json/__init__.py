"""Bin days by JSON."""

from connectors.bins_json.client import JsonCollections

__all__ = ["JsonCollections"]
