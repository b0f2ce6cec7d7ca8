"""The demonstration's "you said, we did", from a file: it is never among what owners write and residents read."""

import tomllib
from datetime import datetime
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from triage.catalogue import DATA


class MadeUp(BaseModel):
    """One entry, in the shape of YouSaid as pages show it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    theme: str
    service: str | None = None
    said: str
    did: str
    published_at: datetime
    state: str = "published"


@lru_cache
def entries() -> tuple[MadeUp, ...]:
    """All of them, the newest first."""
    file = DATA / "samples" / "made_up_said.toml"
    found = [MadeUp.model_validate(each) for each in tomllib.loads(file.read_text(encoding="utf-8"))["entry"]]
    return tuple(sorted(found, key=lambda one: one.published_at, reverse=True))
