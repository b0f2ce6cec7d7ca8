"""What OS Places needs to be told."""

from pydantic import Field, SecretStr

from connectors.settings import WebSettings


class Settings(WebSettings):
    """A key of a project on the OS Data Hub whose plan covers Places."""

    url: str = Field("https://api.os.uk/search/places/v1", description="Where its API is.")
    api_key: SecretStr = Field(description="The project's key.")
    custodian_code: int = Field(description="Our council's local custodian code, such as 5090.")
