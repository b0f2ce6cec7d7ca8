"""Bin days by iCalendar."""

from connectors.bins_ical.client import IcalCollections

__all__ = ["IcalCollections"]
