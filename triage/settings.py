"""Every setting, read once from the environment and checked at start. A test holds each to a description."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class GroupRole(BaseModel):
    """What being in a group of the council's provider means here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Literal["agent", "partner", "supervisor", "owner", "editor", "administrator"]
    partner: str | None = None
    queues: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.role == "partner") != bool(self.partner):
            raise ValueError("a partner is named for the role partner, and for no other")
        return self


class Settings(BaseSettings):
    """What differs from one deployment to the next. Content that people read lives in data/, not here."""

    # A variable that is set to nothing is not set: so compose hands on what the council left out.
    model_config = SettingsConfigDict(
        env_prefix="FRONTDOOR_", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    environment: Literal["development", "production"] = Field(
        "development",
        description="development makes its own secrets, database and demo people; production does none of that.",
    )
    demo_history: bool = Field(
        True, description="In development: make a year of made-up figures at the first start, to be looked at."
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
    casework: dict[str, str] = Field(
        {},
        description='Which services\' contacts go to another system, as JSON: {"missed_bin": "open311"}. '
        "Empty: as council.toml's [casework] says.",
    )
    suppliers_asked_every_s: float = Field(
        600.0, gt=0, description="How often a supplier is asked how each of our open cases stands."
    )
    rasa_url: str = Field("http://127.0.0.1:5005", description="Where Rasa answers; never reachable from outside.")
    rasa_host: str = Field("127.0.0.1", description="The address Rasa listens on; its port is that of rasa_url.")
    actions_url: str = Field(
        "", description="Where Rasa reaches the actions inside the web app. Empty: this machine's web port."
    )
    internal_token: SecretStr = Field(
        SecretStr(""), description="Shared by Rasa and the web app for turns and actions; made at first run."
    )
    signing_key: SecretStr = Field(
        SecretStr(""),
        description="Signs survey and set-up links, and seals what authenticator apps share; made at first run.",
    )
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
    database_statement_s: float = Field(
        300.0,
        ge=0,
        description="The database ends a statement of ours after this, however it hangs. 0: no such limit, as a pooler "
        "between us and the database may need it.",
    )
    database_lock_s: float = Field(
        60.0, ge=0, description="The longest wait for a row or lock that somebody else holds. 0: no limit."
    )
    database_idle_s: float = Field(
        300.0, ge=0, description="The database undoes a transaction in which nothing happens for this long. 0: never."
    )
    counted_every_s: float = Field(
        60.0, ge=0, description="A day's figures are counted again this often at most, while something happens on it."
    )
    lease_s: int = Field(120, gt=0, description="A claimed contact returns to its queue after this (PROMISES 3).")
    open311_keys: dict[str, SecretStr] = Field(
        default_factory=dict,
        description='Keys of other systems that report to us by Open311, as JSON: {"fixmystreet": "…"}.',
    )
    email_key: SecretStr = Field(
        SecretStr(""),
        description="With this key the council's mail server posts emails to /api/email. Empty: none are taken so.",
    )
    email_addresses: str = Field(
        "", description="Our own addresses, comma-separated: an email from one of them is never made a contact."
    )
    email_per_hour: int = Field(20, gt=0, description="Most emails of one sender in an hour that are made contacts.")
    imap_host: str = Field("", description="The mail server whose mailbox becomes contacts, by IMAP. Empty: none.")
    imap_port: int = Field(993, ge=1, le=65535, description="The port of that mail server.")
    imap_user: str = Field("", description="Who we are there, often the mailbox's address.")
    imap_password: SecretStr = Field(SecretStr(""), description="Our password at that mail server.")
    imap_folder: str = Field("INBOX", description="The folder that is read; what was read is marked seen.")
    imap_tls: bool = Field(True, description="Only a mail server on this same machine may be asked without TLS.")
    imap_ca: str = Field("", description="A file with the certificate that vouches for it. Empty: the system's.")
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
        description="Most sign-in attempts for one account from one address in fifteen minutes. One address may try "
        "ten times as often for several accounts, and so may several addresses for one account.",
    )
    session_hours: int = Field(10, gt=0, description="A desk session ends after this; one working day.")
    session_idle_minutes: int = Field(
        60, gt=0, description="A desk session in which a person did nothing for this long ends as well."
    )
    audit_days: int = Field(
        2 * 366,
        ge=366,
        description="Who signed in, changed or looked at what is kept for this many days, a year at least.",
    )
    second_factor_roles: str = Field(
        "",
        description="Roles that need an authenticator app beside their password, comma-separated, or none. Empty: "
        "administrator and supervisor in production, nobody in development.",
    )
    local_sign_in: bool = Field(
        True, description="Names and passwords of Frontdoor's own; with false, the council's sign-in is the only way."
    )
    openid_issuer: str = Field(
        "",
        description="The council's OpenID Connect provider, such as https://login.example.gov.uk. Empty: not used.",
    )
    openid_client_id: str = Field("", description="Frontdoor's name at the provider.")
    openid_client_secret: SecretStr = Field(
        SecretStr(""), description="Frontdoor's secret there. Empty: a public client, with PKCE alone."
    )
    openid_scopes: str = Field("openid profile email groups", description="What is asked of the provider.")
    openid_name: str = Field("your council account", description="What the button to sign in with it says.")
    openid_name_claim: str = Field(
        "sub", description="The claim that an administrator types for a person, to let them in: sub, email or another."
    )
    openid_groups_claim: str = Field("groups", description="The claim that lists somebody's groups.")
    openid_groups: dict[str, GroupRole] = Field(
        default_factory=dict,
        description='What a group means here, as JSON: {"revenues": {"role": "agent", "queues": ["Q-CTAX"]}}. '
        "The first that somebody is in counts.",
    )
    openid_create: bool = Field(
        False, description="Whether somebody we do not know is let in when one of their groups means something here."
    )

    @model_validator(mode="after")
    def _mail_is_private(self) -> Self:
        if self.imap_host and not self.imap_tls and self.imap_host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("FRONTDOOR_IMAP_TLS may only be false for a mail server on this machine")
        return self

    @property
    def second_factor_for(self) -> frozenset[str]:
        """The roles that need a second factor beside their password."""
        named = frozenset(one.strip() for one in self.second_factor_roles.split(",") if one.strip())
        if not named and self.environment == "production":
            return frozenset({"administrator", "supervisor"})
        return named - {"none"}

    @property
    def our_addresses(self) -> frozenset[str]:
        """The addresses that emails of ours come from, in small letters."""
        named = (one.strip().lower() for one in (*self.email_addresses.split(","), self.imap_user))
        return frozenset(one for one in named if one)

    @property
    def openid(self) -> bool:
        """Whether people may sign in with the council's OpenID Connect provider."""
        return bool(self.openid_issuer and self.openid_client_id)

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
