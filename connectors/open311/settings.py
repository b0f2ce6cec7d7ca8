"""What an Open311 endpoint needs to be told."""

from typing import Literal

from pydantic import Field, SecretStr

from connectors.settings import WebSettings


class Settings(WebSettings):
    """`url` is the endpoint's, without a slash at its end: what stands before /services.xml."""

    api_key: SecretStr | None = Field(None, description="The key for posting; sent with reading too.")
    jurisdiction_id: str = Field("", description="Whose requests, where one endpoint serves several councils.")
    format: Literal["xml", "json"] = Field("xml", description="XML is what every endpoint must offer.")
    services: dict[str, str] = Field(
        default_factory=dict, description="The endpoint's service_code for each of our services."
    )
    extended: bool = Field(False, description="The endpoint has FixMyStreet's servicerequestupdates and its states.")
    reference_attribute: str = Field("", description="The code of an attribute for our reference, if there is one.")
    look_first: bool = Field(
        True, description="Ask for a case under our reference before making one. Off for an endpoint that itself "
        "honours Idempotency-Key, as ours does."
    )  # fmt: skip
    listed: bool = Field(
        True, description="What we make is in the endpoint's list of requests. Off where it is not, as it may be for "
        "services of the type blackbox: then a request whose answer was lost is for a person to ask about."
    )  # fmt: skip
    token_tries: int = Field(5, ge=0, le=20, description="How often a token is asked for its request at once.")
    token_wait_s: float = Field(2.0, ge=0, le=30, description="The wait between two of those, in seconds.")
