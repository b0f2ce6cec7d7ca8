"""What a mail server needs to be told."""

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from connectors.messages import EMAIL
from connectors.settings import LOOPBACK, ConnectorSettings


class Settings(ConnectorSettings):
    """Mail goes encrypted, or to this machine."""

    host: str = Field(description="The mail server.")
    port: int = Field(587, ge=1, le=65535, description="Its port: 587 with starttls, 465 with tls.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How it is encrypted; none only on this machine."
    )
    username: str = Field("", description="The account that sends, if the server asks for one.")
    password: SecretStr | None = Field(None, description="Its password.")
    sender: str = Field(description="The address that emails are from.")
    sender_name: str = Field("", description="The name beside it, such as the council's.")
    reply_to: str = Field("", description="Where answers go, if not to the sender.")
    total_s: float = Field(9.0, gt=0, le=120, description="Longest time for a whole message, in seconds.")

    @model_validator(mode="after")
    def safe(self) -> Self:
        """Refuse to send residents' words unencrypted, or from what is no address."""
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError("security may be none only for a server on this machine")
        if not EMAIL.fullmatch(self.sender):
            raise ValueError("sender is no email address")
        return self
