"""Zendesk."""

from connectors.zendesk.client import ZendeskCasework

__all__ = ["ZendeskCasework"]
