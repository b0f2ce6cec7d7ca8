"""What a resident reads when whoever did the work says that it is done; data/messages/delivered.toml."""

import tomllib
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from triage.catalogue import DATA

ANY = "any"


class Outcome(BaseModel):
    """One sentence for each thing that a supplier may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    settled: str


@lru_cache
def outcomes() -> dict[str, Outcome]:
    """The sentences by service, and `any` for the rest. Raises pydantic.ValidationError when the file is wrong."""
    table: dict[str, Any] = tomllib.loads((DATA / "messages" / "delivered.toml").read_text(encoding="utf-8"))
    return {service: Outcome.model_validate(said) for service, said in table.items()}


def outcome_of(service: str | None) -> str:
    """What the resident reads when a service's case is settled."""
    return (outcomes().get(service or "") or outcomes()[ANY]).settled
