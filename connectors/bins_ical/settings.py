"""What a calendar feed needs to be told."""

from pydantic import Field

from connectors.feeds import FeedSettings


class Settings(FeedSettings):
    """See connectors.feeds."""

    path: str = Field("/{uprn}.ics", description="Where a property's calendar is below the url.")
