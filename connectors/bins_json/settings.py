"""What a JSON feed needs to be told."""

from pydantic import Field

from connectors.feeds import FeedSettings


class Settings(FeedSettings):
    """See connectors.feeds."""

    path: str = Field("/{uprn}.json", description="Where a property's days are below the url.")
    date_format: str = Field("%d/%m/%Y", description="How its days are written.")
