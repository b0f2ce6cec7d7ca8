"""What GOV.UK Pay needs to be told."""

from pydantic import Field, SecretStr

from connectors.settings import WebSettings


class Settings(WebSettings):
    """A test account's key takes no money."""

    url: str = Field("https://publicapi.payments.service.gov.uk", description="Pay's API.")
    api_key: SecretStr = Field(description="An API key of the service.")
