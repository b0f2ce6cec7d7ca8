"""What planning.data.gov.uk needs to be told."""

from pydantic import Field

from connectors.settings import WebSettings


class Settings(WebSettings):
    """It needs no key."""

    url: str = Field("https://www.planning.data.gov.uk", description="Where it is.")
    datasets: tuple[str, ...] = Field(
        (
            "conservation-area",
            "listed-building-outline",
            "article-4-direction-area",
            "tree-preservation-zone",
            "green-belt",
            "flood-risk-zone",
        ),
        description="What is asked for at a place.",
    )
