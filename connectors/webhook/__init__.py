"""Signed webhooks, out and in."""

from connectors.webhook.client import WebhookCasework
from connectors.webhook.inbound import WebhookInbound

__all__ = ["WebhookCasework", "WebhookInbound"]
