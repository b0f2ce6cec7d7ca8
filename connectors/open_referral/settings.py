"""What a directory needs to be told."""

from pydantic import Field

from connectors.settings import WebSettings


class Settings(WebSettings):
    """Directories are open; none that we know of needs a key."""

    name: str = Field(description="Whose directory it is, as residents are told.")
    proximity_m: int = Field(5000, gt=0, description="How far from a postcode services may be, in metres.")
