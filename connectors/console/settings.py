"""The stand-ins need nothing."""

from pydantic import Field

from connectors.settings import ConnectorSettings


class Settings(ConnectorSettings):
    """How fast the stand-ins live."""

    step_s: float = Field(60.0, gt=0, description="Seconds from one step of a case in the back office to the next.")
