"""What a webhook needs to be told."""

from pydantic import Field, SecretStr

from connectors.settings import WebSettings


class Settings(WebSettings):
    """A key is 24 to 64 random bytes in base64, after `whsec_` or not."""

    url: str = Field(description="Where cases are posted.")
    key: SecretStr = Field(description="What we sign with.")
    key_old: SecretStr | None = Field(None, description="The key before: signed with as well, until they have the new.")
    inbound_key: SecretStr | None = Field(None, description="What they sign with.")
    inbound_key_old: SecretStr | None = Field(None, description="Theirs before, while it is being changed.")
    window_s: float = Field(300, gt=0, le=3600, description="How old or early a post from them may be, in seconds.")
    most_attached: int = Field(5_000_000, gt=0, description="The largest file that is posted, in bytes.")
