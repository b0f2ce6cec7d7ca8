"""What a file drop needs to be told."""

from pathlib import Path

from pydantic import Field

from connectors.settings import ConnectorSettings


class Settings(ConnectorSettings):
    """Both folders are there already: one that we made ourselves would be read by nobody."""

    outgoing: Path = Field(description="The folder that the back office takes files from.")
    incoming: Path | None = Field(None, description="The folder that it leaves files in, if it tells us what it did.")
    most_bytes: int = Field(5_000_000, gt=0, description="Largest file that is read or attached, in bytes.")
    total_s: float = Field(9.0, gt=0, le=120, description="Longest time for one file: a folder may be on a network.")
