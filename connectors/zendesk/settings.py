"""What Zendesk needs to be told."""

from pydantic import Field, SecretStr

from connectors.settings import WebSettings


class Settings(WebSettings):
    """`url` is the account's own, such as https://example.zendesk.com."""

    email: str = Field(description="The agent's address that the API token belongs to.")
    api_token: SecretStr = Field(description="An API token of that agent.")
    group_id: int | None = Field(None, description="The group that new tickets go to, if not the account's default.")
