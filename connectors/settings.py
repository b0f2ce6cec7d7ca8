"""How a connector gets its settings: council.toml for what anybody may read, the environment for what nobody may.

A setting `api_key` of the connector `govuk_notify` is GOVUK_NOTIFY_API_KEY in the environment, or the content of the
file that GOVUK_NOTIFY_API_KEY_FILE names. What is no secret may stand in council.toml's table `[connectors.<name>]`
instead; the environment wins.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from connectors.errors import WrongSettings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ConnectorSettings(BaseModel):
    """What every connector's Settings are made from. Frozen; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def secrets(cls) -> list[str]:
        """The names of the settings that may never stand in council.toml."""
        return [name for name, field in cls.model_fields.items() if "SecretStr" in str(field.annotation)]

    @classmethod
    def load(cls, name: str, table: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Self:
        """Settings of the connector `name`. Raises WrongSettings, which never says what a value was."""
        environ = os.environ if environ is None else environ
        misplaced = [field for field in cls.secrets() if field in table]
        if misplaced:
            raise WrongSettings(f"{name}: {', '.join(misplaced)} may not stand in council.toml; use the environment")
        values = dict(table)
        for field in cls.model_fields:
            variable = f"{name}_{field}".upper()
            # A variable that is set to nothing is not set: so compose hands on what the council left out.
            if environ.get(variable):
                values[field] = _table(environ[variable])
            elif environ.get(f"{variable}_FILE"):
                values[field] = _content(name, f"{variable}_FILE", environ[f"{variable}_FILE"])
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise WrongSettings(f"{name}: {wrong}") from None


def _table(text: str) -> Any:
    """What the environment says: a list or a table as JSON, anything else as it stands."""
    if text[:1] not in ("{", "["):
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _content(name: str, variable: str, path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise WrongSettings(f"{name}: the file that {variable} names cannot be read ({error.strerror})") from None


class WebSettings(ConnectorSettings):
    """For a connector that speaks HTTP. The time-outs together stay below the ten seconds that a message may take."""

    url: str = Field(description="Where the supplier's API begins. https, unless it is on this machine.")
    connect_s: float = Field(3.0, gt=0, le=60, description="Longest wait for a connection, in seconds.")
    read_s: float = Field(6.0, gt=0, le=60, description="Longest silence while an answer comes, in seconds.")
    total_s: float = Field(9.0, gt=0, le=120, description="Longest time for a whole call, in seconds.")
    most_bytes: int = Field(2_000_000, gt=0, description="Longest answer that is read, in bytes.")

    @field_validator("url")
    @classmethod
    def safe(cls, url: str) -> str:
        """Refuse to send residents' words unencrypted to another machine."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("must begin with https://")
        return url.rstrip("/")


def plain(secret: SecretStr | None) -> str:
    """A secret's value, at the moment that it is used."""
    return secret.get_secret_value() if secret else ""
