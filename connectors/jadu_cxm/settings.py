"""What Jadu CXM needs to be told."""

from pydantic import Field, SecretStr

from connectors.settings import WebSettings
from connectors.shapes import CaseState

# Ours, and the names that one council's case type has for them (FACTS section 7, source 100).
FIELDS = {
    "text": "description",
    "reference": "external-reference",
    "latitude": "ens-latitude",
    "longitude": "ens-longitude",
    "address": "ens-street",
    "uprn": "uprn",
    "first_name": "sys-first-name",
    "last_name": "sys-last-name",
    "email": "sys-email-address",
    "phone": "sys-telephone-number",
}


class Settings(WebSettings):
    """Case types, their fields and their statuses are each council's own, so they stand in council.toml."""

    api_key: SecretStr = Field(description="The API's key.")
    username: str = Field(description="The account that makes cases.")
    password: SecretStr = Field(description="Its password.")
    case_types: dict[str, str] = Field(default_factory=dict, description="Jadu's case type for each service of ours.")
    fields: dict[str, str] = Field(default=FIELDS, description="Jadu's name for each thing that we tell.")
    filter: str = Field("", description="A filter of cases, most recently updated first, by which they are followed.")
    states: dict[str, CaseState] = Field(default_factory=dict, description="Our state for each status title of theirs.")
    token_s: float = Field(25 * 60, gt=0, description="How long a sign-in is used; Jadu ends it after 30 minutes.")
