"""What postcodes.io needs to be told."""

from pydantic import Field

from connectors.settings import WebSettings


class Settings(WebSettings):
    """It needs no key, and may be run on a council's own machine."""

    url: str = Field("https://api.postcodes.io", description="Where its API is.")
    council: str = Field(description="Our council's GSS code, such as E09000003.")
    border: frozenset[str] = Field(
        frozenset(), description="Districts shared with a neighbour, such as EN5, whose properties need a UPRN."
    )
