"""What GOV.UK Notify needs to be told."""

from pydantic import Field, SecretStr, field_validator

from connectors.settings import WebSettings

# A key is a name, the service's id and the secret, each of the last two a UUID.
UUID_LENGTH = 36


class Settings(WebSettings):
    """Templates are made in Notify; their ids stand here."""

    url: str = Field("https://api.notifications.service.gov.uk", description="Notify's API.")
    api_key: SecretStr = Field(description="An API key of the service, as Notify shows it once.")
    email_template: str = Field("", description="Template of an email: ((subject)) as its subject, ((text)) its body.")
    sms_template: str = Field("", description="Template of a text message: ((text)).")
    letter_template: str = Field("", description="Template of a letter: ((subject)) as its heading, ((text)) its body.")
    templates: dict[str, str] = Field(
        default_factory=dict,
        description="Templates for one of our messages in place of those, such as `closed.email`.",
    )
    email_reply_to_id: str = Field("", description="Which reply-to address of the service emails carry.")
    sms_sender_id: str = Field("", description="Which sender of the service text messages carry.")
    callback_token: SecretStr | None = Field(None, description="The bearer token that receipts come with.")
    callback_token_old: SecretStr | None = Field(None, description="The token before, while it is being changed.")

    @field_validator("api_key")
    @classmethod
    def whole(cls, key: SecretStr) -> SecretStr:
        """Refuse a key that was copied in part."""
        if len(key.get_secret_value()) < 2 * UUID_LENGTH + 1:
            raise ValueError("is no whole API key")
        return key

    def service_and_secret(self) -> tuple[str, str]:
        """The two parts of the key."""
        key = self.api_key.get_secret_value()
        return key[-2 * UUID_LENGTH - 1 : -UUID_LENGTH - 1], key[-UUID_LENGTH:]
