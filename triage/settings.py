"""Every setting, read once from the environment and checked at start. A test holds each to a description."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What differs from one deployment to the next. Content that people read lives in data/, not here."""

    model_config = SettingsConfigDict(env_prefix="FRONTDOOR_", extra="ignore", populate_by_name=True)

    environment: Literal["development", "production"] = Field(
        "development",
        description="development makes its own secrets, database and demo people; production does none of that.",
    )
    council: str = Field("barnet", description="The folder of data/councils that this deployment serves.")
    home: Path = Field(
        ROOT / ".frontdoor",
        description="Where embedded PostgreSQL, trained models and first-run secrets live.",
    )
    database_url: str = Field(
        "",
        validation_alias="DATABASE_URL",
        description="PostgreSQL address (postgresql://…). Empty: the embedded server under home.",
    )
    port: int = Field(8000, validation_alias="PORT", ge=0, le=65535, description="The web port.")
    host: str = Field("127.0.0.1", description="The address the web app listens on.")
    public_url: str = Field(
        "", description="The address residents see, for links in messages. Empty: http://localhost:PORT."
    )
    rasa_url: str = Field("http://127.0.0.1:5005", description="Where Rasa answers; never reachable from outside.")
    rasa_host: str = Field("127.0.0.1", description="The address Rasa listens on; its port is that of rasa_url.")
    actions_url: str = Field(
        "", description="Where Rasa reaches the actions inside the web app. Empty: this machine's web port."
    )
    internal_token: SecretStr = Field(
        SecretStr(""), description="Shared by Rasa and the web app for turns and actions; made at first run."
    )
    signing_key: SecretStr = Field(SecretStr(""), description="Signs survey links; made at first run.")
    now: datetime | None = Field(
        None,
        description="Development only: the clock starts at this moment (ISO 8601), to try opening hours and holidays.",
    )
    clock_began: datetime | None = Field(
        None,
        description="Development only: the real moment at which FRONTDOOR_NOW was so; set by `frontdoor run`.",
    )
    engine_timeout_s: float = Field(
        3.5,
        gt=0,
        description="Longest wait for Rasa. PROMISES 6 allows 5 s in all; the rest is for our own record.",
    )
    pool_size: int = Field(10, gt=0, description="Database connections held by each process.")
    lease_s: int = Field(120, gt=0, description="A claimed contact returns to its queue after this (PROMISES 3).")
    widget_origins: str = Field(
        "", description="Other sites that may carry the widget, such as https://www.barnet.gov.uk, comma-separated."
    )
    message_limit: int = Field(4000, gt=0, description="Longest message a resident may send, in characters.")
    messages_per_minute: int = Field(30, gt=0, description="Most messages one conversation may send in a minute.")
    conversations_per_hour: int = Field(
        1000,
        gt=0,
        description="Most conversations one address may begin in an hour; a library or a phone network shares one.",
    )
    contacts_per_hour: int = Field(300, gt=0, description="Most contacts one address may leave in an hour.")
    sign_ins_per_quarter_hour: int = Field(
        10,
        gt=0,
        description="Most sign-in attempts for one account in fifteen minutes; one address may try ten times as often.",
    )
    session_hours: int = Field(10, gt=0, description="A desk session ends after this; one working day.")

    @property
    def address(self) -> str:
        """The address residents see, without a trailing slash."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def actions_address(self) -> str:
        """Where Rasa sends the actions that the web app runs."""
        return self.actions_url or f"http://127.0.0.1:{self.port}/internal/actions"


@lru_cache
def get_settings() -> Settings:
    """The process's settings. Raises pydantic.ValidationError, naming the variable, when one is wrong."""
    return Settings()
