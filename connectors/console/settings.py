"""The stand-ins need nothing."""

from connectors.settings import ConnectorSettings


class Settings(ConnectorSettings):
    """No settings."""
